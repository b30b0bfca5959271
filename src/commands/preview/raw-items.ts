import { z } from 'zod';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { ProblemError } from '../../problems/problem.js';
import { placeInText, whereJsonBreaks } from './json-break.js';

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
  return `${placeInText(text, offset)}: ${why}`;
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
