import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { CommandLine } from './command-line.js';
import { cleanMessage } from './compile-message.js';
import { JqCompileError } from './engine.js';
import { type EngineLimits, startTimeoutMilliseconds } from './limits.js';
import { LineReader } from './line-reader.js';
import { readyAnswer, readyQuestion } from './protocol.js';
import { Watchdog } from './watchdog.js';

/** Why a process ended on its own. */
export interface ProcessEnd {
  readonly failure: 'memory' | 'crash';
  readonly message: string;
}

/** Who is told what the process does once it is ready. */
export interface ProcessListener {
  answered(lines: readonly string[]): void;
  /** A line grew beyond `answerBytes`. */
  overflowed(): void;
  /** More may be written. */
  drained(): void;
  ended(end: ProcessEnd): void;
}

/** `JQ_ERROR_COMPILE` of jq's main.c. */
const compileErrorCode = 3;
const stderrCharacters = 4_000;

/**
 * One jq that runs one program, a line in, a line out. It keeps our process alive while it starts and
 * between `hold` and `release`: Node.js would otherwise end, without a word and with exit code 13,
 * when nothing but an answer of jq is awaited.
 */
export class NativeProcess {
  /** Rejects with JqCompileError when jq refuses the program, else with why there is no jq. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  readonly #lines = new LineReader();
  readonly #startWatch: Watchdog;
  #stderr = '';
  #state: 'starting' | 'ready' | 'over' = 'starting';
  #started: { resolve: () => void; reject: (reason: Error) => void } | undefined;

  /** @throws when the system refuses the arguments, see `isTooLong` */
  constructor(
    command: CommandLine,
    private readonly limits: EngineLimits,
    private readonly listener: ProcessListener,
  ) {
    this.#child = spawn(command.file, [...command.arguments], { env: {}, windowsHide: true });
    this.#gone = new Promise((resolve) => {
      const settle = (): void => {
        resolve();
      };
      this.#child.once('exit', settle).once('error', settle);
    });
    this.ready = new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
    });
    this.#startWatch = new Watchdog(limits.clock, startTimeoutMilliseconds, () => {
      this.#fail(new Error('jq did not start in time'));
      this.kill();
    });
    this.#listen();
    this.#startWatch.feed();
    this.#child.stdin.write(`${readyQuestion}\n`);
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether more may be written now; otherwise `drained` will tell. */
  get isWritable(): boolean {
    return this.isReady && !this.#child.stdin.writableNeedDrain;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** An answer is awaited: our process must not end before it. */
  hold(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  /** Nothing is awaited. */
  release(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  /** Ends the process; the listener hears no more of it. */
  kill(): void {
    this.#state = 'over';
    this.#startWatch.stop();
    this.#child.kill('SIGKILL');
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.hold();
    this.kill();
    await this.#gone;
  }

  #handles(): readonly { ref(): unknown; unref(): unknown }[] {
    const { stdin, stdout, stderr } = this.#child;
    const sockets = [stdin, stdout, stderr].filter((stream) => stream instanceof Socket);
    return [this.#child, ...sockets];
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    // A jq that is gone says so through 'close'.
    stdin.on('error', () => undefined);
    stdin.on('drain', () => {
      if (this.isReady) this.listener.drained();
    });
    stdout.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharacters);
    });
    this.#child.on('error', (error) => {
      this.#fail(error);
    });
    this.#child.on('close', (code, signal) => {
      this.#end(code, signal);
    });
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'over') return;
    let lines = this.#lines.push(chunk);
    if (this.#state === 'starting' && lines.length > 0) {
      if (lines[0]?.trimEnd() !== readyAnswer) {
        this.#fail(new Error('this jq does not answer as jq does'));
        this.kill();
        return;
      }
      lines = lines.slice(1);
      this.#state = 'ready';
      this.#startWatch.stop();
      this.release();
      this.#started?.resolve();
    }
    if (lines.length > 0) this.listener.answered(lines);
    if (this.#lines.pendingBytes > this.limits.answerBytes) this.listener.overflowed();
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    this.#startWatch.stop();
    if (this.#state === 'over') return;
    const said = cleanMessage(this.#stderr);
    const how = signal ?? `exit code ${code ?? 'unknown'}`;
    const message = `jq ended with ${how}${said === '' ? '' : `: ${said}`}`;
    if (this.#state === 'starting') {
      this.#fail(code === compileErrorCode ? new JqCompileError(said) : new Error(message));
      return;
    }
    this.#state = 'over';
    // The kernel kills with SIGKILL when the machine has no memory left.
    const isMemory = signal === 'SIGKILL' || said.includes('cannot allocate memory');
    this.listener.ended({ failure: isMemory ? 'memory' : 'crash', message });
  }

  #fail(reason: Error): void {
    if (this.#state !== 'starting') return;
    this.#state = 'over';
    this.#startWatch.stop();
    this.#started?.reject(reason);
  }
}
