import type { ChalkInstance } from 'chalk';
import { CHECK_SECTIONS, type CheckFinding, type CheckSection } from '../model/check.js';
import type { ExitCode } from '../problems/exit-code.js';
import { excerptLines } from './excerpt-lines.js';
import { counted, grouped, type Layout, wrapped } from './text.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { MOST_PROBLEMS } from './markdown-summary.js';
import { markdownText } from './markdown-text.js';

/** As wide as the longest status, and a space. */
const LABEL_WIDTH = 'failure '.length;

/** The findings of one section, below its heading: a line each, with the remedy on the next. */
export function checkLines(
  findings: readonly CheckFinding[],
  { colors, ...layout }: Layout & { readonly colors: ChalkInstance },
): readonly string[] {
  const [first] = findings;
  if (first === undefined) return [];
  return [
    colors.bold(CHECK_SECTIONS[first.section]),
    ...findings.flatMap((finding) => findingLines(finding, layout, colors)),
  ];
}

function findingLines(
  finding: CheckFinding,
  layout: Layout,
  colors: ChalkInstance,
): readonly string[] {
  const { status, message, remedy } = checkWords(finding);
  const { width, clean } = layout;
  const label = `  ${status.padEnd(LABEL_WIDTH)}`;
  const indent = ' '.repeat(label.length);
  const [line = '', ...others] = wrapped(clean(message), width, label);
  const paint = paints(colors)[status];
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
  const told = checkOutcome(findings);
  const ending = `(exit ${exitCode})`;
  return exitCode === 0
    ? `${colors.green.bold(told)} ${ending}`
    : `${colors.red.bold(told)} ${ending}`;
}

/** `2 failures, 1 warning`. */
export function checkOutcome(findings: readonly CheckFinding[]): string {
  const statuses = findings.map((finding) => checkWords(finding).status);
  const count = (status: CheckStatus): number =>
    statuses.filter((candidate) => candidate === status).length;
  const words = [
    ...(count('failure') === 0 ? [] : [counted(count('failure'), 'failure', 'failures')]),
    ...(count('warning') === 0 ? [] : [counted(count('warning'), 'warning', 'warnings')]),
  ];
  return words.length === 0 ? 'All is well' : words.join(', ');
}

/** How a finding is called, in text and in JSON. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'failure';

const STATUSES = {
  failure: 'failure',
  warning: 'warning',
  notice: 'note',
} as const satisfies Record<Severity, CheckStatus>;

/** A finding in words. */
interface CheckWords {
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | null;
}

/** The words for a finding. */
export function checkWords(finding: CheckFinding): CheckWords {
  if (finding.status !== 'problem') {
    return { status: finding.status, message: finding.message, remedy: null };
  }
  const { severity, message, hint } = wordsOf(finding.problem);
  return { status: STATUSES[severity], message, remedy: hint };
}

/** What `check --output json` prints. Members may be added; those that are here stay. */
interface CheckDocument {
  /** Of this format; a change that breaks readers raises it. */
  readonly version: 1;
  readonly exitCode: ExitCode;
  readonly findings: readonly {
    readonly section: CheckSection;
    readonly status: CheckStatus;
    /** The code of a problem; null where there is none. */
    readonly code: string | null;
    readonly message: string;
    readonly remedy: string | null;
  }[];
}

/** All findings for a program. */
export function checkDocument(
  findings: readonly CheckFinding[],
  exitCode: ExitCode,
): CheckDocument {
  return {
    version: 1,
    exitCode,
    findings: findings.map((finding) => ({
      section: finding.section,
      code: finding.status === 'problem' ? finding.problem.code : null,
      ...checkWords(finding),
    })),
  };
}

const LABELS: readonly (readonly [CheckStatus, string])[] = [
  ['failure', '**Error**'],
  ['warning', 'Warning'],
];

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
  const safe = (text: string): string => markdownText(clean(text));
  const worded = findings.map((finding) => ({ ...checkWords(finding), section: finding.section }));
  const wrong = LABELS.flatMap(([status, label]) =>
    worded
      .filter((finding) => finding.status === status)
      .map(({ section, message, remedy }) => {
        const hint = remedy === null ? '' : `<br>→ ${safe(remedy)}`;
        return `- ${label} (${CHECK_SECTIONS[section]}): ${safe(message)}${hint}`;
      }),
  );
  const unseen = wrong.length - MOST_PROBLEMS;
  const rest = unseen > 0 ? [`- and ${grouped(unseen)} more, which the log names`] : [];
  const fine = worded.filter(({ status }) => status === 'ok').length;
  const paragraphs = [
    `### bitbucket-port check: ${checkOutcome(findings)} (exit ${exitCode})`,
    ...(wrong.length === 0 ? [] : [[...wrong.slice(0, MOST_PROBLEMS), ...rest].join('\n')]),
    `${counted(fine, 'thing is', 'things are')} as they should be.`,
    `<sub>bitbucket-port ${safe(version)}</sub>`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
