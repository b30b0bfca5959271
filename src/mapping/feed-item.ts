import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import { type FeedPlan, unreadableIn } from './feed-fields.js';
import { type FieldMapping, isSearchQuery, type SearchQuery, type SearchRule } from './mapping.js';
import { type Outcome, shortened } from './read-result.js';
import { readIdentifier } from './identifier.js';

/** What an item says of a field. */
export type FieldReading =
  | { readonly status: 'read'; readonly value: JsonValue }
  | {
      readonly status: 'failed';
      readonly field: string;
      readonly expression: string;
      readonly message: string;
    }
  /** It rests on `source`, which could not be read from Bitbucket: nothing is known of it. */
  | {
      readonly status: 'unread';
      readonly field: string;
      readonly expression: string;
      readonly source: string;
    };

/** The outcomes of one feed's expressions on one item, read by field. */
export class FeedItem {
  constructor(
    private readonly plan: FeedPlan,
    private readonly outcomes: readonly Outcome[],
    private readonly raw: RawItem,
  ) {}

  /** @param mapping what fills the field: it tells whether to read one expression or many */
  read(path: string, mapping: FieldMapping): FieldReading {
    return typeof mapping === 'string' ? this.#expression(path) : this.#query(path, mapping);
  }

  #expression(path: string): FieldReading {
    const planned = this.plan.fields.get(path);
    const outcome = planned && this.outcomes[planned.position];
    if (planned === undefined || outcome === undefined) throw new Error(`no outcome for ${path}`);
    const { expression } = planned;
    const field = `${this.plan.prefix}${path}`;
    const source = unreadableIn(expression, this.raw);
    if (source !== undefined) return { status: 'unread', field, expression, source };
    if (outcome.ok) return { status: 'read', value: outcome.value };
    return { status: 'failed', field, expression, message: outcome.message };
  }

  #query(path: string, { combinator, rules }: SearchQuery): FieldReading {
    return together({
      combinator: this.read(`${path}.combinator`, combinator),
      rules: this.#rules(path, rules),
    });
  }

  #rules(path: string, rules: readonly (SearchRule | SearchQuery)[]): FieldReading {
    const readings = rules.map((rule, index) => this.#rule(`${path}.rules[${index}]`, rule));
    const whole = together(Object.fromEntries(readings.entries()));
    if (whole.status !== 'read') return whole;
    return { status: 'read', value: readings.map(valueIn) };
  }

  #rule(path: string, rule: SearchRule | SearchQuery): FieldReading {
    if (isSearchQuery(rule)) return this.#query(path, rule);
    return together({
      property: this.read(`${path}.property`, rule.property),
      operator: this.read(`${path}.operator`, rule.operator),
      value: this.read(`${path}.value`, rule.value),
    });
  }
}

/** An object of what was read; a part that was not read decides for the whole. */
function together(parts: Readonly<Record<string, FieldReading>>): FieldReading {
  const readings = Object.values(parts);
  const spoiled =
    readings.find(({ status }) => status === 'unread') ??
    readings.find(({ status }) => status === 'failed');
  if (spoiled !== undefined) return spoiled;
  const values = Object.entries(parts).map(([name, part]) => [name, valueIn(part)] as const);
  return { status: 'read', value: Object.fromEntries(values) };
}

function valueIn(reading: FieldReading): JsonValue {
  return reading.status === 'read' ? reading.value : null;
}

/** A value as Port takes it, and what was left out on the way. */
export interface FieldValue {
  readonly value: JsonValue;
  /** Nulls that stood in a list. */
  readonly nulls: number;
  /** Targets that no entity can have for an identifier. */
  readonly refused: readonly string[];
}

/**
 * A property. Nulls in a list that an expression made mean nothing to whoever reads the catalog, and one
 * costs the whole entity where the blueprint types the members.
 */
export function propertyValue(value: JsonValue): FieldValue {
  if (!isJsonArray(value) || !value.includes(null)) return { value, nulls: 0, refused: [] };
  const present = value.filter((member) => member !== null);
  return { value: present, nulls: value.length - present.length, refused: [] };
}

/** A title or icon: text or null. */
export function textValue(value: JsonValue): string | null {
  if (value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A team, several, or the search query that an expression made. */
export function teamValue(value: JsonValue): FieldValue {
  if (isJsonObject(value)) return { value, nulls: 0, refused: [] };
  if (!isJsonArray(value)) return { value: textValue(value), nulls: 0, refused: [] };
  const teams = value.map(textValue).filter((team) => team !== null);
  return { value: teams, nulls: value.length - teams.length, refused: [] };
}

/**
 * What a relation leads to. Numbers become text. A target that Port would refuse costs itself
 * alone: in a list the others stay, and a single one leaves the relation empty. To leave what Port
 * holds would keep a target of former days, and the catalog would depend on the runs before.
 */
export function relationValue(value: JsonValue): FieldValue {
  if (isJsonArray(value)) return manyTargets(value);
  if (value === null || isJsonObject(value)) return { value, nulls: 0, refused: [] };
  const { targets, refused } = readTargets([value]);
  return { value: targets[0] ?? null, nulls: 0, refused };
}

function manyTargets(values: readonly JsonValue[]): FieldValue {
  const present = values.filter((value) => value !== null);
  const { targets, refused } = readTargets(present);
  return { value: targets, nulls: values.length - present.length, refused };
}

function readTargets(values: readonly JsonValue[]): {
  readonly targets: readonly string[];
  readonly refused: readonly string[];
} {
  const targets: string[] = [];
  const refused: string[] = [];
  for (const value of values) {
    const reading = readIdentifier(value);
    if (reading.type === 'usable') targets.push(reading.identifier);
    else refused.push(shortened(reading.type === 'empty' ? '' : reading.identifier));
  }
  return { targets, refused };
}

const LARGE_NUMBER = /\d+(?:\.\d+)?e\+?\d+|\d{16,}/giu;

/**
 * Whether a text that jq made has a number of the item in it that is beyond 2^53: `.id | tostring`. Its
 * last digits were lost before jq saw it, and two items would share the identifier. Digits that the item
 * has in a text of its own are as Bitbucket wrote them.
 */
export function holdsRoundedNumber(text: string, item: JsonObject): boolean {
  const written = text.match(LARGE_NUMBER)?.filter((digits) => isRounded(Number(digits))) ?? [];
  if (written.length === 0) return false;
  const { numbers, texts } = scalarsOf(item);
  return written.some(
    (digits) =>
      numbers.has(Number(digits)) && !texts.some((candidate) => candidate.includes(digits)),
  );
}

function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Without recursion: an item may be nested thousands of levels deep. */
function scalarsOf(item: JsonObject): {
  readonly numbers: ReadonlySet<number>;
  readonly texts: readonly string[];
} {
  const numbers = new Set<number>();
  const texts: string[] = [];
  const left: JsonValue[] = [item];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'number') numbers.add(value);
    else if (typeof value === 'string') texts.push(value);
    else if (isJsonArray(value)) for (const member of value) left.push(member);
    else if (isJsonObject(value)) for (const member of Object.values(value)) left.push(member);
  }
  return { numbers, texts };
}
