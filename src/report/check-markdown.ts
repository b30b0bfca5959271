import { CHECK_SECTIONS, type CheckFinding } from '../model/check.js';
import type { ExitCode } from '../problems/exit-code.js';
import { checkOutcome, type CheckStatus, checkWords } from './check-text.js';
import { MOST_PROBLEMS } from './markdown-summary.js';
import { markdownText } from './markdown-text.js';
import { counted, grouped } from './text.js';

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
