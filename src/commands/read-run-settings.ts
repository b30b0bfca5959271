import { ownVersion } from '../cli/version.js';
import { createRedactor } from '../http/redact.js';
import { ProblemLog } from '../problems/problem-log.js';
import type { Problem } from '../problems/problem.js';
import { RunRecord } from '../report/run-record.js';
import type { Runtime } from '../runtime.js';
import type { FlagValues } from '../settings/flag-values.js';
import { readPartialSettings } from '../settings/partial-settings.js';
import { readSettings } from '../settings/read-settings.js';
import type { ResolvedSettings } from '../settings/settings.js';
import { SettingsError } from '../settings/settings-error.js';
import { writeReports } from './write-reports.js';

/**
 * Reads the settings of a run. When they cannot be used, the reports of the run say so, wherever it
 * can be told where they go: whoever opens the page of a failed job looks there first.
 * @throws SettingsError
 */
export async function readRunSettings(
  runtime: Runtime,
  flags: FlagValues,
): Promise<ResolvedSettings> {
  const { env, cwd } = runtime;
  try {
    return await readSettings({ flags, env, cwd });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const unwritten = await report(error, runtime, flags);
    throw new SettingsError([...error.problems, ...unwritten], error.notices);
  }
}

/** Answers what kept a report from being written. */
async function report(
  { problems }: SettingsError,
  runtime: Runtime,
  flags: FlagValues,
): Promise<readonly Problem[]> {
  const { env, cwd, clock, stderr } = runtime;
  const startedAt = clock.now();
  const { parts, secrets } = await readPartialSettings({ flags, env, cwd }, false);
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
      settings: parts,
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
