import type { ChalkInstance } from 'chalk';
import { CHECK_SECTIONS, type CheckFinding, type CheckSection } from '../model/check.js';
import type { ExitCode } from '../problems/exit-code.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import {
  MARKDOWN_LABELS,
  markdownPage,
  markdownText,
  problemItems,
  remedyText,
  type Safe,
} from './markdown.js';
import { excerptLines } from './problem-list.js';
import { counted, type ColoredLayout, wrapped } from './text.js';

/** How a finding is called. */
type CheckStatus = 'ok' | 'note' | 'warning' | 'failure';

const STATUSES = {
  failure: 'failure',
  warning: 'warning',
  notice: 'note',
} as const satisfies Record<Severity, CheckStatus>;

/** A finding in words. */
interface CheckWords {
  readonly section: CheckSection;
  /** The code of a problem; null where there is none. */
  readonly code: string | null;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | null;
}

function checkWords(finding: CheckFinding): CheckWords {
  const { section, status } = finding;
  if (status !== 'problem') {
    return { section, code: null, status, message: finding.message, remedy: null };
  }
  const { severity, message, hint } = wordsOf(finding.problem);
  const { code } = finding.problem;
  return { section, code, status: STATUSES[severity], message, remedy: hint };
}

/** `2 failures, 1 warning`. */
function checkOutcome(findings: readonly CheckFinding[]): string {
  const statuses = findings.map((finding) => checkWords(finding).status);
  const words = (['failure', 'warning'] as const).flatMap((status) => {
    const count = statuses.filter((one) => one === status).length;
    return count === 0 ? [] : [counted(count, status, `${status}s`)];
  });
  return words.length === 0 ? 'All is well' : words.join(', ');
}

/** As wide as the longest status, and a space. */
const LABEL_WIDTH = 'failure '.length;

/** The findings of one section, below its heading: a line each, with the remedy on the next. */
export function checkLines(
  findings: readonly CheckFinding[],
  layout: ColoredLayout,
): readonly string[] {
  const [first] = findings;
  if (first === undefined) return [];
  return [
    layout.colors.bold(CHECK_SECTIONS[first.section]),
    ...findings.flatMap((finding) => findingLines(finding, layout)),
  ];
}

function findingLines(finding: CheckFinding, layout: ColoredLayout): readonly string[] {
  const { status, message, remedy } = checkWords(finding);
  const { width, clean } = layout;
  const label = `  ${status.padEnd(LABEL_WIDTH)}`;
  const indent = ' '.repeat(label.length);
  const [line = '', ...others] = wrapped(clean(message), width, label);
  const paint = paints(layout.colors)[status];
  return [
    line.replace(status, paint(status)),
    ...others,
    ...(finding.status === 'problem' ? excerptLines(finding.problem, layout, indent) : []),
    ...(remedy === null ? [] : wrapped(clean(remedy), width, `${indent}> `)),
  ];
}

function paints(colors: ChalkInstance): Record<CheckStatus, ChalkInstance> {
  return {
    ok: colors.green,
    note: colors.dim,
    warning: colors.yellow,
    failure: colors.red.bold,
  };
}

/** The last line. */
export function checkEnd(
  findings: readonly CheckFinding[],
  exitCode: ExitCode,
  colors: ChalkInstance,
): string {
  const paint = exitCode === 0 ? colors.green.bold : colors.red.bold;
  return `${paint(checkOutcome(findings))} (exit ${exitCode})`;
}

/** What `check --output json` prints. Members may be added; those that are here stay. */
interface CheckDocument {
  /** Of this format; a change that breaks readers raises it. */
  readonly version: 1;
  readonly exitCode: ExitCode;
  readonly findings: readonly CheckWords[];
}

/** All findings for a program. */
export function checkDocument(
  findings: readonly CheckFinding[],
  exitCode: ExitCode,
): CheckDocument {
  return { version: 1, exitCode, findings: findings.map(checkWords) };
}

/**
 * A check for the page of a pull request or a job, short enough for a comment: what is wrong, and how
 * much is right.
 * @param clean masks secrets
 */
export function checkMarkdown(
  findings: readonly CheckFinding[],
  exitCode: ExitCode,
  version: string,
  clean: (text: string) => string,
): string {
  const safe: Safe = (text) => markdownText(clean(text));
  const worded = findings.map(checkWords);
  const wrong = (['failure', 'warning'] as const).flatMap((wanted) =>
    worded
      .filter(({ status }) => status === wanted)
      .map(
        ({ section, message, remedy }) =>
          `- ${MARKDOWN_LABELS[wanted]} (${CHECK_SECTIONS[section]}): ${safe(message)}${remedyText(remedy, safe)}`,
      ),
  );
  const fine = worded.filter(({ status }) => status === 'ok').length;
  const heading = `bitbucket-port check: ${checkOutcome(findings)} (exit ${exitCode})`;
  return markdownPage(heading, version, safe, [
    ...problemItems(wrong, (count) => `${count} more, which the log names`),
    `${counted(fine, 'thing is', 'things are')} as they should be.`,
  ]);
}
