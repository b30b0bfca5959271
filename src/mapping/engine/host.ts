import type { Clock } from '../../clock.js';

/** What jq says to a program without running it. `refused` holds its stderr. */
export type Compilation =
  | { readonly status: 'compiles' }
  | { readonly status: 'refused'; readonly message: string }
  | { readonly status: 'too long' };

/** Where jq runs: in a process of its own, or in a thread. */
export interface JqHost {
  /** `jq 1.7.1 (node-jq)` */
  readonly description: string;
  readonly version: string;
  /** Signatures, as jq's `builtins` lists them. */
  readonly builtins: ReadonlySet<string>;
  /** Compiles a program without running it. Called while no jq runs here. */
  compile(program: string): Promise<Compilation>;
  /** Starts a jq on a program. Called when the one before has ended or was stopped. */
  launch(program: string, listener: JqListener): RunningJq;
  close(): Promise<void>;
}

/**
 * A jq that runs one program, lines in and lines out, until it is ended. It keeps our process alive
 * between `hold` and `release`: Node.js would otherwise end, without a word and with exit code 13,
 * when nothing but an answer of jq is awaited.
 */
export interface RunningJq {
  /** Whether more should be written now; otherwise `drained` will tell. */
  readonly isWritable: boolean;
  /** Changes with everything that jq is seen to do. */
  readonly progress: number;
  /** Hands over all that jq has written so far. */
  look(): void;
  /** Whether it holds so much memory that it should be replaced when it has nothing to do. */
  readonly isBloated: boolean;
  write(text: string): void;
  hold(): void;
  release(): void;
  /** Ends it at once, whatever it does. Resolves when it is gone; the listener hears no more. */
  kill(): Promise<void>;
  /** Ends it while it waits for input, and keeps what another jq can use. */
  stop(): Promise<void>;
}

/** Hears what a jq does. */
export interface JqListener {
  /** @param output overwritten after the call */
  wrote(output: Buffer): void;
  /** More may be written. */
  drained(): void;
  /** It ended of itself, or could not be started. */
  ended(end: JqEnd): void;
}

/** How a jq ended that nobody ended. */
export interface JqEnd {
  readonly cause: 'refused' | 'too long' | 'memory' | 'crash';
  /** What there is to say; for a program that was refused, jq's stderr. */
  readonly message: string;
}

/**
 * A limit is counted in parts, not read off a clock: when this process itself was held up, one part
 * comes late, and jq still has the others to show its answer.
 */
const parts = 10;

/** Reports once when there was no progress for a whole limit. Its timer keeps the process alive. */
export class Watchdog {
  #watch: AbortController | undefined;

  /** @param progress a number that changes with each sign of life */
  constructor(
    private readonly clock: Clock,
    private readonly limitMilliseconds: number,
    private readonly progress: () => number,
    private readonly onSilence: () => void,
  ) {}

  /** Begins to watch. */
  start(): void {
    if (this.#watch !== undefined) return;
    this.#watch = new AbortController();
    void this.#run(this.#watch.signal);
  }

  /** Stops watching. */
  stop(): void {
    this.#watch?.abort();
    this.#watch = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let seen = this.progress();
    let quietParts = 0;
    while (quietParts < parts) {
      try {
        await this.clock.sleep(this.limitMilliseconds / parts, signal);
      } catch {
        return;
      }
      if (signal.aborted) return;
      const progress = this.progress();
      quietParts = progress === seen ? quietParts + 1 : 0;
      seen = progress;
    }
    this.#watch = undefined;
    this.onSilence();
  }
}
