const lineFeed = 10;

/** Cuts a stream of bytes into lines. A line is decoded once it is whole, so no character is cut. */
export class LineReader {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** How much of a line has arrived without its end. */
  get pendingBytes(): number {
    return this.#restBytes;
  }

  /**
   * Takes the next bytes; answers the lines that are whole with them.
   * @param chunk not looked at after the call
   */
  push(chunk: Buffer): readonly string[] {
    const end = chunk.lastIndexOf(lineFeed);
    if (end === -1) {
      this.#keep(chunk);
      return [];
    }
    const whole = Buffer.concat([...this.#rest, chunk.subarray(0, end)]).toString('utf8');
    this.#rest = [];
    this.#restBytes = 0;
    this.#keep(chunk.subarray(end + 1));
    return whole.split('\n');
  }

  #keep(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#rest.push(Buffer.from(chunk));
    this.#restBytes += chunk.length;
  }
}
