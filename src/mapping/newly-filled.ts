import type { Feed, FieldMapping, MappingResource } from './mapping.js';

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
  const made = feeds.flatMap(fieldsOf).flatMap(([field, mapping]) => {
    const sources = extras.filter((extra) => mentionsField(mapping, extra));
    return sources.length === 0 ? [] : [{ field, sources }];
  });
  if (made.length === 0) return null;
  const sources = new Set(made.flatMap((each) => each.sources));
  return {
    fields: [...new Set(made.map(({ field }) => field))],
    sources: extras.filter((extra) => sources.has(extra)),
  };
}

/** Whether an expression, or one of a search query, reads a field of that name. */
export function mentionsField(mapping: FieldMapping, field: string): boolean {
  const text = typeof mapping === 'string' ? mapping : JSON.stringify(mapping);
  return new RegExp(`\\.(?:${field}\\b|\\[\\\\?["']${field}\\\\?["'])`, 'u').test(text);
}

function fieldsOf({ title, icon, team, properties, relations }: Feed) {
  const labels = { title, icon, team };
  const all: readonly (readonly [string, FieldMapping | undefined])[] = [
    ...Object.entries(labels),
    ...Object.entries(properties).map(([name, value]) => [`properties.${name}`, value] as const),
    ...Object.entries(relations).map(([name, value]) => [`relations.${name}`, value] as const),
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
