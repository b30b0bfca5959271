import { DEFAULTS } from '../defaults/index.js';
import { HttpError } from '../http/http-error.js';
import { createRedactor, type Redactor } from '../http/redact.js';
import { findEngine } from '../mapping/engine/find-engine.js';
import type { EventListener } from '../model/event.js';
import type { RunSummary } from '../model/summary.js';
import { ownVersion } from '../cli/version.js';
import { runPipeline } from '../pipeline.js';
import { ProblemError } from '../problems/problem.js';
import { ProblemLog } from '../problems/problem-log.js';
import { chooseReporter } from '../report/choose-reporter.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/flag-values.js';
import { readSettings } from '../settings/read-settings.js';
import type { ResolvedSettings, Settings } from '../settings/settings.js';
import type { MappingOrigin } from '../stages/choose-mapping.js';
import { openConnections } from './connections/open-connections.js';
import { narrowingOf } from './narrowing-settings.js';
import { controlRun, type RunControl } from './run-control.js';

/**
 * `sync`: one run.
 * @returns the exit code
 * @throws SettingsError when the settings cannot be used
 */
export async function sync(runtime: Runtime, flags: FlagValues): Promise<number> {
  const { env, cwd } = runtime;
  return syncWith(runtime, await readSettings({ flags, env, cwd }));
}

/** One run with settings that are known to be good. */
export async function syncWith(runtime: Runtime, resolved: ResolvedSettings): Promise<number> {
  const { settings, secrets, notices, warnings } = resolved;
  const { stdout, stderr, clock, env } = runtime;
  const redact = createRedactor(secrets);
  const log = new ProblemLog();
  const reporter = chooseReporter({
    stdout,
    stderr,
    env,
    redact,
    level: settings.output.logLevel,
    format: settings.output.logFormat,
    now: () => clock.now(),
  });
  const emit: EventListener = (event) => {
    if (event.type === 'problem') log.add(event.problem);
    reporter.listen(event);
  };
  for (const text of notices) emit({ type: 'note', level: 'info', text });
  for (const problem of warnings) emit({ type: 'problem', problem });
  const control = controlRun(runtime, settings.sync.timeoutMilliseconds, (problem) => {
    emit({ type: 'problem', problem });
  });
  const run: SyncRun = { runtime, settings, redact, emit, log, control };
  const summary = await orProblems(run, () => connectAndRun(run));
  control.release();
  const exitCode = log.exitCode({ strict: settings.sync.strict });
  reporter.finish({ summary, problems: log.groups(), exitCode });
  return exitCode;
}

interface SyncRun {
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly redact: Redactor;
  readonly emit: EventListener;
  readonly log: ProblemLog;
  readonly control: RunControl;
}

async function connectAndRun(run: SyncRun): Promise<RunSummary> {
  const { runtime, settings, redact, emit, log, control } = run;
  const engine = await findEngine({
    jqPath: settings.jq.path ?? undefined,
    searchPath: runtime.env.PATH,
    itemTimeoutMilliseconds: settings.jq.itemTimeoutMilliseconds,
    onProblem: (problem) => {
      emit({ type: 'problem', problem });
    },
  });
  emit({ type: 'note', level: 'info', text: `jq: ${engine.description}` });
  const connections = openConnections({
    settings,
    version: ownVersion(),
    clock: runtime.clock,
    random: runtime.random,
    redact,
    emit,
    signal: control.reading,
    lastSignal: control.writing,
    deadline: control.deadline,
  });
  const { bitbucket, port, requests } = connections;
  try {
    return await runPipeline({
      source: bitbucket.source,
      describe: bitbucket.description,
      engine,
      emit,
      requests,
      client: port.withSignal(control.reading),
      writingClient: port.withSignal(control.writing),
      clock: runtime.clock,
      signal: control.reading,
      localMapping: localMapping(settings),
      defaults: DEFAULTS[settings.integration.type],
      isIdentifierChosen: settings.integration.isIdentifierChosen,
      initializePortResources: settings.initializePortResources,
      narrowing: narrowingOf(settings, bitbucket.source.kinds),
      deletion: { isOn: settings.sync.delete, threshold: settings.sync.deletionThreshold },
      outcome: () => outcomeOf(log, control),
    });
  } finally {
    await Promise.all([connections.close(), engine.close()]);
  }
}

/** What ended the run is reported like everything else, a bug of ours included. */
async function orProblems<Value>(
  { emit, control }: SyncRun,
  action: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await action();
  } catch (error) {
    // A stop ends the calls under way; why it came is told already.
    if (control.reading.aborted && error instanceof HttpError) return null;
    if (!(error instanceof ProblemError)) return tellBug(error, emit);
    for (const problem of error.problems) emit({ type: 'problem', problem });
    return null;
  }
}

function tellBug(error: unknown, emit: EventListener): null {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const text of stack.split('\n')) emit({ type: 'note', level: 'debug', text });
  emit({ type: 'problem', problem: { code: 'internal-error', message } });
  return null;
}

function localMapping({ mapping }: Settings): MappingOrigin | null {
  return mapping === null ? null : { ...mapping, unknownKeys: 'error' };
}

function outcomeOf(log: ProblemLog, { reading }: RunControl): 'completed' | 'failed' | 'aborted' {
  if (reading.aborted) return 'aborted';
  return log.exitCode({ strict: false }) === 0 ? 'completed' : 'failed';
}
