import { z } from 'zod';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { ProblemError } from '../../problems/problem.js';

const values = z.custom<readonly JsonValue[]>((value) => Array.isArray(value));

/** An answer of Bitbucket that lists items: people copy one as it is. */
const listing = z.union([
  z.looseObject({ values, isLastPage: z.boolean() }),
  z.looseObject({ values, pagelen: z.number() }),
]);

const serverLink = z.object({
  links: z.object({ self: z.tuple([z.object({ href: z.string() })], z.unknown()) }),
});
const cloudLink = z.object({ links: z.object({ html: z.object({ href: z.string() }) }) });

/**
 * Raw items from a text: one item, a list of them, a page as Bitbucket answers it, or one a line.
 * @param origin what the text is called in messages
 * @throws ProblemError settings-file-unreadable, with line and column
 */
export function rawItemsIn(text: string, origin: string): readonly RawItem[] {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (content.trim() === '') throw unusable(origin, 'there is nothing in it');
  const values = valuesIn(content, origin);
  return values.map((value, index) => {
    if (isJsonObject(value)) {
      return { key: `item ${index + 1}`, link: linkIn(value), value };
    }
    throw unusable(origin, `item ${index + 1} is ${nameOf(value)}, not an object`);
  });
}

function valuesIn(text: string, origin: string): readonly JsonValue[] {
  const offset = whereJsonBreaks(text);
  if (offset === null) return itemsOf(parsed(text));
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  // One item a line, if the first line is one: mistakes are then shown with their line in the file.
  const isPerLine = lines.length > first + 1 && whereJsonBreaks(lines[first] ?? '') === null;
  if (!isPerLine) throw unusable(origin, brokenAt(text, offset));
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const broken = whereJsonBreaks(line);
    if (broken === null) return [parsed(line)];
    throw unusable(origin, `line ${index + 1}, column ${broken + 1}: this is not JSON`);
  });
}

function brokenAt(text: string, offset: number): string {
  const why =
    offset === text.trimEnd().length || offset === text.length
      ? 'it ends early'
      : 'this is not JSON';
  return `${positionInText(text, offset)}: ${why}`;
}

function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (isJsonArray(value)) return value;
  const page = listing.safeParse(value);
  return page.success ? page.data.values : [value];
}

function parsed(text: string): JsonValue {
  // What JSON.parse gives is a JSON value by definition.
  return JSON.parse(text) as JsonValue;
}

function linkIn(value: JsonValue): string | null {
  return (
    serverLink.safeParse(value).data?.links.self[0].href ??
    cloudLink.safeParse(value).data?.links.html.href ??
    null
  );
}

function nameOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isJsonArray(value)) return 'a list';
  return `a ${typeof value === 'string' ? 'text' : typeof value}`;
}

function unusable(file: string, reason: string): ProblemError {
  return ProblemError.of({ code: 'settings-file-unreadable', file, reason });
}

/** A token of JSON (RFC 8259), after white space. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])))/uy;

/** What may stand next. */
type Expectation =
  'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

const CLOSING = { '{': '}', '[': ']' } as const;

/**
 * Where a text stops being one JSON value: an offset into it. `JSON.parse` tells it in some versions
 * of Node.js only, and quotes the text, which may hold a secret. Null when the text is JSON.
 */
export function whereJsonBreaks(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start: number = startOfNext(text, TOKEN.lastIndex);
    if (start === text.length) return expected === 'nothing' ? null : start;
    const match = TOKEN.exec(text);
    if (match === null) return start;
    const [, sign, quoted] = match;
    const inside = open.at(-1);
    const next = after({ sign, isText: quoted !== undefined, expected, inside });
    if (next === null) return start;
    if (sign === '{' || sign === '[') open.push(sign);
    if (sign === '}' || sign === ']') open.pop();
    const isClosed: boolean = open.length === 0 && next === 'comma or end';
    expected = isClosed ? 'nothing' : next;
  }
}

/** What may follow a token; null when it must not stand here. */
function after({
  sign,
  isText,
  expected,
  inside,
}: {
  readonly sign: string | undefined;
  readonly isText: boolean;
  readonly expected: Expectation;
  readonly inside: '{' | '[' | undefined;
}): Expectation | null {
  const isValue = expected === 'value' || expected === 'value or end';
  if (sign === undefined) {
    if (isText && (expected === 'key' || expected === 'key or end')) return 'colon';
    return isValue ? 'comma or end' : null;
  }
  switch (sign) {
    case '{':
      return isValue ? 'key or end' : null;
    case '[':
      return isValue ? 'value or end' : null;
    case '}':
    case ']':
      return inside !== undefined && CLOSING[inside] === sign && expected.endsWith('or end')
        ? 'comma or end'
        : null;
    case ',':
      if (expected !== 'comma or end') return null;
      return inside === '{' ? 'key' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : null;
    default:
      return null;
  }
}

function startOfNext(text: string, from: number): number {
  const blank = /[ \t\r\n]*/uy;
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

/** `line 3, column 7` of an offset; both count from 1. */
export function positionInText(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
