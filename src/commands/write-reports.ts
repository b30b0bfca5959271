import { constants } from 'node:fs';
import { access, appendFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ciPlatformOf } from '../ci/index.js';
import type { Problem } from '../problems/problem.js';
import { markdownSummary } from '../report/markdown-summary.js';
import { reportDocument } from '../report/report-document.js';
import type { RunEnd } from '../report/reporter.js';
import type { RunFacts } from '../report/run-record.js';
import { jsonText } from '../report/text.js';
import { reportSettings } from '../settings/declarations/output.js';
import type { SettingsReading } from '../settings/read-settings.js';
import type { ReportSettings, Settings } from '../settings/settings.js';
import { locatedAt, spelledOut } from '../settings/spelling.js';
import type { Session } from './session.js';
import { reportPath, whyNotWritten, writeReport } from './write-file.js';

/** What the system says where a disk, or what a user may have of it, is used up. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT'];

/** Where reports go, and what must not stand in them. */
type Reporting = Pick<Session, 'runtime' | 'redact' | 'emit'> & {
  readonly settings: Pick<Settings, 'reports' | 'output'>;
};

/**
 * Writes what was asked for: the report, the summary, and on a platform that has a place for it the
 * summary of the job. A file that can no longer be written is a warning, as the run itself is over,
 * unless the disk is full.
 * @returns the line of the log that hands the summary over to the platform; null: there is none
 */
export async function writeReports(
  reporting: Reporting,
  end: RunEnd,
  facts: RunFacts,
): Promise<string | null> {
  const { runtime, settings, redact } = reporting;
  const { reportFile } = settings.reports;
  if (reportFile !== null) {
    const text = jsonText(reportDocument(end, facts), redact);
    await orWarn(reporting, reportFile, (place) => writeReport(place, runtime.cwd, `${text}\n`));
  }
  return writeSummary(reporting, () => markdownSummary(end, facts, redact));
}

/**
 * Writes a summary in Markdown where it was asked for, and on a platform that has a place for it as the
 * summary of the job.
 * @returns as `writeReports`
 */
export async function writeSummary(
  reporting: Omit<Reporting, 'redact'>,
  markdown: () => string,
): Promise<string | null> {
  const { runtime, settings } = reporting;
  const { cwd, env } = runtime;
  const { summaryFile } = settings.reports;
  const platform = ciPlatformOf(env);
  const jobSummary = platform?.summaryFile(env) ?? null;
  // Other steps of the job write into the same file.
  if (jobSummary !== null) {
    await orWarn(reporting, jobSummary, (place) => appendFile(place, markdown()));
  }
  if (summaryFile === null) return null;
  const write = (place: string): Promise<void> => writeReport(place, cwd, markdown());
  const isWritten = await orWarn(reporting, summaryFile, write);
  // In a log of JSON, a line for the platform would be none for its reader.
  if (!isWritten || settings.output.logFormat === 'json') return null;
  return platform?.summaryUpload?.(path.resolve(cwd, summaryFile)) ?? null;
}

async function orWarn(
  { runtime, emit }: Pick<Reporting, 'runtime' | 'emit'>,
  file: string,
  write: (place: string) => Promise<void>,
): Promise<boolean> {
  try {
    await write(path.resolve(runtime.cwd, file));
    return true;
  } catch (error) {
    const { code, reason } = whyNotWritten(error);
    const isFull = FULL.includes(code);
    emit({ type: 'problem', problem: { code: 'report-not-written', file, reason, isFull } });
    return false;
  }
}

/** A report that was asked for where it cannot be written. */
interface UnwritableReport {
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
        ...locatedAt(origin),
      },
    });
  }
  return found;
}

/** Null: nothing is known to stand against it. */
async function whyUnwritable(named: string, cwd: string): Promise<string | null> {
  try {
    const file = await reportPath(named, cwd);
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
