import stringWidth from 'string-width';
import type { Problem } from '../problems/problem.js';
import { letters, type Layout } from './text.js';

/**
 * The line that a problem is about, with a caret below the place:
 *
 *     14 | title: .name | (
 *        |                 ^
 *
 * Leading spaces are left out, and what does not fit beside the caret is cut.
 * @param indent stands before each line
 */
export function excerptLines(
  problem: Problem,
  { width, clean }: Layout,
  indent: string,
): readonly string[] {
  if (!('excerpt' in problem)) return [];
  const { line, text, caret } = problem.excerpt;
  // Masked before it is cut: half a secret is no longer recognised.
  const before = letters(clean(text.slice(0, caret)).trimStart());
  const isMasked = clean(text) !== clean(text.slice(0, caret)) + clean(text.slice(caret));
  if (isMasked) return [];
  const after = letters(clean(text.slice(caret)).trimEnd());
  const number = line === null ? '' : `${line} `;
  const gutter = `${' '.repeat(number.length)}| `;
  const [left, right] = cut(before, after, width - indent.length - gutter.length);
  return [
    `${indent}${number}| ${left}${right}`.trimEnd(),
    `${indent}${gutter}${' '.repeat(stringWidth(left))}^`,
  ];
}

/** The characters before and from the caret that fit, the right side given up to a third at first. */
function cut(
  before: readonly string[],
  after: readonly string[],
  width: number,
): readonly [string, string] {
  const rightWidth = Math.max(width - stringWidth(before.join('')), Math.floor(width / 3));
  const right = fitting(after, rightWidth);
  const isRightCut = right < after.length;
  const leftWidth = width - Math.min(rightWidth, Math.max(stringWidth(after.join('')), 1));
  const left = fitting(before.toReversed(), leftWidth);
  const isLeftCut = left < before.length;
  return [
    (isLeftCut ? '…' : '') + before.slice(before.length - left + (isLeftCut ? 1 : 0)).join(''),
    after.slice(0, isRightCut ? right - 1 : right).join('') + (isRightCut ? '…' : ''),
  ];
}

/** How many of the characters fit. */
function fitting(characters: readonly string[], width: number): number {
  let used = 0;
  const end = characters.findIndex((character) => (used += stringWidth(character)) > width);
  return end < 0 ? characters.length : end;
}
