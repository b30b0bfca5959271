import { jqTokens } from './jq-tokens.js';

/** Builtins that could only fail on each item, as they reach beyond it. */
const UNAVAILABLE = ['input', 'inputs', 'halt', 'halt_error', 'modulemeta'];

/** Words that begin a directive of a program, which an expression is not. */
const DIRECTIVES = ['import', 'include', 'module'];

/** What an expression asks for that no mapping has, with its place. */
export interface Unavailable {
  readonly name: string;
  readonly offset: number;
}

/**
 * Finds the first thing in an expression that is not available in a mapping. Where the expression
 * defines functions or builds objects, the name may be one of theirs: then nothing is said, and jq
 * tells it on the items.
 */
export function unavailableIn(expression: string): Unavailable | null {
  const tokens = jqTokens(expression);
  const [first] = tokens;
  if (first !== undefined && DIRECTIVES.includes(first.text)) {
    return { name: first.text, offset: first.start };
  }
  if (tokens.some(({ text }) => text === 'def' || text === '{')) return null;
  const found = tokens.find(({ text }) => UNAVAILABLE.includes(text));
  return found === undefined ? null : { name: found.text, offset: found.start };
}
