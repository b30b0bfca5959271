import { Lexer, Parser } from 'yaml';
import { deepestJson } from '../model/json-depth.js';

/** What stands on the parser's stack beside lists and objects: the document, and a value. */
const OTHERS_ON_STACK = 2;

/** Each level of nesting takes at least one of these characters. */
const INDICATOR = /[[{:?-]/gu;

/**
 * Where a YAML text becomes nested more deeply than any that is meant to be read; null where it does
 * not. To be asked before the text is parsed: the parser recurses, and what runs out of stack there
 * may end the process.
 */
export function whereTooDeep(text: string): number | null {
  if (!hasMoreThan(deepestJson, text)) return null;
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // What comes out is complete; what is open stands on the stack.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > deepestJson + OTHERS_ON_STACK) return parser.offset;
  }
  return null;
}

function hasMoreThan(count: number, text: string): boolean {
  INDICATOR.lastIndex = 0;
  for (let found = 0; found <= count; found += 1) if (!INDICATOR.test(text)) return false;
  return true;
}
