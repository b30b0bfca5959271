import type { Problem } from '../problems/problem.js';
import type { Layout } from './text.js';

/** Letters that take two columns: those of East Asia, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

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
  const before = Array.from(clean(text.slice(0, caret)).trimStart());
  const isMasked = clean(text) !== clean(text.slice(0, caret)) + clean(text.slice(caret));
  if (isMasked) return [];
  const after = Array.from(clean(text.slice(caret)).trimEnd());
  const number = line === null ? '' : `${line} `;
  const gutter = `${' '.repeat(number.length)}| `;
  const [left, right] = cut(before, after, width - indent.length - gutter.length);
  return [
    `${indent}${number}| ${left}${right}`.trimEnd(),
    `${indent}${gutter}${' '.repeat(columns(left))}^`,
  ];
}

/** The characters before and from the caret that fit, the right side given up to a third at first. */
function cut(
  before: readonly string[],
  after: readonly string[],
  width: number,
): readonly [string, string] {
  const rightWidth = Math.max(width - columns(before.join('')), Math.floor(width / 3));
  const right = fitting(after, rightWidth);
  const isRightCut = right < after.length;
  const leftWidth = width - Math.min(rightWidth, Math.max(columns(after.join('')), 1));
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
  const end = characters.findIndex((character) => (used += columns(character)) > width);
  return end < 0 ? characters.length : end;
}

function columns(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
}
