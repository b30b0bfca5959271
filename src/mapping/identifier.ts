import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';

/** Letters that Port takes in an identifier of an entity (Port API reference, "Create an entity"). */
const ENTITY_LETTER = /^[\p{L}0-9@_.+:\\/=-]$/u;
const LONGEST_ENTITY_IDENTIFIER = 1000;
/** The same of a blueprint (Port API reference, "Create a blueprint"): no `=`. */
const BLUEPRINT_LETTER = /^[\p{L}0-9@_.+:\\/-]$/u;
const LONGEST_BLUEPRINT_IDENTIFIER = 100;

/** What Port would not refuse, and we do: the digits are not those of Bitbucket. */
export const roundedNumber = 'a number too large to be exact';

/** What a value is as an identifier. */
export type IdentifierReading =
  | { readonly type: 'usable'; readonly identifier: string }
  /** Null or an empty text. */
  | { readonly type: 'empty' }
  /** `character`: what Port would refuse, readable in a sentence. */
  | { readonly type: 'refused'; readonly identifier: string; readonly character: string };

/** Reads the identifier of an entity or of a relation's target. Numbers and booleans become text. */
export function readIdentifier(value: JsonValue): IdentifierReading {
  return readAs(value, ENTITY_LETTER, LONGEST_ENTITY_IDENTIFIER);
}

/** Reads the identifier of a blueprint. */
export function readBlueprintIdentifier(value: JsonValue): IdentifierReading {
  return readAs(value, BLUEPRINT_LETTER, LONGEST_BLUEPRINT_IDENTIFIER);
}

function readAs(value: JsonValue, letter: RegExp, longest: number): IdentifierReading {
  if (value === null || value === '') return { type: 'empty' };
  const identifier = typeof value === 'string' ? value : JSON.stringify(value);
  const character =
    typeof value === 'string'
      ? refusedIn(value, letter, longest)
      : (refusedValue(value) ?? refusedIn(identifier, letter, longest));
  return character === null
    ? { type: 'usable', identifier }
    : { type: 'refused', identifier, character };
}

/** What no identifier can be made of. */
function refusedValue(value: Exclude<JsonValue, null | string>): string | null {
  if (typeof value === 'boolean') return null;
  if (typeof value !== 'number') return Array.isArray(value) ? 'a list' : 'an object';
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  return isExact ? null : roundedNumber;
}

function refusedIn(identifier: string, letter: RegExp, longest: number): string | null {
  if (identifier === '.' || identifier === '..') return `a lone "${identifier}"`;
  const letters = Array.from(identifier);
  const refused = letters.find((candidate) => !letter.test(candidate));
  if (refused !== undefined) return readable(refused);
  return letters.length > longest ? `more than ${longest} characters` : null;
}

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'a space',
  '\t': 'a tab',
  '\n': 'a line break',
  '\r': 'a carriage return',
  '\u00a0': 'a no-break space',
};

function readable(letter: string): string {
  const name = NAMES[letter];
  if (name !== undefined) return name;
  if (!/[\p{C}\p{M}\p{Z}]/u.test(letter)) return `"${letter}"`;
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What an item makes of a search query that stands for an identifier. */
type SearchReading =
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
