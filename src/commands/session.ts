import { HttpError, STOPPED_REASON } from '../http/http-error.js';
import { createRedactor, type Redactor } from '../http/redact.js';
import { withLocations } from '../mapping/locate-expression.js';
import type { EventListener } from '../model/event.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import { ProblemLog } from '../problems/problem-log.js';
import { chooseReporter } from '../report/choose-reporter.js';
import type { Reporter } from '../report/reporter.js';
import type { Runtime } from '../runtime.js';
import { asSpelled, setInWords, type ShownSetting } from '../settings/shown-settings.js';
import type { OutputSettings, ResolvedSettings, Settings } from '../settings/settings.js';
import { bugOf, controlRun, type RunControl } from './run-control.js';

/** A command under way: its log, its problems, and what can stop it. */
export interface Session {
  readonly runtime: Runtime;
  readonly settings: Settings;
  /** Milliseconds since the epoch: what its time limit and its duration are counted from. */
  readonly startedAt: number;
  readonly redact: Redactor;
  readonly emit: EventListener;
  readonly log: ProblemLog;
  readonly control: RunControl;
  readonly reporter: Reporter;
}

/** Where a command tells what it meets. */
export type SessionLog = Pick<Session, 'redact' | 'emit' | 'log' | 'reporter'>;

/** What a log depends on. */
export interface LogOptions {
  readonly output: OutputSettings;
  /** To be masked. */
  readonly secrets: readonly string[];
  readonly notices: readonly string[];
  readonly warnings: readonly Problem[];
  /** What is shown at debug level of where settings come from. */
  readonly shown: readonly ShownSetting[];
}

/** Begins a log with what there is to tell of the settings. */
export async function openLog(runtime: Runtime, options: LogOptions): Promise<SessionLog> {
  const { output, secrets, notices, warnings, shown } = options;
  const { stdout, stderr, isOneFile = false, clock, env, cwd } = runtime;
  const redact = createRedactor(secrets);
  const log = new ProblemLog();
  const reporter = await chooseReporter({
    stdout,
    stderr,
    isOneFile,
    env,
    cwd,
    redact,
    level: output.logLevel,
    format: output.logFormat,
    now: () => clock.now(),
  });
  const emit: EventListener = (event) => {
    if (event.type === 'problem') log.add(event.problem);
    reporter.listen(event);
  };
  for (const setting of shown) {
    const text = setInWords(setting);
    if (text !== null) emit({ type: 'note', level: 'debug', text });
  }
  for (const text of notices) emit({ type: 'note', level: 'info', text });
  for (const problem of warnings) emit({ type: 'problem', problem });
  return { redact, emit, log, reporter };
}

/** Begins a session with settings that are known to be good, and tells what there is to tell of them. */
export async function openSession(runtime: Runtime, resolved: ResolvedSettings): Promise<Session> {
  const { settings } = resolved;
  const startedAt = runtime.clock.now();
  const log = await openLog(runtime, { ...resolved, output: settings.output });
  const located = settings.mapping === null ? null : withLocations(settings.mapping);
  const emit: EventListener = (event) => {
    if (event.type !== 'problem') log.emit(event);
    else if (!(control.reading.aborted && isOfStop(event.problem))) {
      const problem = asSpelled(event.problem, resolved);
      log.emit({ ...event, problem: located?.(problem) ?? problem });
    }
  };
  const control = controlRun(runtime, settings.sync.timeoutMilliseconds, (problem) => {
    log.emit({ type: 'problem', problem });
  });
  return { runtime, settings, startedAt, control, ...log, emit };
}

/** Whether it says nothing but that a stop cut a listing short. Why the run was stopped is told once. */
function isOfStop(problem: Problem): boolean {
  const isOfListing =
    problem.code === 'listing-incomplete' || problem.code === 'root-listing-incomplete';
  return isOfListing && problem.reason === STOPPED_REASON;
}

/**
 * Does what the session is for, and stops watching for what could end it. What ended it is reported
 * like everything else, a bug of ours included; then the answer is null.
 */
export async function inSession<Value>(
  session: Session,
  action: () => Promise<Value>,
): Promise<Value | null> {
  const { emit, control } = session;
  try {
    return await action();
  } catch (error) {
    // A stop ends the calls under way; why it came is told already.
    if (control.reading.aborted && error instanceof HttpError) return null;
    if (!(error instanceof ProblemError)) return tellBug(error, emit);
    for (const problem of error.problems) emit({ type: 'problem', problem });
    return null;
  } finally {
    control.release();
  }
}

function tellBug(error: unknown, emit: EventListener): null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const text of stack.split('\n')) emit({ type: 'note', level: 'debug', text });
  emit({ type: 'problem', problem: bugOf(error) });
  return null;
}
