import {
  type Expression,
  type Feed,
  type FieldMapping,
  isSearchQuery,
  type MappingResource,
  type SearchQuery,
  type SearchRule,
} from './mapping.js';
import type { RawItem } from '../model/page.js';
import type { Outcome } from './read-result.js';

/** An expression of a feed and the dotted path of what it fills: `relations.project`. */
export interface FeedField {
  readonly field: string;
  readonly expression: Expression;
}

/**
 * All expressions of a feed, in the one order that the program writes their results and the mapper
 * reads them. A search query has one for each of its parts.
 */
export function fieldsOf(feed: Feed): readonly FeedField[] {
  const { identifier, blueprint, title, icon, team, properties, relations } = feed;
  const named = blueprint.type === 'computed' ? blueprint.expression : blueprint.among?.expression;
  return [
    ...partsOf('identifier', identifier),
    ...(named === undefined ? [] : [{ field: 'blueprint', expression: named }]),
    ...(title === undefined ? [] : [{ field: 'title', expression: title }]),
    ...(icon === undefined ? [] : [{ field: 'icon', expression: icon }]),
    ...(team === undefined ? [] : partsOf('team', team)),
    ...Object.entries(properties).map(([name, expression]) => ({
      field: `properties.${name}`,
      expression,
    })),
    ...Object.entries(relations).flatMap(([name, mapping]) =>
      partsOf(`relations.${name}`, mapping),
    ),
  ];
}

/** A feed for each member of `mappings`: those that differ in their blueprint alone share the rest. */
function mappingsOf({ feeds }: MappingResource): readonly Feed[] {
  return [...new Map(feeds.map((feed) => [feed.index, feed])).values()];
}

/** All expressions of a resource with their dotted paths below it: `port.entity.mappings.title`. */
export function expressionsOf(resource: MappingResource): readonly FeedField[] {
  const { selector, itemsToParse } = resource;
  const mappings = mappingsOf(resource);
  return [
    { field: 'selector.query', expression: selector.query },
    ...(itemsToParse === undefined
      ? []
      : [{ field: 'port.itemsToParse', expression: itemsToParse }]),
    ...mappings.flatMap((feed) =>
      fieldsOf(feed).map(({ field, expression }) => ({
        field: `port.entity.mappings${mappings.length > 1 ? `[${feed.index}]` : ''}.${field}`,
        expression,
      })),
    ),
  ];
}

function partsOf(path: string, mapping: FieldMapping | SearchRule): readonly FeedField[] {
  if (typeof mapping === 'string') return [{ field: path, expression: mapping }];
  return isSearchQuery(mapping) ? queryParts(path, mapping) : ruleParts(path, mapping);
}

function queryParts(path: string, { combinator, rules }: SearchQuery): readonly FeedField[] {
  return [
    { field: `${path}.combinator`, expression: combinator },
    ...rules.flatMap((rule, index) => partsOf(`${path}.rules[${index}]`, rule)),
  ];
}

function ruleParts(path: string, { property, operator, value }: SearchRule): readonly FeedField[] {
  return [
    { field: `${path}.property`, expression: property },
    { field: `${path}.operator`, expression: operator },
    { field: `${path}.value`, expression: value },
  ];
}

/** What a feed needs to know of itself for each item, worked out once. */
export interface FeedPlan {
  readonly feed: Feed;
  /** Its expressions by the dotted path of what they fill, with the position of their outcome. */
  readonly fields: ReadonlyMap<string, FeedField & { readonly position: number }>;
  /** Stands before field names in problems: `mappings[1].` where the resource has several feeds. */
  readonly prefix: string;
}

/**
 * Whether a result is for this feed, by the blueprint that the item names. Of what names none of those
 * listed, the feed of the first one tells.
 */
export function isForFeed({ feed, fields }: FeedPlan, outcomes: readonly Outcome[]): boolean {
  const { blueprint } = feed;
  if (blueprint.type === 'computed' || blueprint.among === undefined) return true;
  const { listed } = blueprint.among;
  const outcome = outcomes[fields.get('blueprint')?.position ?? -1];
  const named = outcome?.ok === true ? outcome.value : null;
  const isListed = typeof named === 'string' && listed.includes(named);
  return (isListed ? named : listed[0]) === blueprint.identifier;
}

/** The plans of all feeds of a resource, in order. */
export function feedPlans(resource: MappingResource): readonly FeedPlan[] {
  return resource.feeds.map((feed) => ({
    feed,
    fields: new Map(fieldsOf(feed).map((field, position) => [field.field, { ...field, position }])),
    prefix: mappingsOf(resource).length > 1 ? `mappings[${feed.index}].` : '',
  }));
}

/** A field of the item that could not be read and that the expression mentions. */
export function unreadableIn(expression: Expression, item: RawItem): string | undefined {
  return item.unreadable?.find((field) => expression.includes(field));
}

/** Why an expression that mentions it was not trusted. */
export function unreadableMessage(field: string): string {
  return `${field} could not be read`;
}

/** A field that could not be read and that decides whether, and as which entity, the item is mapped. */
export function unreadableForIdentity(
  { selector, itemsToParse, feeds }: MappingResource,
  item: RawItem,
): string | undefined {
  const identities = feeds
    .flatMap(fieldsOf)
    .filter(({ field }) => /^(?:identifier|blueprint)\b/u.test(field));
  return [selector.query, itemsToParse ?? '', ...identities.map(({ expression }) => expression)]
    .map((expression) => unreadableIn(expression, item))
    .find((field) => field !== undefined);
}
