import type { RawItem } from '../model/page.js';
import { type FeedPlan, isForFeed, unreadableIn } from './feed-fields.js';
import type { Expression, MappingResource } from './mapping.js';
import type { ItemResult, Outcome } from './read-result.js';
import type { Problem } from '../problems/problem.js';
import { leadingPath } from './jq-tokens.js';
import { type PathEnd, whereItEnds } from './filling-path.js';
import { resourceName, type ResourceReference } from '../model/resource.js';

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

  constructor(private readonly plans: readonly FeedPlan[]) {
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
    const plan = this.plans[feed];
    if (plan === undefined || !isForFeed(plan, outcomes)) return;
    for (const [position, outcome] of outcomes.entries()) {
      const count = this.#counts[feed]?.[position];
      // What rests on something that could not be read from Bitbucket says nothing of the mapping.
      if (count === undefined || unreadableIn(count.expression, item) !== undefined) continue;
      if (!outcome.ok) count.failed += 1;
      else if (outcome.value === null) count.nulls += 1;
      else count.filled += 1;
    }
  }
}

/** So many items must have been seen before the lack of a key that resembles another says anything. */
const FEW = 3;
/** So many, before never being filled alone does. */
const SOME = 5;

/** A literal null is meant, and `empty` gives nothing on purpose. */
const MEANT_EMPTY = /^[\s()]*(?:null|empty)[\s()]*$/u;

/** The author counts with null or nothing: a default, a condition, a filter, an optional key. */
const FORESEEN = /\/\/|\?|\b(?:if|select|try|empty|null|values|capture|scan|match|first|last)\b/u;

/**
 * Keys that Bitbucket leaves out of an item that has nothing to say there (`RestProject`,
 * `RestRepository`, `RestPullRequest` and `RestApplicationUser` of Data Center; repositories in
 * Cloud): a company in which nobody fills them is no mistake.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'description',
  'emailAddress',
  'closedDate',
  'origin',
  'parent',
  'website',
  'project',
  'mainbranch',
  'size',
  'language',
  'updated_on',
  'archived',
  'hierarchyId',
  'properties',
  'mergeCommit',
]);

/**
 * The fields that were null on every item and that look like a mistake of the mapping. A doubtful
 * one is not told: a key that is there and null, a filter that lets nothing through and the like are
 * facts about the company.
 * @param samples some of the items that were counted
 */
export function neverFilled(
  { reference, itemsToParse, itemsToParseName }: MappingResource,
  counts: readonly FieldCounts[],
  samples: readonly RawItem[],
): readonly Problem[] {
  // The values under this name were made by jq; only the keys beside them are known.
  const made = itemsToParse === undefined ? null : itemsToParseName;
  const values = samples.map(({ value }) => value);
  return counts.flatMap(({ field, expression, filled, nulls: seen, failed }): Problem[] => {
    if (filled > 0 || failed > 0 || MEANT_EMPTY.test(expression)) return [];
    const path = leadingPath(expression);
    const end = whereItEnds(path.steps, values, made);
    if (!isMistake(end, expression, path.isWhole, seen)) return [];
    const { missing, nearest } = end.type === 'missing' ? end : {};
    return [
      {
        code: 'field-never-filled',
        resource: reference,
        field,
        expression,
        seen,
        ...(missing === undefined ? {} : { missing }),
        ...(nearest === undefined ? {} : { nearest }),
      },
    ];
  });
}

function isMistake(end: PathEnd, expression: string, isWhole: boolean, seen: number): boolean {
  if (end.type === 'missing') {
    if (LEFT_OUT.has(end.missing)) return false;
    if (end.nearest !== undefined) return seen >= FEW;
    // What we attach ourselves is attached only where there is something to attach.
    if (end.missing.startsWith('__')) return false;
  }
  if (end.type === 'there' && isWhole) return false;
  if (end.type === 'nowhere') return false;
  return seen >= SOME && !FORESEEN.test(expression);
}

/**
 * How often fields were null or failed, in a line for the debug log; null where all were filled:
 * `repository: null: properties.description 3 of 12; failed: title 1 of 12`.
 */
export function fieldCountWords(
  resource: ResourceReference,
  counts: readonly FieldCounts[],
): string | null {
  const parts = [
    counted('null', counts, ({ nulls }) => nulls),
    counted('failed', counts, ({ failed }) => failed),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${resourceName(resource)}: ${parts.join('; ')}`;
}

function counted(
  name: string,
  counts: readonly FieldCounts[],
  numberOf: (count: FieldCounts) => number,
): string | null {
  const parts = counts
    .filter((count) => numberOf(count) > 0)
    .map((count) => {
      const seen = count.filled + count.nulls + count.failed;
      return `${count.field} ${numberOf(count)} of ${seen}`;
    });
  return parts.length === 0 ? null : `${name}: ${parts.join(', ')}`;
}
