import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../problems/problem.js';
import { reportSettings } from '../settings/declarations/output.js';
import { placedAt, spelledOut } from '../settings/spelling.js';
import type { SettingsReading } from '../settings/read-settings.js';
import type { ReportSettings } from '../settings/settings.js';
import { whyNotWritten } from './mapping/write-new-file.js';
import { reportPlace } from './report-place.js';

/** A report that was asked for where it cannot be written. */
export interface UnwritableReport {
  readonly name: keyof ReportSettings;
  readonly problem: Problem;
}

/**
 * The reports that a run could not write at its end, as far as it shows before it begins. Nothing is
 * written for that: the file of the last run stays until there is another.
 */
export async function unwritableReports(
  { parts: { reports }, origins }: Pick<SettingsReading, 'parts' | 'origins'>,
  cwd: string,
): Promise<readonly UnwritableReport[]> {
  const found: UnwritableReport[] = [];
  for (const name of ['reportFile', 'summaryFile'] as const) {
    const file = reports[name];
    const origin = origins.get(reportSettings[name].name);
    if (file === null || origin === undefined) continue;
    const why = await whyUnwritable(path.resolve(cwd, file), cwd);
    if (why === null) continue;
    const reason = `names ${file}, which cannot be written: ${why}`;
    found.push({
      name,
      problem: {
        code: 'setting-invalid',
        spelling: spelledOut(origin),
        reason,
        ...placedAt(origin),
      },
    });
  }
  return found;
}

/** Null: nothing is known to stand against it. */
async function whyUnwritable(named: string, cwd: string): Promise<string | null> {
  try {
    const file = await reportPlace(named, cwd);
    const found = await stat(file).catch(() => null);
    if (found?.isDirectory() === true) return whyNotWritten({ code: 'EISDIR' }).reason;
    const place = found === null ? path.dirname(file) : file;
    if (found === null && !(await stat(place)).isDirectory()) {
      return whyNotWritten({ code: 'ENOTDIR' }).reason;
    }
    await access(place, constants.W_OK);
    return null;
  } catch (error) {
    return whyNotWritten(error).reason;
  }
}
