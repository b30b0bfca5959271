import type { Expression } from './mapping.js';

/** A word, sign or whole string of a jq program. Offsets into its text. */
export interface JqToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANK = /(?:\s+|#[^\n]*)+/uy;

/** What jq reads in one piece, strings apart. */
const TOKEN =
  /\$?[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*|\.[A-Za-z_]\w*|@\w+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|\?\/\/=?|\/\/=?|[-+*/%|=!<>]=|\.\.|[^]/iuy;

/** The program in tokens, without white space and comments. An unclosed string is the last one. */
export function jqTokens(program: string): readonly JqToken[] {
  const tokens: JqToken[] = [];
  let at = lengthOf(BLANK, program, 0);
  while (at < program.length) {
    const end = program[at] === '"' ? endOfString(program, at) : at + lengthOf(TOKEN, program, at);
    tokens.push({ text: program.slice(at, end), start: at, end });
    at = end + lengthOf(BLANK, program, end);
  }
  return tokens;
}

function lengthOf(pattern: RegExp, program: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(program)?.[0].length ?? 0;
}

/** Interpolations belong to the string, with the strings inside of them. */
function endOfString(program: string, start: number): number {
  let at = start + 1;
  while (at < program.length && program[at] !== '"') {
    if (program.startsWith('\\(', at)) at = endOfInterpolation(program, at + 2);
    else at += program[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, program.length);
}

/**
 * Where an interpolation ends, behind its parenthesis.
 * @param start behind the `\\(` that opens it
 */
export function endOfInterpolation(program: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < program.length && depth > 0) {
    if (program[at] === '"') {
      at = endOfString(program, at);
      continue;
    }
    if (program[at] === '(') depth += 1;
    if (program[at] === ')') depth -= 1;
    at += 1;
  }
  return at;
}

/** What the scanner is inside of; in none of these, it is in the program itself. */
type Inside = 'double quotes' | 'single quotes' | 'parentheses' | 'interpolation';

/**
 * An expression as jq reads it. jq knows double quotes alone, but mappings are written with single
 * ones as well: a single quote that opens at the start or after white space stands for a double
 * quote, and so does the next one before white space or the end. Inside double quotes and comments,
 * where jq itself has a use for it, a single quote stays.
 */
export function jqText(expression: Expression): string {
  if (!expression.includes("'")) return expression;
  const letters = Array.from(expression);
  for (const position of quotePositions(letters)) letters[position] = '"';
  return letters.join('');
}

/** Whether jq has nothing to run: white space and comments alone. */
export function isBlank(expression: Expression): boolean {
  return expression.split('\n').every((line) => /^\s*(?:#|$)/u.test(line));
}

function quotePositions(letters: readonly string[]): readonly number[] {
  const positions: number[] = [];
  const inside: Inside[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at];
    const place = inside.at(-1);
    if (place === 'double quotes' || place === 'single quotes') {
      const closes = place === 'double quotes' ? letter === '"' : closesAt(letters, at);
      if (closes && place === 'single quotes') positions.push(at);
      if (closes) inside.pop();
      else if (letter === '\\') {
        at += 1;
        if (letters[at] === '(') inside.push('interpolation');
      }
    } else if (letter === '"') inside.push('double quotes');
    else if (letter === '(') inside.push('parentheses');
    else if (letter === ')') inside.pop();
    else if (letter === '#') while (at < letters.length && letters[at] !== '\n') at += 1;
    else if (opensAt(letters, at)) {
      positions.push(at);
      inside.push('single quotes');
    }
  }
  return positions;
}

function opensAt(letters: readonly string[], at: number): boolean {
  return letters[at] === "'" && isSpaceOrEdge(letters[at - 1]);
}

function closesAt(letters: readonly string[], at: number): boolean {
  return letters[at] === "'" && isSpaceOrEdge(letters[at + 1]);
}

function isSpaceOrEdge(letter: string | undefined): boolean {
  return letter === undefined || /\s/u.test(letter);
}

/** A step of a path: a key, or any member of a list. */
export type PathStep = { readonly key: string } | 'member';

/** The path that an expression begins with. */
interface LeadingPath {
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
