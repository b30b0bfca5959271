import { jqTokens } from './jq-tokens.js';
import type { Expression } from './mapping.js';

/** A step of a path: a key, or any member of a list. */
export type PathStep = { readonly key: string } | 'member';

/** The path that an expression begins with. */
export interface LeadingPath {
  readonly steps: readonly PathStep[];
  /** Whether nothing comes after it. */
  readonly isWhole: boolean;
}

/** Reads the path that an expression begins with; that of `(.a.b | .c) + "x"` is a, b, c. */
export function leadingPath(expression: Expression): LeadingPath {
  const words = jqTokens(expression).map(({ text }) => text);
  const steps: PathStep[] = [];
  let at = beginning(words);
  for (;;) {
    const read = stepAt(words, at);
    if (read === null) break;
    if (read.step !== null) steps.push(read.step);
    at = read.end;
  }
  return { steps, isWhole: words.slice(at).every((word) => word === ')' || word === ']') };
}

/** Behind parentheses, and the bracket of a list that is made of what a path leads to. */
function beginning(words: readonly string[]): number {
  let at = 0;
  for (;;) {
    if (words[at] === '[') {
      const inside = words.slice(at + 1).find((word) => word !== '(');
      if (inside?.startsWith('.') !== true) return at;
    } else if (words[at] !== '(') return at;
    at += 1;
  }
}

/** `.key`, `.["key"]`, `["key"]`, `[0]`, `[]`, or a bar between two paths, which is no step. */
function stepAt(
  words: readonly string[],
  at: number,
): { readonly step: PathStep | null; readonly end: number } | null {
  const word = words[at] ?? '';
  if (NAME.test(word)) return { step: { key: word.slice(1) }, end: behind(words, at) };
  if (word === '|') {
    const next = words[at + 1] ?? '';
    const isPath = NAME.test(next) || (next === '.' && /^["[]/u.test(words[at + 2] ?? ''));
    return isPath ? { step: null, end: at + 1 } : null;
  }
  const open = word === '.' ? at + 1 : at;
  if (words[open] !== '[') return null;
  const close = words.indexOf(']', open);
  const inside = words.slice(open + 1, close).join('');
  if (close < 0) return null;
  const key = /^"([^"\\]*)"$/u.exec(inside)?.[1];
  if (key !== undefined) return { step: { key }, end: behind(words, close) };
  return /^-?\d*$/u.test(inside) ? { step: 'member', end: behind(words, close) } : null;
}

const NAME = /^\.[A-Za-z_]/u;

/** The place after a word, and after the `?` that may follow it. */
function behind(words: readonly string[], at: number): number {
  return words[at + 1] === '?' ? at + 2 : at + 1;
}
