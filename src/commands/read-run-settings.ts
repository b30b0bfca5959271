import { isDeepStrictEqual } from 'node:util';
import { ownVersion } from '../cli/version.js';
import { createRedactor } from '../http/redact.js';
import type { JqEngine } from '../mapping/engine/engine.js';
import { ProblemLog } from '../problems/problem-log.js';
import { type Problem, ProblemError } from '../problems/problem.js';
import { RunRecord } from '../report/run-record.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import {
  readSettings,
  refusalOf,
  SettingsError,
  wholeSettings,
  type SettingsReading,
} from '../settings/read-settings.js';
import type { SettingsUse } from '../settings/resolve-settings.js';
import type {
  IntegrationType,
  ReportSettings,
  ResolvedSettings,
  SyncSettings,
} from '../settings/settings.js';
import { kindsFor, type MappingOrigin, readMapping } from '../stages/choose-mapping.js';
import { withEngine } from './open-engine.js';
import { localMapping } from './run-request.js';
import { unwritableReports, writeReports } from './write-reports.js';

/**
 * Reads the settings of a run. When they cannot be used, the reports of the run say so, wherever it
 * can be told where they go: whoever opens the page of a failed job looks there first. A report that
 * cannot be written is such a setting: after the run, there would be no other of it.
 * @param options.hasReport whether the command writes `--report-file`; a summary it writes in any case
 * @throws SettingsError
 */
export async function readRunSettings(
  runtime: Runtime,
  flags: FlagValues,
  { hasReport = true }: { readonly hasReport?: boolean } = {},
): Promise<ResolvedSettings> {
  const { env, cwd } = runtime;
  const reading = await readSettings({ flags, env, cwd });
  const left: readonly (keyof ReportSettings)[] = hasReport ? [] : ['reportFile'];
  const refusal = await refusalWithMapping(reading, runtime);
  if (refusal !== null) throw await reported(refusal, runtime, reading, left);
  const all = await unwritableReports(reading, cwd);
  const unwritable = all.filter(({ name }) => !left.includes(name));
  const [first, ...others] = unwritable.map(({ problem }) => problem);
  if (first === undefined) return wholeSettings(reading);
  const ofMapping = await mistakesInMapping(reading, runtime);
  const error = new SettingsError([first, ...others, ...ofMapping], reading.notices);
  const names = unwritable.map(({ name }) => name);
  throw await reported(error, runtime, reading, [...left, ...names]);
}

/**
 * Settings that are complete and right.
 * @throws SettingsError with every mistake at once, those in the local mapping among them
 */
export async function readWholeSettings(
  runtime: Runtime,
  flags: FlagValues,
  use: SettingsUse = {},
): Promise<ResolvedSettings> {
  const { env, cwd } = runtime;
  const reading = await readSettings({ flags, env, cwd }, use);
  const refusal = await refusalWithMapping(reading, runtime);
  if (refusal !== null) throw refusal;
  return wholeSettings(reading);
}

async function refusalWithMapping(
  reading: SettingsReading,
  runtime: Runtime,
): Promise<SettingsError | null> {
  const refusal = refusalOf(reading);
  if (refusal === null) return null;
  const [first, ...others] = refusal.problems;
  const ofMapping = await mistakesInMapping(reading, runtime);
  return new SettingsError([first, ...others, ...ofMapping], refusal.notices);
}

const BOTH: readonly IntegrationType[] = ['bitbucket-server', 'bitbucket-cloud'];

/**
 * What is wrong with the local mapping, beside settings that cannot be used: whoever corrects these need
 * not wait for the next run to learn of it. Where nothing tells which Bitbucket is meant, what is wrong
 * for either.
 */
async function mistakesInMapping(
  { parts, type }: SettingsReading,
  runtime: Runtime,
): Promise<readonly Problem[]> {
  const origin = localMapping(parts);
  if (origin === null) return [];
  try {
    return await withEngine(
      parts.jq,
      runtime,
      () => undefined,
      async (engine) => {
        const types = type === null ? BOTH : [type];
        const [one = [], other] = await Promise.all(
          types.map((each) => mistakesFor(each, origin, engine, parts.sync)),
        );
        const isOfBoth = (problem: Problem): boolean =>
          other === undefined || other.some((same) => isDeepStrictEqual(same, problem));
        return one.filter(isOfBoth);
      },
    );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems;
  }
}

async function mistakesFor(
  type: IntegrationType,
  origin: MappingOrigin,
  engine: JqEngine,
  sync: SyncSettings,
): Promise<readonly Problem[]> {
  try {
    await readMapping(origin, engine, { type, kinds: kindsFor(type, sync) });
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems;
  }
}

/**
 * Writes the reports. Answers the error with what kept one from being written.
 * @param left reports that are not to be written
 */
async function reported(
  { problems, notices }: SettingsError,
  runtime: Runtime,
  { parts, secrets }: SettingsReading,
  left: readonly (keyof ReportSettings)[],
): Promise<SettingsError> {
  const { clock, stderr } = runtime;
  const startedAt = clock.now();
  const reports = { ...parts.reports };
  for (const name of left) reports[name] = null;
  const log = ProblemLog.of(problems);
  const end = {
    summary: null,
    problems: log.groups(),
    exitCode: log.exitCode({ strict: false }),
  } as const;
  const unwritten: Problem[] = [];
  const upload = await writeReports(
    {
      runtime,
      settings: { ...parts, reports },
      redact: createRedactor(secrets),
      emit: (event) => {
        if (event.type === 'problem') unwritten.push(event.problem);
      },
    },
    end,
    new RunRecord(ownVersion(), startedAt).facts(clock.now()),
  );
  if (upload !== null) stderr.write(`${upload}\n`);
  return new SettingsError([...problems, ...unwritten], notices);
}
