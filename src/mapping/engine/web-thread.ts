import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { type EngineLimits, startTimeoutMilliseconds } from './limits.js';
import { Watchdog } from './watchdog.js';
import { webWorkerSource } from './web-worker-source.js';

/** How one call of jq ended. */
export type ThreadAnswer =
  | { readonly status: 'ended' }
  /** jq ended with an exit code. */
  | { readonly status: 'refused'; readonly exitCode: number; readonly message: string }
  /** jq or its thread did not survive. */
  | FailedAnswer;

interface FailedAnswer {
  readonly status: 'failed';
  readonly failure: 'time' | 'memory' | 'answer' | 'crash';
  readonly message: string;
}

/** Hears the lines of output as they come. */
export type OnLines = (lines: readonly string[]) => void;

const messageFromWorker = z.discriminatedUnion('status', [
  // What was compiled is handed on to the next thread, and looked into by nobody here.
  z.strictObject({ status: z.literal('ready'), compiled: z.unknown() }),
  z.strictObject({ status: z.literal('lines'), lines: z.array(z.string()) }),
  z.strictObject({ status: z.literal('ended') }),
  z.strictObject({
    status: z.literal('refused'),
    exitCode: z.number().nullable(),
    message: z.string(),
  }),
]);

type WorkerMessage = z.infer<typeof messageFromWorker>;
type ThreadEvent = Exclude<WorkerMessage, { status: 'lines' }> | FailedAnswer;

/** What is awaited of the thread: lines, then the event that settles it. */
interface Awaited {
  readonly lines: OnLines;
  readonly settle: (event: ThreadEvent) => void;
}

const stackBytes = 8 * 1024 * 1024;
const mebibyte = 1024 * 1024;

/**
 * The `WebAssembly.Module` of the last thread that started. A thread that gets it takes a third of the
 * processor time to start, and runs code that V8 has optimised already. Threads share nothing by it:
 * a module is code alone, each thread has its own memory.
 */
let compiledJqWeb: unknown;

/**
 * jq-web in a worker thread: a jq that can be stopped from outside. Calls are answered one after
 * the other; after a failure the next call gets a new thread. It keeps the process alive as long as
 * something is awaited of it, and no longer.
 */
export class WebThread {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #awaited: Awaited | undefined;
  #closed = false;

  constructor(private readonly limits: EngineLimits) {}

  /**
   * Runs `program` on the JSON values of `text`.
   * @param limitMilliseconds how long it may be silent
   */
  run(
    program: string,
    text: string,
    limitMilliseconds: number,
    onLines: OnLines = () => undefined,
  ): Promise<ThreadAnswer> {
    const answer = this.#last.then(() => this.#ask(program, text, limitMilliseconds, onLines));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Fails what is under way, and whatever is asked from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    worker?.ref();
    this.#settle(failedThread('it is closed'));
    await worker?.terminate();
  }

  async #ask(
    program: string,
    text: string,
    limitMilliseconds: number,
    onLines: OnLines,
  ): Promise<ThreadAnswer> {
    if (this.#closed) return failedThread('it is closed');
    if (this.#worker === undefined) {
      this.#launch();
      const start = await this.#nextEvent(startTimeoutMilliseconds);
      if (start.status !== 'ready') return asFailure(start);
      compiledJqWeb = start.compiled;
    }
    const answer = this.#nextEvent(limitMilliseconds, onLines);
    this.#worker?.postMessage({ program, text });
    const event = await answer;
    if (event.status === 'ended') return event;
    if (event.status === 'refused' && event.exitCode !== null) {
      return { status: 'refused', exitCode: event.exitCode, message: event.message };
    }
    // After a trap this jq-web is of no more use.
    this.#discard();
    return asFailure(event);
  }

  #launch(): void {
    const worker = launch(this.limits);
    this.#worker = worker;
    const fail = (reason: string): void => {
      if (this.#worker === worker) this.#settle(failedThread(reason));
    };
    worker.on('message', (message: unknown) => {
      if (this.#worker !== worker) return;
      const event = messageFromWorker.parse(message);
      if (event.status === 'lines') this.#awaited?.lines(event.lines);
      else this.#settle(event);
    });
    worker.on('error', (error) => {
      fail(error.message);
    });
    worker.on('exit', () => {
      fail('its thread ended');
    });
  }

  #nextEvent(limitMilliseconds: number, onLines?: OnLines): Promise<ThreadEvent> {
    return new Promise((resolve) => {
      const watchdog = new Watchdog(this.limits.clock, limitMilliseconds, () => {
        const message = `took longer than ${limitMilliseconds / 1_000} s`;
        this.#settle({ status: 'failed', failure: 'time', message });
      });
      this.#awaited = {
        lines: (lines) => {
          watchdog.feed();
          onLines?.(lines);
        },
        settle: (event) => {
          watchdog.stop();
          resolve(event);
        },
      };
      this.#worker?.ref();
      watchdog.feed();
    });
  }

  #settle(event: ThreadEvent): void {
    if (event.status === 'failed') this.#discard();
    this.#worker?.unref();
    const awaited = this.#awaited;
    this.#awaited = undefined;
    awaited?.settle(event);
  }

  #discard(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function launch(limits: EngineLimits): Worker {
  return new Worker(webWorkerSource, {
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
      memoryBytes: limits.memoryBytes,
      stackBytes,
      answerBytes: limits.answerBytes,
    },
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryBytes / mebibyte, stackSizeMb: 8 },
  });
}

function asFailure(event: ThreadEvent): FailedAnswer {
  if (event.status === 'failed') return event;
  return failedThread(event.status === 'refused' ? event.message : 'it is out of step');
}

const memoryWords = /allocate memory|heap out of memory|memory limit|allocation failed/i;

function failedThread(message: string): FailedAnswer {
  const failure = memoryWords.test(message)
    ? 'memory'
    : message.includes('answer limit')
      ? 'answer'
      : 'crash';
  return { status: 'failed', failure, message: `jq-web ended: ${message}` };
}
