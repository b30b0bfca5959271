import { ownVersion } from '../cli/version.js';
import { createRedactor } from '../http/redact.js';
import { ProblemLog } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
import { RunRecord } from '../report/run-record.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/declaration.js';
import { readPartialSettings } from '../settings/partial-settings.js';
import { readSettings, SettingsError } from '../settings/read-settings.js';
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
  const left: readonly (keyof ReportSettings)[] = hasReport ? [] : ['reportFile'];
  const resolved = await readSettings({ flags, env, cwd }).catch(async (error: unknown) => {
    if (!(error instanceof SettingsError)) throw error;
    const unwritten = await report(error, runtime, flags, left);
    throw new SettingsError([...error.problems, ...unwritten], error.notices);
  });
  const all = await unwritableReports(resolved, cwd);
  const unwritable = all.filter(({ name }) => !left.includes(name));
  const [first, ...others] = unwritable.map(({ problem }) => problem);
  if (first === undefined) return resolved;
  const error = new SettingsError([first, ...others], resolved.notices);
  const names = [...left, ...unwritable.map(({ name }) => name)];
  const unwritten = await report(error, runtime, flags, names);
  throw new SettingsError([...error.problems, ...unwritten], error.notices);
}

/**
 * Answers what kept a report from being written.
 * @param unwritable reports that are not to be written
 */
async function report(
  { problems }: SettingsError,
  runtime: Runtime,
  flags: FlagValues,
  unwritable: readonly (keyof ReportSettings)[],
): Promise<readonly Problem[]> {
  const { env, cwd, clock, stderr } = runtime;
  const startedAt = clock.now();
  const { parts, secrets } = await readPartialSettings({ flags, env, cwd }, false);
  const reports = { ...parts.reports };
  for (const name of unwritable) reports[name] = null;
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
  return unwritten;
}
