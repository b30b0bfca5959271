import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ciPlatformOf } from '../ci/index.js';
import { markdownSummary } from '../report/markdown-summary.js';
import { reportDocument } from '../report/report-document.js';
import type { RunEnd } from '../report/reporter.js';
import type { RunFacts } from '../report/run-record.js';
import { whyNotWritten } from './mapping/write-new-file.js';
import { jsonText } from '../report/text.js';
import { writeReport } from './report-place.js';
import type { Settings } from '../settings/settings.js';
import type { Session } from './session.js';

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
    await orWarn(reporting, reportFile, (path) => writeReport(path, runtime.cwd, `${text}\n`));
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
    await orWarn(reporting, jobSummary, (path) => appendFile(path, markdown()));
  }
  if (summaryFile === null) return null;
  const write = (path: string): Promise<void> => writeReport(path, cwd, markdown());
  const isWritten = await orWarn(reporting, summaryFile, write);
  // In a log of JSON, a line for the platform would be none for its reader.
  if (!isWritten || settings.output.logFormat === 'json') return null;
  return platform?.summaryUpload?.(resolve(cwd, summaryFile)) ?? null;
}

async function orWarn(
  { runtime, emit }: Pick<Reporting, 'runtime' | 'emit'>,
  file: string,
  write: (path: string) => Promise<void>,
): Promise<boolean> {
  try {
    await write(resolve(runtime.cwd, file));
    return true;
  } catch (error) {
    const { code, reason } = whyNotWritten(error);
    const isFull = FULL.includes(code);
    emit({ type: 'problem', problem: { code: 'report-not-written', file, reason, isFull } });
    return false;
  }
}
