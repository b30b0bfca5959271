import type { Expression } from './mapping.js';

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
