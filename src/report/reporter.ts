import type { EventListener, RunEvent } from '../model/event.js';
import type { RunSummary } from '../model/summary.js';
import type { ExitCode } from '../problems/exit-code.js';
import type { ProblemGroup } from '../problems/problem-log.js';

/** How a run ended. */
export interface RunEnd {
  /** Null when the run could not begin. */
  readonly summary: RunSummary | null;
  readonly problems: readonly ProblemGroup[];
  readonly exitCode: ExitCode;
}

/** Shows a run to somebody: progress and log on stderr, the result on stdout. */
export interface Reporter {
  readonly listen: EventListener;
  /** Called once, whatever happened before. */
  finish(end: RunEnd): void;
  /** Takes down what is live, for a command that shows a result of its own instead of `finish`. */
  stop(): void;
}

/** How much is logged, the most first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;

/** A member of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a line of the given weight is shown at the level. */
export function isLogged(weight: LogLevel, level: LogLevel): boolean {
  return LOG_LEVELS.indexOf(weight) >= LOG_LEVELS.indexOf(level);
}

/** A resource shows its progress no more often than this: a log is read as a whole. */
const INTERVAL_MILLISECONDS = 10_000;

/** Keeps the progress of a run from flooding a log. */
export class ProgressPace {
  readonly #shownAt = new Map<number, number>();

  /** Whether to show it: progress now and then, counted from where its resource began; all else. */
  isDue(event: RunEvent): boolean {
    if (event.type === 'resource-started') this.#shownAt.set(event.resource.index, event.at);
    if (event.type !== 'resource-progressed') return true;
    const shownAt = this.#shownAt.get(event.resource.index) ?? 0;
    if (event.at - shownAt < INTERVAL_MILLISECONDS) return false;
    this.#shownAt.set(event.resource.index, event.at);
    return true;
  }
}
