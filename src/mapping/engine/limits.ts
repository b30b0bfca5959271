import type { Clock } from '../../clock.js';

/** What one item may cost. A runaway expression fails its item and nothing else. */
export interface EngineLimits {
  readonly clock: Clock;
  /** How long jq may be silent over one item. */
  readonly itemTimeoutMilliseconds: number;
  /** Memory of one jq; held natively where the system has `ulimit -v` (Linux). */
  readonly memoryBytes: number;
  /** Length of one answer. */
  readonly answerBytes: number;
}

/** How long a jq may take to start and compile, before it counts as broken. */
export const startTimeoutMilliseconds = 30_000;

const mebibyte = 1024 * 1024;

/** The limits of a run, but for the clock. */
export const defaultLimits = {
  itemTimeoutMilliseconds: 2_000,
  memoryBytes: 1024 * mebibyte,
  answerBytes: 64 * mebibyte,
} satisfies Omit<EngineLimits, 'clock'>;
