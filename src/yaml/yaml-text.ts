import { types } from 'node:util';
import {
  type Document,
  isCollection,
  isScalar,
  Lexer,
  parseDocument,
  Parser,
  visit,
  type YAMLError,
} from 'yaml';
import { faultsOf, type YamlFault, yamlWords } from './yaml-faults.js';
import { deepestJson } from '../model/json-depth.js';

/** A YAML (or JSON) text, taken apart. */
export interface YamlText {
  readonly text: string;
  readonly document: Document.Parsed;
  /** An empty text is null. */
  readonly value: unknown;
}

/** The text taken apart, or all that keeps it from being used. */
export type YamlOpening = YamlText | { readonly faults: readonly YamlFault[] };

/** Uses of anchors in one text: more of them are meant to use up memory. */
const MOST_ALIASES = 1000;

/**
 * Takes a text of one YAML document apart. Of keys that stand twice the last one counts here: whoever
 * minds asks for `duplicateKeys`.
 */
export function openYaml(text: string): YamlOpening {
  if (text.includes('\0')) {
    return whole('is not UTF-8 text, but perhaps UTF-16: save it as UTF-8');
  }
  const tooDeep = whereTooDeep(text);
  if (tooDeep !== null) return { faults: [{ offset: tooDeep, reason: 'is nested too deeply' }] };
  try {
    const document = parseDocument(text, {
      logLevel: 'error',
      merge: true,
      prettyErrors: false,
      uniqueKeys: false,
    });
    // An unknown tag is a warning to the parser; here it is most often a value that lacks quotes.
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0) return { faults: firstOfEachLine(errors, text, document) };
    const faults = faultsOf(document, text);
    if (faults.length > 0) return { faults };
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return { text, document, value };
  } catch (error) {
    return whole(reasonOf(error));
  }
}

function whole(reason: string): YamlOpening {
  return { faults: [{ offset: null, reason }] };
}

/** What the parser throws instead of collecting it. */
function reasonOf(error: unknown): string {
  // By their names: where tests share modules between contexts, classes differ.
  const name = types.isNativeError(error) ? error.name : '';
  if (name === 'ReferenceError') return 'uses its anchors more often than a text needs';
  return 'merges (<<) something that is no object';
}

/** Where one line is wrong, further errors in it are most often its consequences. */
function firstOfEachLine(
  errors: readonly YAMLError[],
  text: string,
  document: Document.Parsed,
): readonly YamlFault[] {
  const faults = new Map<number, YamlFault>();
  for (const error of errors) {
    const [start] = error.pos;
    const line = text.slice(0, start).split('\n').length;
    if (faults.has(line)) continue;
    const others = errors.filter((other) => other !== error && other.pos[0] === start);
    const isFence = text.startsWith('```', start);
    const reason = isFence ? 'a line of Markdown stands here; remove it' : yamlWords(error, others);
    faults.set(line, { offset: opening(error, document) ?? start, reason });
  }
  return [...faults.values()];
}

/**
 * A quote or bracket that is never closed is noticed where the text ends, or a line begins that
 * cannot be inside of it; what a person looks for is where it opens.
 */
function opening({ code, message, pos }: YAMLError, document: Document.Parsed): number | null {
  const isQuote = code === 'MISSING_CHAR' && message.startsWith('Missing closing');
  const isBracket = code === 'BAD_INDENT' && message.startsWith('Flow ');
  let found: number | null = null;
  visit(document, {
    Node: (_key, node) => {
      const [start, , end] = node.range ?? [0, 0, 0];
      const isMeant = isScalar(node) ? isQuote : isBracket && isCollection(node) && node.flow;
      if (isMeant !== true || start >= pos[0] || end < pos[0]) return undefined;
      found = start;
      return visit.BREAK;
    },
  });
  return found;
}

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
