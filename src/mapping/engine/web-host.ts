import type { Clock } from '../../clock.js';
import { cleanMessage } from './protocol.js';
import { type EngineLimits, startTimeoutMilliseconds } from './engine.js';
import {
  type Compilation,
  type JqEnd,
  type JqHost,
  type JqListener,
  type RunningJq,
  Watchdog,
} from './host.js';
import { type ThreadEnd, type ThreadListener, WebThread } from './web-thread.js';

/** What jq-web 0.6.2 was built from; the build itself does not tell. */
const jqWebVersion = '1.7';

/** `JQ_ERROR_COMPILE` of jq's main.c. */
const compileErrorCode = 3;

/**
 * WebAssembly gives no memory back. A jq of more is replaced as soon as it has nothing to do; a plain
 * one has 16 MiB.
 */
const keptMemoryBytes = 96 * 1024 * 1024;

/**
 * What it has of the builtins that the prelude knows. To ask it for them would make up a third of what
 * it takes to start.
 */
const builtins: ReadonlySet<string> = new Set(['abs/0', 'pick/1', 'scan/2']);

/**
 * Runs jq-web in a thread, which is kept for the next jq unless it had to be ended.
 * @throws Error when jq-web is not installed or does not run here
 */
export async function webHost(limits: EngineLimits): Promise<JqHost> {
  const thread = new WebThread(limits.memoryBytes);
  const end = await thread.ready;
  if (end !== null) throw new Error(endOf(end).message);
  thread.unref();
  return new WebHost(thread, limits);
}

class WebHost implements JqHost {
  readonly description = `jq ${jqWebVersion} (jq-web)`;
  readonly version = jqWebVersion;
  readonly builtins = builtins;

  constructor(
    private thread: WebThread,
    private readonly limits: EngineLimits,
  ) {}

  /** Nothing runs, because there is no input to run it on. */
  async compile(program: string): Promise<Compilation> {
    const jq = this.#run(program, { wrote: () => undefined, drained: () => undefined });
    jq.hold();
    const end = await jq.finish();
    jq.release();
    if (end.exitCode === 0) return { status: 'compiles' };
    return { status: 'refused', message: endOf(end).message };
  }

  launch(program: string, listener: JqListener): RunningJq {
    const jq = this.#run(program, listener);
    void jq.ended.then((end) => {
      const isUnasked = !jq.isOver;
      jq.isOver = true;
      if (isUnasked) listener.ended(endOf(end));
    });
    return jq;
  }

  close(): Promise<void> {
    return this.thread.terminate();
  }

  #run(program: string, listener: ThreadListener): WebJq {
    if (this.thread.isDead) this.thread = new WebThread(this.limits.memoryBytes);
    return new WebJq(this.thread, this.thread.run(program, listener), this.limits.clock);
  }
}

class WebJq implements RunningJq {
  /** Whether it ended, or our side is ending it. */
  isOver = false;

  constructor(
    private readonly thread: WebThread,
    readonly ended: Promise<ThreadEnd>,
    private readonly clock: Clock,
  ) {}

  get isWritable(): boolean {
    return this.thread.isWritable;
  }

  get isBloated(): boolean {
    return this.thread.memoryBytes > keptMemoryBytes;
  }

  get progress(): number {
    return this.thread.progress;
  }

  look(): void {
    this.thread.look();
  }

  write(text: string): void {
    this.thread.write(text);
  }

  hold(): void {
    this.thread.ref();
  }

  release(): void {
    this.thread.unref();
  }

  async kill(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    await this.thread.terminate();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.finish();
  }

  /** Lets it come to the end of its input, but not for ever. */
  async finish(): Promise<ThreadEnd> {
    const progress = (): number => this.thread.progress;
    const watchdog = new Watchdog(this.clock, startTimeoutMilliseconds, progress, () => {
      void this.thread.terminate();
    });
    watchdog.start();
    this.thread.endInput();
    const end = await this.ended;
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
