import { referenceKey } from '../../../model/entity.js';
import type { JsonValue } from '../../../model/json.js';
import { targetsOf } from '../../../model/blueprint.js';
import { relationOf } from '../blueprint.js';
import type { Catalog } from '../catalog.js';
import { metaField, type CatalogEntity } from '../entity.js';
import { mirrorValue } from '../mirror.js';
import { unprocessable } from '../refusal.js';
import type { DateSpan, SearchQuery, SearchRule } from '../schemas/search-query.js';
import { COMPARISONS, instantOf, isEmpty, order } from './comparisons.js';
import { boundsOf } from './date-span.js';
import { relatedKeys } from './related.js';

/** Whether an entity is one of those that are asked for. */
export type Matcher = (entity: CatalogEntity) => boolean;

/** What a query is judged against. */
export interface SearchWorld {
  readonly catalog: Catalog;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes a query into a test of one entity.
 * @throws Refusal for a `$field` that does not exist
 */
export function matcherOf(world: SearchWorld, query: SearchQuery): Matcher {
  const matchers = query.rules.map((rule) =>
    'combinator' in rule ? matcherOf(world, rule) : ruleMatcher(world, rule),
  );
  return query.combinator === 'and'
    ? (entity) => matchers.every((matches) => matches(entity))
    : (entity) => matchers.some((matches) => matches(entity));
}

function ruleMatcher(world: SearchWorld, rule: SearchRule): Matcher {
  if (rule.operator === 'relatedTo') {
    const keys = relatedKeys(world.catalog, rule);
    return (entity) => keys.has(referenceKey(entity));
  }
  const read =
    'relation' in rule
      ? relationReader(world.catalog, rule.relation, rule.targetProperty)
      : propertyReader(world.catalog, rule.property);
  const accepts = valueTest(rule, world.now);
  return (entity) => accepts(read(entity));
}

type ValueTest = (value: JsonValue) => boolean;

function valueTest(rule: Exclude<SearchRule, { operator: 'relatedTo' }>, now: number): ValueTest {
  switch (rule.operator) {
    case 'isEmpty':
      return isEmpty;
    case 'isNotEmpty':
      return (value) => !isEmpty(value);
    case '>':
      return (value) => order(value, rule.value) === 1;
    case '<':
      return (value) => order(value, rule.value) === -1;
    case '>=':
      return (value) => (order(value, rule.value) ?? -1) >= 0;
    case '<=':
      return (value) => (order(value, rule.value) ?? 1) <= 0;
    case 'between':
      return within(rule.value, now, true);
    case 'notBetween':
      return within(rule.value, now, false);
    case '=':
    case '!=':
    case 'contains':
    case 'doesNotContains':
    case 'containsAny':
    case 'beginsWith':
    case 'doesNotBeginsWith':
    case 'endsWith':
    case 'doesNotEndsWith':
    case 'in':
    case 'notIn': {
      const { operator, value: wanted } = rule;
      if (isDateSpan(wanted)) return within(wanted, now, true);
      return (value) => COMPARISONS[operator](value, wanted);
    }
  }
}

function within(span: DateSpan, now: number, wanted: boolean): ValueTest {
  const { from, to } = boundsOf(span, now);
  return (value) => {
    const instant = instantOf(value);
    return instant !== undefined && (instant >= from && instant <= to) === wanted;
  };
}

function isDateSpan(value: JsonValue | DateSpan): value is DateSpan {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function propertyReader(catalog: Catalog, name: string): (entity: CatalogEntity) => JsonValue {
  const meta = metaField(name);
  if (meta !== undefined) return meta;
  if (name.startsWith('$')) throw unprocessable(`there is no field "${name}"`);
  return (entity) => entity.properties[name] ?? mirrorValue(catalog, entity, name);
}

function relationReader(
  catalog: Catalog,
  name: string,
  targetProperty: '$title' | '$identifier' = '$identifier',
): (entity: CatalogEntity) => JsonValue {
  return (entity) => {
    const relation = relationOf(catalog.shelf(entity.blueprint).blueprint, name);
    if (relation === undefined) return null;
    const values = targetsOf(entity.relations[name]).map((identifier) =>
      targetProperty === '$identifier'
        ? identifier
        : (catalog.entity({ blueprint: relation.target, identifier })?.title ?? null),
    );
    return relation.many ? values : (values[0] ?? null);
  };
}
