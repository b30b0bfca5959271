import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

export { counted, grouped } from '../problems/phrases.js';

/** Line breaks of any kind. */
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/u;

/** Control characters, line breaks, and characters that turn the writing direction. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text from outside made safe to print: control characters, escape codes and characters that turn
 * the writing direction become visible, line breaks become spaces, and what a CI system would take
 * for a command of the build (`::error::`, `##vso[…]`) is broken up by a space.
 * @param options.lines keeps the line breaks, for a text of several lines
 */
export function printable(
  text: string,
  { lines = false }: { readonly lines?: boolean } = {},
): string {
  if (lines) return text.split(LINE_BREAK).map(printableLine).join('\n');
  return printableLine(text.replace(/[\n\r\u2028\u2029]+/gu, ' '));
}

function printableLine(line: string): string {
  return (
    line
      .replace(/\t+/gu, ' ')
      .replace(UNSEEN, unicodeEscape)
      // GitHub and Azure look for `##[` and `##vso[` anywhere in a line, TeamCity for `##teamcity[`.
      .replace(/##(?=\w*\[)/gu, '## ')
      // GitHub looks for `::` where a line begins, and any word may come to stand there.
      .replace(/(?<!\S):{2,}/gu, (colons) => ': '.repeat(colons.length).trimEnd())
  );
}

/** `\u001b` for the escape character. */
function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A value as one line of JSON with the secrets masked. A character that a terminal acts on, and what
 * a CI system would take for a command, is escaped: the line means the same to a parser.
 */
export function jsonLine(value: unknown, redact: (text: string) => string): string {
  return neutral(JSON.stringify(value, masking(redact)));
}

/** The same on several lines, for a file. */
export function jsonText(value: unknown, redact: (text: string) => string): string {
  return JSON.stringify(value, masking(redact), 2).split('\n').map(neutral).join('\n');
}

/** For `JSON.stringify`: masks secrets before anything is escaped. */
function masking(redact: (text: string) => string): (name: string, member: unknown) => unknown {
  return (_name, member) => (typeof member === 'string' ? redact(member) : member);
}

/** JSON without the characters that a terminal acts on, and what a CI system takes for a command. */
function neutral(line: string): string {
  return line.replace(UNSEEN, unicodeEscape).replace(/##(?=\w*\[)/gu, '#\\u0023');
}

/** How texts from outside become lines. */
export interface Layout {
  /** In columns. */
  readonly width: number;
  /** Masks secrets and makes a text safe to print. */
  readonly clean: (text: string) => string;
}

/** The same in colour, where the stream takes any. */
export interface ColoredLayout extends Layout {
  readonly colors: ChalkInstance;
}

/** `850ms`, `4.2s`, `3m20s`, `1h05m`. */
export function duration(milliseconds: number): string {
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)}ms`;
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1000);
  const wholeMinutes = Math.floor(seconds / 60);
  if (wholeMinutes < 60) return `${wholeMinutes}m${padded(seconds % 60)}s`;
  return `${Math.floor(wholeMinutes / 60)}h${padded(wholeMinutes % 60)}m`;
}

function padded(count: number): string {
  return String(count).padStart(2, '0');
}

/** The text, of at most so many columns of a terminal: a longer one ends with `…`. */
export function cutColumns(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const letter of letters(text)) {
    used += stringWidth(letter);
    if (used > width) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** The text, and blanks up to so many columns. */
export function padColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** What a reader takes for single characters, with their accents and the parts of an emoji. */
export function letters(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Breaks a text into lines of at most `width` columns, the first behind `first`, the others behind as
 * many spaces. A word that is longer than a line, such as an address, is not broken.
 */
export function wrapped(text: string, width: number, first: string): readonly string[] {
  const indent = ' '.repeat(first.length);
  return wrapAnsi(text, width - first.length)
    .split('\n')
    .map((line, index) => (index === 0 ? first : indent) + line);
}

/** A column and how its cells stand. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table of aligned columns, without borders so that it survives a log. One line per row. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => stringWidth(cells[index] ?? ''))),
  );
  return lines.map((cells) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const blanks = ' '.repeat((widths[index] ?? 0) - stringWidth(cell));
        return align === 'left' ? cell + blanks : blanks + cell;
      })
      .join(' ')
      .trimEnd(),
  );
}
