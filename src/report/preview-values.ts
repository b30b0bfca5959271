import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import { cutBelow } from '../model/json-depth.js';
import { cutColumns, grouped, printable } from './text.js';
import { cutText } from '../model/text.js';

/** How values are shown to a person. */
export interface ValueStyle {
  /** In columns. */
  readonly width: number;
  /** Masks secrets. */
  readonly redact: (text: string) => string;
}

/** Characters of a text that are shown: the beginning of a readme, and a whole address. */
const LONGEST_TEXT = 72;
/** However narrow the place. */
const SHORTEST_TEXT = 12;
/** Members at this depth stand on one line, cut if need be: links of a repository of a pull request. */
const DEEPEST = 3;
/** Members of a list that are shown. */
const LIST_MEMBERS = 3;
/** Levels that are shown at all. */
const MOST_LEVELS = 20;
const INDENT = '  ';
/** Lines of a value that are shown. */
const MOST_LINES = 80;

/** A value on one line of at most `width` columns, cut where it is longer. */
export function valueLine(value: JsonValue, style: ValueStyle): string {
  return cutColumns(fitted(cutBelow(MOST_LEVELS, value), '', '', style), style.width);
}

/** A value on as many lines as it takes, up to a limit. What fits on one line stands on one. */
export function valueLines(value: JsonValue, style: ValueStyle): readonly string[] {
  const lines = pretty(cutBelow(MOST_LEVELS, value), { before: '', after: '' }, '', style);
  const shown = lines.length <= MOST_LINES ? lines : lines.slice(0, MOST_LINES - 1);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`… ${grouped(left)} more lines`] : [])].map((line) =>
    cutColumns(line, style.width),
  );
}

function pretty(
  value: JsonValue,
  { before, after }: { readonly before: string; readonly after: string },
  indent: string,
  style: ValueStyle,
): readonly string[] {
  const whole = fitted(value, `${indent}${before}`, after, style);
  const isDeep = indent.length >= DEEPEST * INDENT.length;
  if (whole.length <= style.width || isDeep || !isNested(value)) return [whole];
  const isList = isJsonArray(value);
  const entries = isList ? value.slice(0, LIST_MEMBERS).map(unnamed) : membersOf(value, style);
  const left = isList ? value.length - entries.length : 0;
  return [
    `${indent}${before}${isList ? '[' : '{'}`,
    ...entries.flatMap(([name, member], index) => {
      const comma = index < entries.length - 1 || left > 0 ? ',' : '';
      return pretty(member, { before: name, after: comma }, `${indent}${INDENT}`, style);
    }),
    ...(left > 0 ? [`${indent}${INDENT}… ${grouped(left)} more`] : []),
    `${indent}${isList ? ']' : '}'}${after}`,
  ];
}

/** The value between two texts. A text that makes the line too long is cut more, so that its end is seen. */
function fitted(value: JsonValue, before: string, after: string, style: ValueStyle): string {
  const whole = `${before}${compact(value, style)}${after}`;
  const excess = whole.length - style.width;
  if (typeof value !== 'string' || excess <= 0) return whole;
  const length = Math.min(value.length, LONGEST_TEXT) - excess - 1;
  return `${before}${textOf(value, style, Math.max(SHORTEST_TEXT, length))}${after}`;
}

function isNested(value: JsonValue): value is readonly JsonValue[] | JsonObject {
  if (isJsonArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}

function unnamed(member: JsonValue): readonly [string, JsonValue] {
  return ['', member];
}

function membersOf(
  value: JsonObject,
  style: ValueStyle,
): readonly (readonly [string, JsonValue])[] {
  return Object.entries(value).map(
    ([name, member]) => [`${textOf(name, style)}: `, member] as const,
  );
}

function compact(value: JsonValue, style: ValueStyle): string {
  if (typeof value === 'string') return textOf(value, style);
  if (isJsonArray(value)) {
    const shown = value.slice(0, LIST_MEMBERS).map((member) => compact(member, style));
    const left = value.length - shown.length;
    return `[${[...shown, ...(left > 0 ? [`… ${grouped(left)} more`] : [])].join(', ')}]`;
  }
  if (isJsonObject(value)) {
    const members = membersOf(value, style).map(
      ([name, member]) => `${name}${compact(member, style)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** Masked first: what is cut is no longer recognised as a secret. */
function textOf(text: string, { redact }: ValueStyle, longest = LONGEST_TEXT): string {
  const masked = redact(text);
  const shown = cutText(masked, longest + 1);
  const ending = masked.length > LONGEST_TEXT ? ` (${grouped(masked.length)} characters)` : '';
  return printable(`${JSON.stringify(shown)}${ending}`);
}
