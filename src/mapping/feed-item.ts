import type { JsonValue } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import { type FeedPlan, unreadIn } from './feed-fields.js';
import { isSearchQuery, type FieldMapping, type SearchQuery, type SearchRule } from './mapping.js';
import type { Outcome } from './read-result.js';

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
    const source = unreadIn(expression, this.raw);
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
