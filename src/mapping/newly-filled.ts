import { fieldsOf } from './feed-fields.js';
import type { Expression, MappingResource } from './mapping.js';

/** Fields of a resource's entities that change hands with the program. */
export interface NewlyFilled {
  /** `properties.documentation`, `relations.latestCommitAuthor` */
  readonly fields: readonly string[];
  /** The fields of an item that they are made of. */
  readonly sources: readonly string[];
}

/**
 * What a resource makes of fields that only we fill: where another program loaded the catalog with the same
 * mapping, these change in our first run. Null: nothing.
 * @param extras fields of an item that only we fill
 */
export function newlyFilled(
  { feeds }: MappingResource,
  extras: readonly string[],
): NewlyFilled | null {
  const made = feeds.flatMap(fieldsOf).flatMap(({ field, expression }) => {
    const sources = extras.filter((extra) => mentionsField(expression, extra));
    return sources.length === 0 ? [] : [{ field: field.replace(/\.rules.*/u, ''), sources }];
  });
  if (made.length === 0) return null;
  const sources = new Set(made.flatMap((each) => each.sources));
  return {
    fields: [...new Set(made.map(({ field }) => field))],
    sources: extras.filter((extra) => sources.has(extra)),
  };
}

/** Whether an expression reads a field of that name. */
export function mentionsField(expression: Expression, field: string): boolean {
  return new RegExp(`\\.(?:${field}\\b|\\[["']${field}["'])`, 'u').test(expression);
}
