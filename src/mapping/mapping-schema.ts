import { z } from 'zod';
import { isBlank, jqText } from './jq-tokens.js';
import type { BlueprintMapping, Expression, SearchQuery } from './mapping.js';
import { nearest } from '../problems/nearest.js';
import { type IdentifierReading, readBlueprintIdentifier } from './identifier.js';

/** A line for each key: `has an unknown key titel (did you mean title?)`, or with all that there are. */
export function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const lines = keys.map((key) => {
    const meant = nearest(key, known);
    const guess = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
    return `has an unknown key ${key.replace(/\s+/gu, ' ')} (${guess})`;
  });
  return lines.join('\n');
}

/** A message that tells a value of the wrong kind from one that is not there. */
function must(be: string): { error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => (input === undefined ? 'is missing' : `must be ${be}`) };
}

/** The same where a key without a value (null, in YAML) leaves out what has to be there. */
function required(be: string): ReturnType<typeof must> {
  return { error: (issue) => (issue.input === null ? 'is empty' : must(be).error(issue)) };
}

/** An object that has no other keys. */
function closedObject<Shape extends z.ZodRawShape>(
  shape: Shape,
  be = 'an object',
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownKeys(issue.keys, Object.keys(shape))
        : must(be).error(issue),
  });
}

const JQ = 'a jq expression';

/**
 * Text, or what YAML makes of it when it looks like a number or boolean. A number of more digits
 * than fit has already lost some.
 */
const scalar = [
  z.string(),
  z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: 'is a number of too many digits; put it in quotes',
  }),
  z.boolean(),
] as const;

const expression = z
  .union(scalar, required(JQ))
  .transform(String)
  .refine((text) => !isBlank(text), 'is empty');

/** Null and an empty text leave a field unmapped. */
const optionalExpression = z
  .union([...scalar, z.null()], must(JQ))
  .transform((value) => (value === null || isBlank(String(value)) ? undefined : String(value)))
  .optional();

const searchRule = closedObject({ property: expression, operator: expression, value: expression });

const searchQuery: z.ZodType<SearchQuery> = closedObject({
  combinator: expression,
  rules: z
    .array(
      z.union([searchRule, z.lazy(() => searchQuery)], must('a rule or a search query')),
      must('a list of rules'),
    )
    .min(1, 'must not be empty'),
});

const fieldMapping = z.union([optionalExpression, searchQuery], must(`${JQ} or a search query`));

const identifier = z.union([expression, searchQuery], required(`${JQ} or a search query`));

/** A literal is known to be good or bad before anything runs. */
const blueprint = expression.transform((text, context): BlueprintMapping => {
  const literal = literalBlueprint(text);
  if (literal === null) return { type: 'computed', expression: text };
  if (literal.type === 'usable') return { type: 'literal', identifier: literal.identifier };
  const reason = literal.type === 'empty' ? 'is empty' : `holds ${literal.character}`;
  context.addIssue({ code: 'custom', message: `is no identifier that Port takes: it ${reason}` });
  return z.NEVER;
});

const named = 'an object of names and jq expressions';

const entityMapping = closedObject({
  identifier,
  blueprint,
  title: optionalExpression,
  icon: optionalExpression,
  team: fieldMapping.optional(),
  properties: z.record(z.string(), optionalExpression, must(named)).nullish(),
  relations: z.record(z.string(), fieldMapping, must(named)).nullish(),
});

/** `yes` and its like are booleans in YAML 1.1 and texts in YAML 1.2. */
const toggle = z
  .boolean({
    error: ({ input }) =>
      typeof input === 'string' && input !== ''
        ? `must be true or false, and is the text ${JSON.stringify(input)}`
        : 'must be true or false',
  })
  .nullish();
const RATIO = must('a number from 0 to 1');

const resource = closedObject({
  kind: z.string(must('the name of a kind')),
  /** What else stands here belongs to the kind, which checks it. */
  selector: z.looseObject({ query: optionalExpression }, must('an object')).nullish(),
  enableDelete: toggle,
  port: closedObject({
    itemsToParse: optionalExpression,
    itemsToParseName: z.string(must('the name of a field')).min(1, 'is empty').nullish(),
    itemsToParseTopLevelTransform: toggle,
    entity: closedObject({
      mappings: z.union(
        [entityMapping, z.array(entityMapping).min(1, 'must not be empty')],
        must('an entity mapping or a list of them'),
      ),
    }),
  }),
});

/** A mapping in the shape in which Port keeps it, as far as it does not depend on the kinds. */
export const mappingSchema = closedObject(
  {
    createMissingRelatedEntities: toggle,
    deleteDependentEntities: toggle,
    enableMergeEntity: toggle,
    entityDeletionThreshold: z.number(RATIO).min(0, RATIO).max(1, RATIO).nullish(),
    resources: z.array(resource, must('a list of resources')).min(1, 'must not be empty'),
  },
  'an object with a list of resources',
);

/** A mapping that passed the schema. */
export type WrittenMapping = z.output<typeof mappingSchema>;
/** A member of its `resources`. */
export type WrittenResource = WrittenMapping['resources'][number];
/** A member of a resource's `mappings`. */
export type WrittenEntity = z.output<typeof entityMapping>;

const JQ_STRING = /^\s*("(?:[^"\\]|\\.)*")\s*$/u;

/** The blueprint that an expression names when it is a text and nothing else; null otherwise. */
function literalBlueprint(expression: Expression): IdentifierReading | null {
  const literal = JQ_STRING.exec(jqText(expression))?.[1];
  if (literal === undefined) return null;
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? readBlueprintIdentifier(value) : null;
  } catch {
    // Interpolation (`"\(.kind)"`): a jq string, but not a JSON one.
    return null;
  }
}
