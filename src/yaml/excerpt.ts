import type { Excerpt } from '../problems/problem.js';

/** Characters of a line to each side of the caret that an excerpt keeps: a JSON file may be one line. */
const MOST_TO_EACH_SIDE = 500;

/** Control characters, and those that turn the writing direction. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A line that looks as if it held a credential: some other file was taken for a mapping. */
const CREDENTIAL = /(?:secret|token|passw(?:or)?d|api_?key)\w*["']?\s*[:=]\s*\S/iu;

/**
 * The line of the text at `offset`, with the place in it.
 * @returns null where the line must not be shown
 */
export function excerptAt(text: string, offset: number): Excerpt | null {
  const lineStart = offset - columnAt(text, offset) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/u, '');
  if (CREDENTIAL.test(line)) return null;
  const at = Math.min(offset - lineStart, line.length);
  const from = Math.max(0, at - MOST_TO_EACH_SIDE);
  const before = visible(line.slice(from, at));
  return {
    line: lineAt(text, offset),
    column: columnAt(text, offset),
    text: before + visible(line.slice(at, at + MOST_TO_EACH_SIDE)),
    caret: before.length,
  };
}

/** The number of the line at `offset`, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The position in its line, from 1. */
export function columnAt(text: string, offset: number): number {
  return offset - text.slice(0, offset).lastIndexOf('\n');
}

/** What a terminal would act on, and a tab, which nobody sees, are written out. */
function visible(part: string): string {
  return part
    .replace(/\t/gu, '\\t')
    .replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
