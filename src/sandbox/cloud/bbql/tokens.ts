import { invalidQuery } from '../cloud-error.js';

/** A literal of the filter language. Dates are milliseconds since the epoch. */
export type Literal =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'date'; readonly value: number }
  | { readonly type: 'null'; readonly value: null };

export type Token =
  | { readonly type: 'literal'; readonly literal: Literal }
  /** A field, or one of AND, OR, IN, NOT. */
  | { readonly type: 'word'; readonly text: string }
  /** An operator, parenthesis or comma. */
  | { readonly type: 'sign'; readonly text: string };

const space = /\s+/y;
const text = /"((?:[^"\\]|\\.)*)"/y;
const date = /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/y;
const number = /-?\d+(?:\.\d+)?/y;
const word = /[A-Za-z_][\w.]*/y;
const sign = /!=|!~|>=|<=|[=~<>(),]/y;

/** @throws CloudError 400 for what is none of the language's */
export function tokens(query: string): readonly Token[] {
  const found: Token[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(query);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  while (position < query.length) {
    if (take(space) !== null) continue;
    const start = position;
    const token = literal(take) ?? plain(take);
    if (token === undefined) throw invalidQuery(`unexpected ${query.slice(start, start + 10)}`);
    found.push(token);
  }
  return found;
}

function literal(take: (pattern: RegExp) => RegExpExecArray | null): Token | undefined {
  const quoted = take(text)?.[1];
  if (quoted !== undefined) return asLiteral({ type: 'string', value: unescaped(quoted) });
  const day = take(date)?.[0];
  if (day !== undefined) return asLiteral({ type: 'date', value: milliseconds(day) });
  const digits = take(number)?.[0];
  if (digits !== undefined) return asLiteral({ type: 'number', value: Number(digits) });
  return undefined;
}

function plain(take: (pattern: RegExp) => RegExpExecArray | null): Token | undefined {
  const name = take(word)?.[0];
  if (name !== undefined) {
    const lower = name.toLowerCase();
    if (lower === 'null') return asLiteral({ type: 'null', value: null });
    if (lower === 'true' || lower === 'false') {
      return asLiteral({ type: 'boolean', value: lower === 'true' });
    }
    return { type: 'word', text: name };
  }
  const symbol = take(sign)?.[0];
  return symbol === undefined ? undefined : { type: 'sign', text: symbol };
}

function asLiteral(value: Literal): Token {
  return { type: 'literal', literal: value };
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1');
}

/**
 * A date with or without time and zone; without a zone it is UTC.
 * @throws CloudError 400 when there is no such day
 */
export function milliseconds(written: string): number {
  const hasTime = written.includes('T');
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(written);
  const at = Date.parse(hasTime && !hasZone ? `${written}Z` : written);
  if (Number.isNaN(at)) throw invalidQuery(`${written} is no date`);
  return at;
}
