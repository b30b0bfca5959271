import { SIGNAL_EXIT_CODES, type StopSignal } from '../../model/signal.js';
import { timeLimit } from '../phrases.js';
import { incomplete, warning, type WordsFor } from '../severity.js';

/** What ends a run, or comes to light after it. */
export interface RunProblems {
  /** The run was stopped from outside. */
  interrupted: { readonly signal: StopSignal };
  /** `--timeout` ran out. */
  'timed-out': { readonly limitMilliseconds: number };
  /** A report or summary of the run that could not be written where it was wanted. */
  'report-not-written': {
    readonly file: string;
    readonly reason: string;
    /** Whether the disk takes no more. */
    readonly isFull: boolean;
  };
  /** The result on standard output was lost: a full disk, not a reader that went away. */
  'result-not-written': { readonly reason: string };
  /** Our own bug. */
  'internal-error': { readonly message: string };
}

/** Each of them in words. */
export const runWords: WordsFor<RunProblems> = {
  interrupted: ({ signal }) => ({
    severity: 'failure',
    exitCode: SIGNAL_EXIT_CODES[signal],
    message: `stopped by ${signal}; nothing new was started after it`,
    hint: 'Run again; what was loaded stays in Port',
  }),
  'timed-out': ({ limitMilliseconds }) =>
    incomplete(
      `the time limit of ${timeLimit(limitMilliseconds)} ran out; nothing new was started after it`,
      `Raise --timeout${limitMilliseconds < 120_000 ? ' (a bare number is seconds: write 25m for minutes)' : ''}, or narrow the selectors of the mapping`,
    ),
  'report-not-written': ({ file, reason, isFull }) =>
    isFull
      ? incomplete(
          `${file} could not be written: ${reason}`,
          'Free some space on its disk, and run again; what was loaded and deleted stays so',
        )
      : warning(
          `${file} could not be written: ${reason}`,
          'Name a file that this user may write; nothing else depends on it',
        ),
  'result-not-written': ({ reason }) =>
    incomplete(
      `the result could not be written to stdout: ${reason}`,
      'Free some space where stdout goes, and run again',
    ),
  'internal-error': ({ message }) => ({
    severity: 'failure',
    exitCode: 1,
    message: `this is a bug in bitbucket-port: ${message}`,
    hint: 'Please report it with the output of --log-level debug, which holds no secrets',
  }),
};
