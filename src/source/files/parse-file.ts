import {
  type Document,
  isAlias,
  isNode,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type ScalarTag,
  type Tags,
  visit,
} from 'yaml';
import { z } from 'zod';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import { deepestJson } from '../../model/json-depth.js';
import { whereTooDeep } from '../../yaml/yaml-text.js';

/** A file's content as data, or why there is none. */
export type ParsedFile =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** How much of a parser's message is told, in characters. It may quote the file. */
const messageCharacters = 120;

/**
 * Bounds what aliases cost: each may stand for nearly the whole file. Their number times the file's
 * length, in characters. 300 aliases in a file of 100 KB are fine.
 */
const aliasedCharacters = 32 * 1024 * 1024;

const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

/**
 * Reads JSON and YAML, by the file's name. Several YAML documents are a list; an empty YAML file is null.
 */
export function parseFile(path: string, text: string): ParsedFile {
  if (/\.json$/i.test(path)) return parseJson(text);
  if (/\.ya?ml$/i.test(path)) return parseYaml(text);
  return {
    ok: false,
    reason: 'neither JSON nor YAML by its name; set files.skipParsing to true to map its text',
  };
}

function parseJson(text: string): ParsedFile {
  if (text.trim() === '') return { ok: false, reason: 'an empty file, which is not JSON' };
  try {
    return bounded('JSON', jsonValue.parse(JSON.parse(text)));
  } catch (error) {
    return { ok: false, reason: `not valid JSON: ${messageOf(error)}` };
  }
}

function parseYaml(text: string): ParsedFile {
  if (whereTooDeep(text) !== null) {
    return { ok: false, reason: `not usable YAML: nested more than ${deepestJson} levels deep` };
  }
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.1',
      customTags: jsonTags,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const documents = 'empty' in parsed ? [] : parsed;
    const [fault] = documents.flatMap(({ errors }) => errors);
    if (fault !== undefined) return { ok: false, reason: `not valid YAML: ${messageOf(fault)}` };
    if (aliasesIn(documents) * text.length > aliasedCharacters) {
      return { ok: false, reason: 'not usable YAML: too many aliases for its length' };
    }
    const values = documents
      // How many aliases there are was checked; what they amount to is, before it is written out.
      .map((document) => jsonValue.parse(document.toJS({ maxAliasCount: -1 }) ?? null))
      // A separator at the end begins a document that holds nothing.
      .filter((value) => value !== null);
    const [first = null, ...others] = values;
    const content = bounded('YAML', others.length === 0 ? first : values);
    if (!content.ok) return content;
    // Through JSON: a text for every key, and no value that JSON does not have.
    return { ok: true, value: jsonValue.parse(JSON.parse(JSON.stringify(content.value))) };
  } catch (error) {
    return { ok: false, reason: `not usable YAML: ${messageOf(error)}` };
  }
}

/**
 * The lines, from 1 on, where the documents of a file begin or, in a file of a single one that is a
 * list, its members. Empty documents do not count. JSON is YAML here.
 */
export function linesOfParts(text: string): readonly number[] {
  if (whereTooDeep(text) !== null) return [];
  const lineCounter = new LineCounter();
  const options = { version: '1.1', customTags: jsonTags, uniqueKeys: false } as const;
  const parsed = parseAllDocuments(text, { ...options, logLevel: 'silent', lineCounter });
  const roots = ('empty' in parsed ? [] : parsed).flatMap(({ contents }) => contents ?? []);
  const [root, ...others] = roots;
  const parts = isSeq(root) && others.length === 0 ? root.items : roots;
  return parts.flatMap((part) => {
    return isNode(part) ? [lineCounter.linePos(part.range[0]).line] : [];
  });
}

/** Content that can be passed on, or why it cannot. */
function bounded(language: string, value: JsonValue): ParsedFile {
  const excess = excessOf(value);
  return excess === null
    ? { ok: true, value }
    : { ok: false, reason: `not usable ${language}: ${excess}` };
}

function aliasesIn(documents: readonly Document[]): number {
  let count = 0;
  for (const document of documents) {
    visit(document, (_, node) => {
      if (isAlias(node)) count += 1;
    });
  }
  return count;
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
  // YAML's own words end in a colon, before lines that are left out.
  return line
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/:\s*$/u, '')
    .slice(0, messageCharacters);
}

const timestampTag = 'tag:yaml.org,2002:timestamp';
const booleanTag = 'tag:yaml.org,2002:bool';

/** Values that JSON has no place for. Without their tags they are read as plain text, lists and maps. */
const unknownToJson = ['binary', 'omap', 'pairs', 'set'].map((name) => `tag:yaml.org,2002:${name}`);

/** Timestamps of YAML 1.1 (yaml.org/type/timestamp.html): date, time, fraction, offset. */
const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(\.\d*)?(?:[ \t]*(Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/;

const timestamps: ScalarTag = {
  tag: timestampTag,
  default: true,
  test: timestamp,
  resolve: (text) => asRfc3339(text),
};

/** What PyYAML, which today's integration reads with, takes for true and false: not `y` and `n`. */
const booleans: readonly ScalarTag[] = [
  booleanTagOf(true, /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/),
  booleanTagOf(false, /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/),
];

/** Tags of YAML 1.1, changed so that every value is one of JSON, and dates are texts of RFC 3339. */
function jsonTags(tags: Tags): Tags {
  const dropped = [timestampTag, booleanTag, ...unknownToJson];
  const kept = tags.filter((tag) => typeof tag === 'string' || !dropped.includes(tag.tag));
  return [...booleans, timestamps, ...kept];
}

/** A date stays a date; a time without an offset is one of UTC, as YAML has it. */
function asRfc3339(text: string): string {
  const [, year, month, day, hour, minute, second, fraction, offset] = timestamp.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return text;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (hour === undefined || minute === undefined || second === undefined) return date;
  const exact = fraction === undefined || fraction === '.' ? '' : fraction;
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}${exact}${offsetOf(offset)}`;
}

function offsetOf(offset: string | undefined): string {
  const [, sign, hours, minutes] = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(offset ?? 'Z') ?? [];
  if (sign === undefined || hours === undefined) return 'Z';
  return `${sign}${hours.padStart(2, '0')}:${minutes ?? '00'}`;
}

function booleanTagOf(value: boolean, test: RegExp): ScalarTag {
  return { tag: booleanTag, default: true, test, resolve: () => value };
}

/**
 * How long content may be with all that it refers to, in characters. A file itself is smaller; its
 * aliases and references may stand for the same text again and again.
 */
const longest = 8 * 1024 * 1024;

/** Why content is more than can be passed on; null where it is not. Parts may occur several times. */
export function excessOf(content: JsonValue): string | null {
  const measured = new Map<JsonValue, Measure>();
  const { depth, length } = measure(content, deepestJson, measured);
  if (depth > deepestJson) return `nested more than ${deepestJson} levels deep`;
  return length > longest ? 'larger than 8 MiB with what it refers to' : null;
}

/** Levels below a value, and its characters as JSON, roughly. */
interface Measure {
  readonly depth: number;
  readonly length: number;
}

/** @param left how many levels are looked into at most: one more is already too many */
function measure(value: JsonValue, left: number, measured: Map<JsonValue, Measure>): Measure {
  if (typeof value === 'string') return { depth: 0, length: value.length + 2 };
  const members = membersOf(value);
  if (members === null || left < 0) return { depth: 0, length: 5 };
  const known = measured.get(value);
  if (known !== undefined) return known;
  // A part that holds itself, as YAML allows, has no end.
  measured.set(value, { depth: Infinity, length: Infinity });
  let depth = 0;
  let length = 2;
  for (const [name, member] of members) {
    const inner = measure(member, left - 1, measured);
    depth = Math.max(depth, inner.depth);
    length += name.length + inner.length + 4;
  }
  const result = { depth: depth + 1, length };
  measured.set(value, result);
  return result;
}

function membersOf(value: JsonValue): readonly (readonly [string, JsonValue])[] | null {
  if (isJsonArray(value)) return value.map((member) => ['', member] as const);
  return isJsonObject(value) ? Object.entries(value) : null;
}
