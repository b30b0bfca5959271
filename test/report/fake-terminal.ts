import { Socket } from 'node:net';
import { clearLine, cursorTo, moveCursor, type Direction } from 'node:readline';

/** What a terminal is told to do besides showing text: cursor and line commands. */
const ESCAPE = '\u001b';
const COMMAND = new RegExp(`${ESCAPE}\\[(\\??)(\\d*)([A-Za-z])`, 'y');

/** A terminal without a device. It keeps what is written, and knows what would be seen. */
export class FakeTerminal extends Socket {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  #written = '';

  override write(chunk: Uint8Array | string): boolean {
    this.#written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  }

  /** Everything written, commands included. */
  get written(): string {
    return this.#written;
  }

  /** The lines as a person sees them, without blanks at their ends. */
  screen(): readonly string[] {
    const lines = [''];
    let [row, column] = [0, 0];
    for (let index = 0; index < this.#written.length;) {
      COMMAND.lastIndex = index;
      const command = COMMAND.exec(this.#written);
      const line = lines[row] ?? '';
      if (command !== null) {
        const [whole, , digits, letter] = command;
        const count = digits === '' ? 1 : Number(digits);
        if (letter === 'G') column = count - 1;
        if (letter === 'A') row -= count;
        if (letter === 'K') lines[row] = line.slice(0, column);
        index += whole.length;
        continue;
      }
      const character = this.#written[index] ?? '';
      if (character === '\n') {
        row += 1;
        column = 0;
        lines[row] ??= '';
      } else {
        lines[row] = line.slice(0, column).padEnd(column) + character + line.slice(column + 1);
        column += 1;
      }
      index += 1;
    }
    return lines.map((line) => line.trimEnd());
  }

  clearLine(direction: Direction, callback?: () => void): boolean {
    return clearLine(this, direction, callback);
  }

  cursorTo(x: number, y?: number | (() => void), callback?: () => void): boolean {
    return cursorTo(this, x, typeof y === 'number' ? y : undefined, callback);
  }

  moveCursor(dx: number, dy: number, callback?: () => void): boolean {
    return moveCursor(this, dx, dy, callback);
  }
}
