import type { ProblemGroup } from '../problems/problem-log.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { worstFirst } from './problem-list.js';
import { grouped, printable } from './text.js';

/** An address that a reader can follow, without what ends it in a sentence. */
const ADDRESS = /https?:\/\/[^\s<>|"'`]*[^\s<>|"'`.,;:!?)]/gu;

/** What Markdown or the HTML inside of it takes for its own. */
const SPECIAL = /[\\`*_{}[\]<>#|~&@]/gu;

/**
 * A text from outside as Markdown that says just that: nothing in it becomes a link, a tag, a mention,
 * a table cell or a heading, but for addresses, which stay links.
 */
export function markdownText(text: string): string {
  const line = printable(text);
  let written = '';
  let end = 0;
  for (const match of line.matchAll(ADDRESS)) {
    written += `${escapedMarkdown(line.slice(end, match.index))}<${match[0]}>`;
    end = match.index + match[0].length;
  }
  return written + escapedMarkdown(line.slice(end));
}

/** References to characters: unlike a backslash, they also hold inside of HTML and mentions. */
function escapedMarkdown(text: string): string {
  return text.replace(SPECIAL, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Masks secrets, and makes a text from outside say just that. */
export type Safe = (text: string) => string;

/** A page of a pull request or a job: a heading, paragraphs, and which version wrote it. */
export function markdownPage(
  heading: string,
  version: string,
  safe: Safe,
  paragraphs: readonly string[],
): string {
  const signature = `<sub>bitbucket-port ${safe(version)}</sub>`;
  return `${[`### ${heading}`, ...paragraphs, signature].join('\n\n')}\n`;
}

/** A page that somebody opens to see what is wrong: what comes later is in the log. */
const MOST_PROBLEMS = 10;

/** The first problems as a paragraph; none where there is none. `others` counts the rest. */
export function problemItems(
  items: readonly string[],
  others: (count: string) => string,
): readonly string[] {
  const shown = items.slice(0, MOST_PROBLEMS);
  const unseen = items.length - shown.length;
  const rest = unseen > 0 ? [`- and ${others(grouped(unseen))}`] : [];
  return shown.length === 0 ? [] : [[...shown, ...rest].join('\n')];
}

/** What to do about a problem, below it. */
export function remedyText(hint: string | null, safe: Safe): string {
  return hint === null ? '' : `<br>→ ${safe(hint)}`;
}

/** How each severity is called at the start of a problem. */
export const MARKDOWN_LABELS = {
  failure: '**Error**',
  warning: 'Warning',
  notice: 'Note',
} as const satisfies Record<Severity, string>;

/** The first problems, the worst first, with what to do about them. */
export function problemParagraphs(groups: readonly ProblemGroup[], safe: Safe): readonly string[] {
  const items = worstFirst(groups).map(({ count, samples }) => {
    const { severity, message, hint } = wordsOf(samples[0]);
    const others = count > 1 ? ` (and ${grouped(count - 1)} more like this)` : '';
    return `- ${MARKDOWN_LABELS[severity]}: ${safe(message)}${others}${remedyText(hint, safe)}`;
  });
  return problemItems(items, (count) => `${count} other problems, which the log names`);
}

/** A table whose first column is text, and the others numbers. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignments = titles.map((_title, index) => (index === 0 ? '---' : '--:'));
  return [titles, alignments, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
