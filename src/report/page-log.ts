import type { RunEvent } from '../model/event.js';
import type { ResourceReference } from '../model/resource.js';
import { groupKey } from '../problems/problem-log.js';
import { eventWords, type LogLine } from './event-words.js';
import { ProgressPace } from './reporter.js';
import { grouped, printable } from './text.js';

/** A line for somebody who reads it elsewhere. */
export interface KeptLine {
  readonly level: 'INFO' | 'WARNING' | 'ERROR';
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Lines of one run: what is more is counted. */
const MOST_LINES = 1_000;
/** Characters of a line: so many lines fit into a request of Port's 1 MiB, whatever their bytes. */
const LONGEST_LINE = 1_000;
/** Lines that are handed over at a time. */
const BATCH = 200;

const LEVELS = { info: 'INFO', warning: 'WARNING', error: 'ERROR' } as const;

/**
 * Keeps the log of a run for a reader elsewhere, from `info` on: bounded, each sort of problem once,
 * secrets masked.
 */
export class PageLog {
  #resources: readonly ResourceReference[] = [];
  readonly #pace = new ProgressPace();
  readonly #problems = new Set<string>();
  #waiting: KeptLine[] = [];
  #kept = 0;
  #left = 0;

  constructor(
    private readonly redact: (text: string) => string,
    private readonly now: () => number,
  ) {}

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'run-started') this.#resources = event.resources;
    if (!this.#pace.isDue(event)) return;
    if (event.type === 'problem') {
      const key = groupKey(event.problem);
      if (this.#problems.has(key)) return;
      this.#problems.add(key);
    }
    const line = eventWords(event, this.#resources);
    if (line !== null) this.add(line);
  };

  add({ level, text }: LogLine): void {
    if (level === 'debug') return;
    if (this.#kept === MOST_LINES) {
      this.#left += 1;
      return;
    }
    this.#kept += 1;
    // Masked before it is cut: half a secret would not be recognised.
    const message = printable(this.redact(text)).slice(0, LONGEST_LINE);
    this.#waiting.push({ level: LEVELS[level], message, at: this.now() });
  }

  /** Whether there is a batch of them. */
  get isFull(): boolean {
    return this.#waiting.length >= BATCH;
  }

  /** The oldest that were not taken yet, a batch of them at most. */
  take(): readonly KeptLine[] {
    return this.#waiting.splice(0, BATCH);
  }

  /** The last lines: one says how many were left out. */
  takeLast(last: LogLine): readonly KeptLine[] {
    if (this.#left > 0) {
      const text = `${grouped(this.#left)} more lines were left out`;
      this.#waiting.push({ level: 'WARNING', message: text, at: this.now() });
    }
    this.#kept = 0;
    this.add(last);
    return this.take();
  }
}
