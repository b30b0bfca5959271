import { ownVersion } from '../cli/version.js';
import { createRedactor } from '../http/redact.js';
import { ProblemLog } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
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
import type { ReportSettings, ResolvedSettings } from '../settings/settings.js';
import { unwritableReports } from './unwritable-reports.js';
import { writeReports } from './write-reports.js';

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
  const refusal = refusalOf(reading);
  if (refusal !== null) throw await reported(refusal, runtime, reading, left);
  const all = await unwritableReports(reading, cwd);
  const unwritable = all.filter(({ name }) => !left.includes(name));
  const [first, ...others] = unwritable.map(({ problem }) => problem);
  if (first === undefined) return wholeSettings(reading);
  const error = new SettingsError([first, ...others], reading.notices);
  const names = unwritable.map(({ name }) => name);
  throw await reported(error, runtime, reading, [...left, ...names]);
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
