import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';

/** What an item makes of a search query that stands for an identifier. */
export type SearchReading =
  | {
      readonly type: 'usable';
      readonly search: JsonObject;
      /** The query in words. Holds a space, so that no entity can have it for an identifier. */
      readonly words: string;
    }
  /** A part is null or empty: Port would look for entities that lack the property. */
  | { readonly type: 'empty'; readonly path: string };

/**
 * Reads the query that an item's expressions gave.
 * @param path dotted, of the query: `identifier`
 */
export function readSearchIdentifier(query: JsonValue, path: string): SearchReading {
  if (!isJsonObject(query)) return { type: 'empty', path };
  const empty = emptyPart(query, path);
  if (empty !== null) return { type: 'empty', path: empty };
  return { type: 'usable', search: query, words: queryWords(query) };
}

/** Where the first part stands that says nothing, or null. */
function emptyPart(value: JsonValue | undefined, path: string): string | null {
  if (value === undefined || value === null || value === '') return path;
  if (isJsonArray(value)) {
    return first(value.map((member, index) => emptyPart(member, `${path}[${index}]`)));
  }
  if (!isJsonObject(value)) return null;
  return first(Object.entries(value).map(([name, part]) => emptyPart(part, `${path}.${name}`)));
}

function first(paths: readonly (string | null)[]): string | null {
  return paths.find((path) => path !== null) ?? null;
}

/** `slug = "api" and (tier = 1 or tier = 2)`. */
function queryWords({ combinator, rules }: JsonObject): string {
  const all = isJsonArray(rules) ? rules : [];
  return all.map(ruleWords).join(` ${word(combinator)} `);
}

function ruleWords(rule: JsonValue): string {
  if (!isJsonObject(rule)) return word(rule);
  if (rule.rules !== undefined) return `(${queryWords(rule)})`;
  return `${word(rule.property)} ${word(rule.operator)} ${JSON.stringify(rule.value)}`;
}

/** A name as it is; anything that could be taken for something else in quotes. */
function word(value: JsonValue | undefined): string {
  const isName = typeof value === 'string' && /^(?:[\w$@.-]+|[=!<>]+)$/u.test(value);
  return isName ? value : JSON.stringify(value ?? null);
}
