import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { JqListener } from './host.js';
import { ringBytes, slots, webWorkerSource } from './web-worker-source.js';

/** How jq ended. */
export interface ThreadEnd {
  /** Null when jq or its thread did not survive. */
  readonly exitCode: number | null;
  /** What jq wrote to stderr, and what ended it. */
  readonly message: string;
}

const messageFromWorker = z.union([
  z.null(),
  // What was compiled is handed on to the next thread, and looked into by nobody here.
  z.strictObject({ compiled: z.unknown() }),
  z.strictObject({ exitCode: z.number().nullable(), message: z.string() }),
]);

const mebibyte = 1024 * 1024;
const stackBytes = 8 * mebibyte;

/** How much jq reads before it looks whether our side has anything to do. */
const wakeBytes = 64 * 1024;

/**
 * The `WebAssembly.Module` of the last thread that started. A thread that gets it takes a third of the
 * processor time to start, and runs what V8 has optimised by then. Threads share nothing by it:
 * a module is code alone, each thread has its own memory.
 */
let compiledJqWeb: unknown;

/** What a jq is heard by while it runs. */
export type ThreadListener = Pick<JqListener, 'wrote' | 'drained'>;

/**
 * jq-web in a worker thread: a jq that can be stopped from outside. It runs one program at a time, and
 * its input and output go through shared memory, see `webWorkerSource`.
 */
export class WebThread {
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(slots).length));
  readonly #input = Buffer.from(new SharedArrayBuffer(ringBytes));
  readonly #output = Buffer.from(new SharedArrayBuffer(ringBytes));
  readonly #worker: Worker;
  /** Null when jq-web has started. */
  readonly ready: Promise<ThreadEnd | null>;
  #unwritten: Buffer[] = [];
  #listener: ThreadListener | undefined;
  #started: (end: ThreadEnd | null) => void = () => undefined;
  #end: (end: ThreadEnd) => void = () => undefined;
  #isDead = false;

  constructor(memoryBytes: number) {
    this.#worker = new Worker(webWorkerSource, {
      eval: true,
      env: {},
      argv: [],
      execArgv: [],
      // Kept from our own output. Nobody reads them: a stream that is read keeps the process alive.
      stdout: true,
      stderr: true,
      workerData: {
        jqWeb: createRequire(import.meta.url).resolve('jq-web'),
        compiled: compiledJqWeb,
        memoryBytes,
        stackBytes,
        slots,
        wakeBytes,
        shared: this.#shared,
        input: this.#input,
        output: this.#output,
      },
      resourceLimits: {
        maxOldGenerationSizeMb: memoryBytes / mebibyte,
        stackSizeMb: stackBytes / mebibyte,
      },
    });
    this.ready = new Promise((resolve) => {
      this.#started = resolve;
    });
    this.#listen();
  }

  /** Whether it can run no other program. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether all that was written is where jq can read it. */
  get isWritable(): boolean {
    return this.#unwritten.length === 0;
  }

  /** Changes whenever jq reads or writes. */
  get progress(): number {
    return this.#load('inputRead') + this.#load('outputWritten');
  }

  /** Memory of jq. */
  get memoryBytes(): number {
    return this.#load('memory');
  }

  /** Runs a program, as the only one. Resolves with its end. */
  run(program: string, listener: ThreadListener): Promise<ThreadEnd> {
    // What the one before has not read is no input of this one.
    this.#unwritten = [];
    this.#store('inputRead', this.#load('inputWritten'));
    this.#store('isInputOver', 0);
    this.#listener = listener;
    this.#worker.postMessage({ program });
    return new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  write(text: string): void {
    if (text !== '') this.#unwritten.push(Buffer.from(text));
    this.#fill();
  }

  /** Nothing more will be written. */
  endInput(): void {
    this.#store('isInputOver', 1);
    this.#signal();
  }

  ref(): void {
    this.#worker.ref();
  }

  unref(): void {
    this.#worker.unref();
  }

  /** Ends the thread, whatever it does. */
  async terminate(): Promise<void> {
    this.#isDead = true;
    this.#listener = undefined;
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #listen(): void {
    this.#worker.on('message', (message: unknown) => {
      if (message === null) this.#woken();
      else this.#told(messageFromWorker.parse(message));
    });
    this.#worker.on('error', (error) => {
      this.#over({ exitCode: null, message: error.message });
    });
    this.#worker.on('exit', () => {
      this.#over({ exitCode: null, message: 'its thread ended' });
    });
  }

  #told(message: z.infer<typeof messageFromWorker>): void {
    if (message === null) return;
    if ('compiled' in message) {
      compiledJqWeb = message.compiled;
      this.#started(null);
    } else this.#over(message);
  }

  #woken(): void {
    this.#store('isWakeSent', 0);
    this.look();
    this.#fill();
    if (this.isWritable) this.#listener?.drained();
  }

  #over(end: ThreadEnd): void {
    this.look();
    this.#listener = undefined;
    // After a trap, jq-web is of no more use.
    if (end.exitCode === null) void this.terminate();
    this.#started(end);
    this.#end(end);
  }

  /** Hands over what jq has written. */
  look(): void {
    const end = this.#load('outputWritten');
    let at = this.#load('outputRead');
    if (at === end) return;
    while (at !== end) {
      const position = at & (ringBytes - 1);
      const length = Math.min((end - at) | 0, ringBytes - position);
      this.#listener?.wrote(this.#output.subarray(position, position + length));
      at = (at + length) | 0;
      this.#store('outputRead', at);
    }
    this.#signal();
  }

  /** Writes as much as there is room for. */
  #fill(): void {
    let isChanged = false;
    for (let [bytes] = this.#unwritten; bytes !== undefined; [bytes] = this.#unwritten) {
      const at = this.#load('inputWritten');
      const position = at & (ringBytes - 1);
      const room = ringBytes - ((at - this.#load('inputRead')) | 0);
      const length = Math.min(bytes.length, room, ringBytes - position);
      if (length === 0) break;
      bytes.copy(this.#input, position, 0, length);
      this.#store('inputWritten', (at + length) | 0);
      isChanged = true;
      if (length === bytes.length) this.#unwritten.shift();
      else this.#unwritten[0] = bytes.subarray(length);
    }
    if (isChanged) this.#signal();
  }

  #load(slot: keyof typeof slots): number {
    return Atomics.load(this.#shared, slots[slot]);
  }

  #store(slot: keyof typeof slots, value: number): void {
    Atomics.store(this.#shared, slots[slot], value);
  }

  /**
   * Lets jq look again, if it waits. Only after a change: jq that finds none wakes our side, and the two
   * would wake each other for as long as there is nothing to do.
   */
  #signal(): void {
    Atomics.add(this.#shared, slots.signal, 1);
    Atomics.notify(this.#shared, slots.signal);
  }
}
