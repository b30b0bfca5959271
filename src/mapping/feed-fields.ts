import {
  isSearchQuery,
  type Expression,
  type Feed,
  type FieldMapping,
  type MappingResource,
  type SearchQuery,
  type SearchRule,
} from './mapping.js';

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
  return [
    ...partsOf('identifier', identifier),
    ...(blueprint.type === 'computed'
      ? [{ field: 'blueprint', expression: blueprint.expression }]
      : []),
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

/** All expressions of a resource with their dotted paths below it: `port.entity.mappings.title`. */
export function expressionsOf(resource: MappingResource): readonly FeedField[] {
  const { selector, itemsToParse, feeds } = resource;
  return [
    { field: 'selector.query', expression: selector.query },
    ...(itemsToParse === undefined
      ? []
      : [{ field: 'port.itemsToParse', expression: itemsToParse }]),
    ...feeds.flatMap((feed) =>
      fieldsOf(feed).map(({ field, expression }) => ({
        field: `port.entity.mappings${feeds.length > 1 ? `[${feed.index}]` : ''}.${field}`,
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
