import { fieldsOf, type FeedField } from './feed-fields.js';
import type { Feed, MappingResource } from './mapping.js';

/** What a feed needs to know of itself for each item, worked out once. */
export interface FeedPlan {
  readonly feed: Feed;
  /** Its expressions by the dotted path of what they fill, with the position of their outcome. */
  readonly fields: ReadonlyMap<string, FeedField & { readonly position: number }>;
  /** Stands before field names in problems: `mappings[1].` where the resource has several feeds. */
  readonly prefix: string;
}

/** The plans of all feeds of a resource, in order. */
export function feedPlans(resource: MappingResource): readonly FeedPlan[] {
  return resource.feeds.map((feed) => ({
    feed,
    fields: new Map(fieldsOf(feed).map((field, position) => [field.field, { ...field, position }])),
    prefix: resource.feeds.length > 1 ? `mappings[${feed.index}].` : '',
  }));
}
