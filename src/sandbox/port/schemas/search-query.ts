import { z } from 'zod';

const scalar = z.union([z.null(), z.string(), z.number(), z.boolean()]);
const scalarOrTexts = z.union([scalar, z.array(z.string())]);
const scalarOrList = z.union([scalarOrTexts, z.array(z.number()), z.array(z.boolean())]);
const dateTime = z.iso.datetime({ offset: true });

const VALUE_OPERATORS = [
  '=',
  '!=',
  'containsAny',
  'contains',
  'doesNotContains',
  'beginsWith',
  'doesNotBeginsWith',
  'endsWith',
  'doesNotEndsWith',
  'in',
  'notIn',
] as const;

const BLUEPRINT_PRESETS = [
  'today',
  'tomorrow',
  'yesterday',
  'lastWeek',
  'last2Weeks',
  'lastMonth',
  'last3Months',
  'last6Months',
  'last12Months',
] as const;

/** A search over the whole catalog knows one span of time more. */
const CATALOG_PRESETS = [...BLUEPRINT_PRESETS, 'lastDay'] as const;

const dateRange = z.object({ from: dateTime, to: dateTime });
const dateRule = {
  property: z.string(),
  operator: z.enum(['between', 'notBetween', '=']),
};
const catalogDateRule = z.strictObject({
  ...dateRule,
  value: z.union([dateRange, z.object({ preset: z.enum(CATALOG_PRESETS) })]),
});
const blueprintDateRule = z.strictObject({
  ...dateRule,
  value: z.union([dateRange, z.object({ preset: z.enum(BLUEPRINT_PRESETS) })]),
});

const emptyRule = z.strictObject({
  property: z.string(),
  operator: z.enum(['isEmpty', 'isNotEmpty']),
});

const orderRule = z.strictObject({
  property: z.string(),
  operator: z.enum(['>', '>=', '<', '<=']),
  value: z.union([z.number(), dateTime]),
});

const valueRule = { property: z.string(), operator: z.enum(VALUE_OPERATORS) };
const catalogValueRule = z.strictObject({ ...valueRule, value: scalarOrList });
const blueprintValueRule = z.strictObject({ ...valueRule, value: scalarOrTexts });

const relatedRule = z.strictObject({
  operator: z.literal('relatedTo'),
  blueprint: z.string(),
  value: z.union([z.string(), z.array(z.string())]),
  direction: z.enum(['upstream', 'downstream']).optional(),
  required: z.boolean().optional(),
});

const targetProperty = z.enum(['$title', '$identifier']).optional();

const relationValueRule = z.strictObject({
  relation: z.string(),
  targetProperty,
  operator: z.enum(VALUE_OPERATORS),
  value: scalarOrTexts,
});

const relationEmptyRule = z.strictObject({
  relation: z.string(),
  targetProperty,
  operator: z.enum(['isEmpty', 'isNotEmpty']),
});

const catalogRules = z.union([
  catalogValueRule,
  catalogDateRule,
  emptyRule,
  orderRule,
  relatedRule,
]);
const blueprintRules = z.union([
  blueprintValueRule,
  blueprintDateRule,
  emptyRule,
  orderRule,
  relatedRule,
  relationValueRule,
  relationEmptyRule,
]);
const lookupRules = z.union([
  z.strictObject({
    property: z.string(),
    operator: z.literal('='),
    value: z.union([z.string(), z.number(), z.null()]),
  }),
  z.strictObject({
    property: z.string(),
    operator: z.enum(['in', 'containsAny']),
    value: z.array(z.string()),
  }),
  z.strictObject({
    property: z.string(),
    operator: z.literal('contains'),
    value: z.union([z.string(), z.array(z.string()), z.null()]),
  }),
]);

/** A condition on one entity. */
export type SearchRule = z.output<typeof catalogRules> | z.output<typeof blueprintRules>;
/** What a date rule compares with. */
export type DateSpan = z.output<typeof catalogDateRule>['value'];
/** How a value rule compares. */
export type ValueOperator = (typeof VALUE_OPERATORS)[number];

/** Conditions, all of which (`and`) or one of which (`or`) must hold. */
export interface SearchQuery {
  readonly combinator: 'and' | 'or';
  readonly rules: readonly (SearchRule | SearchQuery)[];
}

function queryOf(rule: z.ZodType<SearchRule>): z.ZodType<SearchQuery> {
  const query: z.ZodType<SearchQuery> = z.strictObject({
    combinator: z.enum(['and', 'or']),
    rules: z.array(z.union([rule, z.lazy(() => query)])),
  });
  return query;
}

/**
 * `EntitiesQuery`, for a search over the whole catalog. Left out, here and below: rules on
 * scorecards, timers, paths, property schemas and the asking user, which the built-in Port has not.
 */
export const catalogQuery = queryOf(catalogRules);

/** `EntitiesQueryV2`, for a search in one blueprint: it also knows rules on relations. */
export const blueprintQuery = queryOf(blueprintRules);

/** `SearchIdentifierQuery` and `SearchRelationsQuery`: finds the entity or target that is meant. */
export const lookupQuery = queryOf(lookupRules);
