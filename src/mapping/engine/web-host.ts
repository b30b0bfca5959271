import { z } from 'zod';
import { cleanMessage } from './compile-message.js';
import { type EngineLimits, startTimeoutMilliseconds } from './engine.js';
import type { Compilation, JqEnd, JqHost, JqListener, RunningJq } from './host.js';
import { Watchdog } from './watchdog.js';
import { type ThreadEnd, WebThread } from './web-thread.js';

/** What jq-web 0.6.2 was built from; the build itself does not tell. */
const jqWebVersion = '1.7';

/** `JQ_ERROR_COMPILE` of jq's main.c. */
const compileErrorCode = 3;

/**
 * WebAssembly gives no memory back. A jq of more is replaced as soon as it has nothing to do; a plain
 * one has 16 MiB.
 */
const keptMemoryBytes = 96 * 1024 * 1024;

const builtinList = z.array(z.string());

/**
 * Runs jq-web in a thread, which is kept for the next jq unless it had to be ended.
 * @throws Error when jq-web is not installed or does not run here
 */
export async function webHost(limits: EngineLimits): Promise<JqHost> {
  const threads = new WebThreads(limits);
  const { end, output } = await threads.runThrough('builtins', 'null\n');
  if (end.exitCode !== 0) {
    await threads.close();
    throw new Error(endOf(end).message);
  }
  return new WebHost(threads, new Set(builtinList.parse(JSON.parse(output))));
}

class WebHost implements JqHost {
  readonly description = `jq ${jqWebVersion} (jq-web)`;
  readonly version = jqWebVersion;

  constructor(
    private readonly threads: WebThreads,
    readonly builtins: ReadonlySet<string>,
  ) {}

  /** Nothing runs, because there is no input to run it on. */
  async compile(program: string): Promise<Compilation> {
    const { end } = await this.threads.runThrough(program, '');
    if (end.exitCode === 0) return { status: 'compiles' };
    return { status: 'refused', message: endOf(end).message };
  }

  launch(program: string, listener: JqListener): RunningJq {
    return this.threads.launch(program, listener);
  }

  close(): Promise<void> {
    return this.threads.close();
  }
}

/** The thread of now. */
class WebThreads {
  #thread: WebThread | undefined;

  constructor(private readonly limits: EngineLimits) {}

  launch(program: string, listener: JqListener): RunningJq {
    const thread = this.#idle();
    let isOver = false;
    const ended = thread.run(program, listener);
    void ended.then((end) => {
      // After a trap, jq-web is of no more use.
      if (end.exitCode === null) void this.#drop(thread);
      if (!isOver) listener.ended(endOf(end));
      isOver = true;
    });
    return {
      get isWritable() {
        return thread.isWritable;
      },
      get isBloated() {
        return thread.memoryBytes > keptMemoryBytes;
      },
      look: () => thread.look(),
      write: (text) => {
        thread.write(text);
      },
      hold: () => {
        thread.ref();
      },
      release: () => {
        thread.unref();
      },
      kill: async () => {
        if (!isOver) await this.#drop(thread);
        isOver = true;
      },
      stop: async () => {
        isOver = true;
        await this.#finish(thread, ended);
      },
    };
  }

  /** Runs a program on all of its input. */
  async runThrough(
    program: string,
    input: string,
  ): Promise<{ readonly end: ThreadEnd; readonly output: string }> {
    const thread = this.#idle();
    let output = '';
    thread.ref();
    const ended = thread.run(program, {
      wrote: (bytes) => {
        output += bytes.toString('utf8');
      },
      drained: () => undefined,
    });
    thread.write(input);
    const end = await this.#finish(thread, ended);
    if (end.exitCode === null) await this.#drop(thread);
    else thread.unref();
    return { end, output };
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #idle(): WebThread {
    this.#thread ??= new WebThread(this.limits.memoryBytes);
    return this.#thread;
  }

  async #drop(thread: WebThread): Promise<void> {
    if (this.#thread === thread) this.#thread = undefined;
    await thread.terminate();
  }

  /** Waits for the end of a jq that has got all of its input. */
  async #finish(thread: WebThread, ended: Promise<ThreadEnd>): Promise<ThreadEnd> {
    const { clock } = this.limits;
    const watchdog = new Watchdog(
      clock,
      startTimeoutMilliseconds,
      () => thread.look(),
      () => {
        void this.#drop(thread);
      },
    );
    watchdog.start();
    thread.endInput();
    const end = await ended;
    watchdog.stop();
    return end;
  }
}

const memoryWords = /allocate memory|heap out of memory|memory limit|allocation failed/i;

function endOf({ exitCode, message }: ThreadEnd): JqEnd {
  if (exitCode === compileErrorCode) return { cause: 'refused', message };
  if (exitCode !== null) return { cause: 'crash', message: cleanMessage(message) };
  const cause = memoryWords.test(message) ? 'memory' : 'crash';
  return { cause, message: `jq-web ended: ${message}` };
}
