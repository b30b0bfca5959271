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
