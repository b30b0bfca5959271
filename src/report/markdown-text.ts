import { printable } from './text.js';

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
