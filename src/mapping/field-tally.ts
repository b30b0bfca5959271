import type { RawItem } from '../model/page.js';
import type { FeedPlan } from './feed-plan.js';
import type { Expression } from './mapping.js';
import type { ItemResult, Outcome } from './read-result.js';
import { unreadIn } from './unread.js';

/** What an expression came to, over all items that the selector let through. */
export interface FieldCounts {
  /** Dotted, as problems name it: `properties.url`, `mappings[1].relations.project`. */
  readonly field: string;
  readonly expression: Expression;
  readonly filled: number;
  readonly nulls: number;
  readonly failed: number;
}

interface Count {
  readonly field: string;
  readonly expression: Expression;
  filled: number;
  nulls: number;
  failed: number;
}

/** Items that are kept to look for the keys that they have. */
const SAMPLES = 10;

/** Counts what the expressions of one resource give. */
export class FieldTally {
  /** By feed, then by the position of the outcome. */
  readonly #counts: readonly (readonly Count[])[];
  readonly #samples: RawItem[] = [];

  constructor(plans: readonly FeedPlan[]) {
    this.#counts = plans.map(({ fields, prefix }) =>
      [...fields.values()].map(({ field, expression }) => ({
        field: `${prefix}${field}`,
        expression,
        filled: 0,
        nulls: 0,
        failed: 0,
      })),
    );
  }

  /** Some of the first items that were counted. */
  get samples(): readonly RawItem[] {
    return this.#samples;
  }

  add(item: RawItem, results: readonly ItemResult[]): void {
    let isCounted = false;
    for (const result of results) {
      if (result.type !== 'selected') continue;
      isCounted = true;
      for (const [index, outcomes] of result.feeds.entries()) this.#addFeed(item, index, outcomes);
    }
    if (isCounted && this.#samples.length < SAMPLES) this.#samples.push(item);
  }

  counts(): readonly FieldCounts[] {
    return this.#counts.flat().map((count) => ({ ...count }));
  }

  #addFeed(item: RawItem, feed: number, outcomes: readonly Outcome[]): void {
    for (const [position, outcome] of outcomes.entries()) {
      const count = this.#counts[feed]?.[position];
      // What rests on something that could not be read from Bitbucket says nothing of the mapping.
      if (count === undefined || unreadIn(count.expression, item) !== undefined) continue;
      if (!outcome.ok) count.failed += 1;
      else if (outcome.value === null) count.nulls += 1;
      else count.filled += 1;
    }
  }
}
