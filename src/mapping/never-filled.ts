import type { RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import type { FieldCounts } from './field-tally.js';
import { leadingPath } from './leading-path.js';
import type { MappingResource } from './mapping.js';
import { type PathEnd, whereItEnds } from './filling-path.js';

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
