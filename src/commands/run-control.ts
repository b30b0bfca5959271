import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.js';
import { SIGNAL_EXIT_CODES } from '../model/signal.js';
import type { Problem } from '../problems/problem.js';
import type { Runtime } from '../runtime.js';

/** What can stop a run from outside: a signal, or its own time limit. */
export interface RunControl {
  /** Aborted at the first stop: nothing new is begun. */
  readonly reading: AbortSignal;
  /** Aborted some seconds later: what is still under way is given up. */
  readonly writing: AbortSignal;
  /** Milliseconds since the epoch; null without a limit. */
  readonly deadline: number | null;
  /** Stops watching. */
  readonly release: () => void;
}

/**
 * CI systems kill ten seconds after they ask. What is under way has so long to end, which leaves one
 * more second, of the six that a stop may take, for the end of the run.
 */
const GRACE_MILLISECONDS = 5_000;

/** Watches signals, time, and bugs that nobody could catch. The problem of a stop is reported once. */
export function controlRun(
  {
    clock,
    onSignal,
    onBug = () => () => undefined,
    exitNow,
  }: Pick<Runtime, 'clock' | 'onSignal' | 'onBug' | 'exitNow'>,
  limitMilliseconds: number | null,
  report: (problem: Problem) => void,
): RunControl {
  const reading = new AbortController();
  const writing = new AbortController();
  const watching = new AbortController();
  const received = new Set<string>();
  // Every request under way listens; Node.js would take more than ten for a leak.
  setMaxListeners(0, reading.signal, writing.signal);

  const stop = (problem: Problem): void => {
    if (reading.signal.aborted) return;
    report(problem);
    reading.abort(new Error(problem.code));
    afterwards(clock, GRACE_MILLISECONDS, watching.signal, () => {
      writing.abort(new Error(problem.code));
    });
  };
  const forgetBugs = onBug((error) => {
    stop(bugOf(error));
  });
  const forget = onSignal((signal) => {
    if (received.has(signal)) exitNow(SIGNAL_EXIT_CODES[signal]);
    received.add(signal);
    stop({ code: 'interrupted', signal });
  });
  if (limitMilliseconds !== null) {
    afterwards(clock, limitMilliseconds, watching.signal, () => {
      stop({ code: 'timed-out', limitMilliseconds });
    });
  }
  return {
    reading: reading.signal,
    writing: writing.signal,
    deadline: limitMilliseconds === null ? null : clock.now() + limitMilliseconds,
    release: () => {
      forget();
      forgetBugs();
      watching.abort(new Error('the run is over'));
    },
  };
}

function afterwards(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  action: () => void,
): void {
  clock.sleep(milliseconds, signal).then(action, () => undefined);
}

/** What was thrown that is no problem: a bug of ours. */
export function bugOf(error: unknown): Problem {
  return {
    code: 'internal-error',
    message: error instanceof Error ? error.message : String(error),
  };
}
