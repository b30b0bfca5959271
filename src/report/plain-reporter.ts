import type { ChalkInstance } from 'chalk';
import type { RunEvent } from '../model/event.js';
import type { ResourceReference } from '../model/resource.js';
import { isCountOfEntities } from '../problems/problem-log.js';
import { wordsOf } from '../problems/words.js';
import type { OutputStream } from '../runtime.js';
import { eventWords, problemMention, type LogLine } from './event-words.js';
import { isLogged, type LogLevel, ProgressPace, type Reporter, type RunEnd } from './reporter.js';
import { resultLines } from './result.js';
import { printable } from './text.js';

/** Where and how plain lines are written. */
export interface PlainOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly level: LogLevel;
  readonly colors: ChalkInstance;
  /** Whether a person sees the log and the result on one screen, the one above the other. */
  readonly isOneScreen: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Masks secrets. */
  readonly redact: (text: string) => string;
}

/** Width of a log that is no terminal. */
const LOG_WIDTH = 80;

/** Lines are no longer than a person reads with ease, and no shorter than the words need. */
const WIDTHS = { narrowest: 40, widest: 120 };

/** Columns of a result on a stream. */
export function resultWidth({ columns }: Pick<OutputStream, 'columns'>): number {
  return Math.min(Math.max(columns ?? LOG_WIDTH, WIDTHS.narrowest), WIDTHS.widest);
}

/** Lines with times, for CI: no cursor movements, no floods. */
export class PlainReporter implements Reporter {
  #resources: readonly ResourceReference[] = [];
  readonly #pace = new ProgressPace();
  readonly #shownProblems = new Set<string>();

  constructor(private readonly options: PlainOptions) {}

  readonly listen = (event: RunEvent): void => {
    if (event.type === 'run-started') this.#resources = event.resources;
    if (!this.#isDue(event)) return;
    const line = this.#lineFor(event);
    if (line === null || !isLogged(line.level, this.options.level)) return;
    const { stderr, now } = this.options;
    const time = new Date(now()).toISOString().slice(11, 19);
    stderr.write(`${time} ${line.level.padEnd(7)} ${this.#clean(line.text)}\n`);
  };

  finish(end: RunEnd): void {
    const { stdout, colors } = this.options;
    const lines = resultLines(end, { width: resultWidth(stdout), colors, clean: this.#clean });
    // The empty line sets the result apart from the log, which is empty where little is told.
    const isApart = isLogged('info', this.options.level);
    stdout.write(`${lines.slice(isApart ? 0 : 1).join('\n')}\n`);
  }

  stop(): void {
    // Nothing is live: each line stands on its own.
  }

  /** Masks before anything else: what is escaped or broken into lines is no longer recognised. */
  readonly #clean = (text: string): string => printable(this.options.redact(text));

  #lineFor(event: RunEvent): LogLine | null {
    if (event.type === 'problem' && this.options.isOneScreen) {
      return problemMention(event.problem, this.#resources);
    }
    const line = eventWords(event, this.#resources);
    // More of the same may follow, which only the end counts.
    const isPart = event.type === 'problem' && isCountOfEntities(event.problem);
    return line !== null && isPart
      ? { ...line, text: `${line.text} (total in the summary)` }
      : line;
  }

  /**
   * Progress now and then; of problems, the first failure of a sort, in case the log ends before the
   * run does. The end tells all of them.
   */
  #isDue(event: RunEvent): boolean {
    if (event.type === 'problem') {
      const { code } = event.problem;
      if (wordsOf(event.problem).severity !== 'failure' || this.#shownProblems.has(code)) {
        return false;
      }
      this.#shownProblems.add(code);
      return true;
    }
    return this.#pace.isDue(event);
  }
}
