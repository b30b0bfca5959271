import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { type EngineLimits, startTimeoutMilliseconds } from './limits.js';
import { Watchdog } from './watchdog.js';
import { webWorkerSource } from './web-worker-source.js';

/** What became of one call of jq. */
export type ThreadAnswer =
  | { readonly status: 'output'; readonly text: string }
  /** jq ended with an exit code. */
  | { readonly status: 'refused'; readonly exitCode: number; readonly message: string }
  /** jq or its thread did not survive. */
  | FailedAnswer;

interface FailedAnswer {
  readonly status: 'failed';
  readonly failure: 'time' | 'memory' | 'crash';
  readonly message: string;
}

const messageFromWorker = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('ready') }),
  z.strictObject({ status: z.literal('output'), text: z.string() }),
  z.strictObject({
    status: z.literal('refused'),
    exitCode: z.number().nullable(),
    message: z.string(),
  }),
]);

type ThreadEvent = z.infer<typeof messageFromWorker> | FailedAnswer;

const stackBytes = 8 * 1024 * 1024;
const mebibyte = 1024 * 1024;

/**
 * jq-web in a worker thread: a jq that can be stopped from outside. Calls are answered one after
 * the other; after a failure the next call gets a new thread. It never keeps the process alive by
 * itself.
 */
export class WebThread {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Who waits for the next event of `#worker`. */
  #awaited: ((event: ThreadEvent) => void) | undefined;

  constructor(private readonly limits: EngineLimits) {}

  /**
   * Runs `program` on the JSON values of `text`, for `limitMilliseconds` at most.
   * @returns its output, a line for each value
   */
  run(program: string, text: string, limitMilliseconds: number): Promise<ThreadAnswer> {
    const answer = this.#last.then(() => this.#ask(program, text, limitMilliseconds));
    this.#last = answer;
    return answer;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    worker?.ref();
    this.#settle(failedThread('it is closed'));
    await worker?.terminate();
  }

  async #ask(program: string, text: string, limitMilliseconds: number): Promise<ThreadAnswer> {
    if (this.#worker === undefined) {
      this.#launch();
      const start = await this.#nextEvent(startTimeoutMilliseconds);
      if (start.status !== 'ready') return asFailure(start);
    }
    const answer = this.#nextEvent(limitMilliseconds);
    this.#worker?.postMessage({ program, text });
    const event = await answer;
    if (event.status === 'output') return event;
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
    const deliver = (event: ThreadEvent): void => {
      if (this.#worker === worker) this.#settle(event);
    };
    worker.on('message', (message: unknown) => {
      deliver(messageFromWorker.parse(message));
    });
    worker.on('error', (error) => {
      deliver(failedThread(error.message));
    });
    worker.on('exit', () => {
      deliver(failedThread('its thread ended'));
    });
    // Last, because a listener for messages keeps the process alive again.
    worker.unref();
  }

  #nextEvent(limitMilliseconds: number): Promise<ThreadEvent> {
    return new Promise((resolve) => {
      const watchdog = new Watchdog(this.limits.clock, limitMilliseconds, () => {
        const message = `took longer than ${limitMilliseconds / 1_000} s`;
        this.#settle({ status: 'failed', failure: 'time', message });
      });
      this.#awaited = (event) => {
        watchdog.stop();
        resolve(event);
      };
      watchdog.feed();
    });
  }

  #settle(event: ThreadEvent): void {
    if (event.status === 'failed') this.#discard();
    const awaited = this.#awaited;
    this.#awaited = undefined;
    awaited?.(event);
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
      memoryBytes: limits.memoryBytes,
      stackBytes,
    },
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryBytes / mebibyte, stackSizeMb: 8 },
  });
}

function asFailure(event: ThreadEvent): FailedAnswer {
  if (event.status === 'failed') return event;
  return failedThread(event.status === 'refused' ? event.message : 'it is out of step');
}

function failedThread(message: string): FailedAnswer {
  const isMemory = /allocate memory|heap out of memory|memory limit|allocation failed/i.test(
    message,
  );
  return {
    status: 'failed',
    failure: isMemory ? 'memory' : 'crash',
    message: `jq-web ended: ${message}`,
  };
}
