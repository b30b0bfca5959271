import { z } from 'zod';
import type { Problem } from '../problems/problem.js';
import { type KindReading, type KnownKinds, readKinds } from './check-kinds.js';
import { type FileReference, filesOf, placeOf, withoutFileReferences } from './file-references.js';
import type { BlueprintMapping, Feed, Mapping, MappingResource, UnknownKey } from './mapping.js';
import { type Mistake, toProblems, toWarnings } from './mapping-problems.js';
import {
  mappingSchema,
  type WrittenEntity,
  type WrittenMapping,
  type WrittenResource,
} from './mapping-schema.js';
import { mistakenForMapping, type WrittenText } from './mapping-text.js';
import { dotted, type Finding, findings, withoutUnknownKeys } from './schema-issues.js';
import { type WrittenExpression, writtenExpressions } from './written-expressions.js';
import type { ResourceReference } from '../model/resource.js';

/** What a mapping is checked against. */
export interface ParseOptions extends KnownKinds {
  /** Where it was written, for messages. */
  readonly origin: string;
  /** `warning` where another program may have written it and may know more keys than we do. */
  readonly unknownKeys: 'error' | 'warning';
  /** The text it was written in, to show places of; null where Port keeps it, or it is built in. */
  readonly written?: WrittenText | null;
}

/** A mapping, the keys in it that were not understood, and the spellings that will go. */
export interface ParsedMapping {
  readonly mapping: Mapping;
  /** None of them is a failure. */
  readonly problems: readonly Problem[];
}

/** What there is to say of a mapping before jq has seen its expressions. */
export interface Inspection {
  /** Null when there are mistakes. */
  readonly parsed: ParsedMapping | null;
  readonly mistakes: readonly Mistake[];
  /** All that are written, wherever else the mapping is wrong. */
  readonly expressions: readonly WrittenExpression[];
}

const DELETION_THRESHOLD = 0.9;
const ITEMS_TO_PARSE_NAME = 'item';

/** Looks at a mapping in the shape in which Port keeps it. */
export function inspectMapping(written: unknown, options: ParseOptions): Inspection {
  const mistaken = mistakenForMapping(written);
  if (mistaken !== null) return { parsed: null, mistakes: [mistaken], expressions: [] };
  const { value, references } = withoutFileReferences(written, options.kinds);
  const expressions = writtenExpressions(value);
  const { look, passedOver } = lookPastUnknownKeys(value, options);
  const { parsed, kinds, findings: mistakes } = look;
  if (mistakes.length > 0) return { parsed: null, mistakes, expressions };
  if (parsed.data === undefined) throw new Error('a mapping that is wrong for no reason');
  const mapping = toMapping(parsed.data, kinds, references, {
    origin: options.origin,
    unknownKeys: passedOver.map(toUnknownKey),
  });
  const problems = [
    ...toWarnings(passedOver, written, options),
    ...references.map((reference) => toNotice(reference, options.origin)),
    ...kinds
      .flatMap(({ idle }) => idle)
      .map((path): Problem => ({
        code: 'selector-idle',
        origin: options.origin,
        path: dotted(path),
      })),
  ];
  return { parsed: { mapping, problems }, mistakes: [], expressions };
}

/** What schema and kinds make of a mapping. */
interface Look {
  readonly parsed: ReturnType<typeof mappingSchema.safeParse>;
  readonly kinds: readonly KindReading[];
  readonly findings: readonly Finding[];
}

function lookAt(value: unknown, options: ParseOptions): Look {
  const parsed = mappingSchema.safeParse(value);
  const kinds = readKinds(value, options);
  const inKinds = kinds.flatMap(({ findings: found, refusal }) => {
    // Of a mapping that Port holds, only the resource fails, as its reading tells.
    const isMistake = refusal !== undefined && options.unknownKeys === 'error';
    return isMistake ? [...found, refusal] : found;
  });
  const searching = searchingFindings(parsed.data?.resources ?? [], kinds);
  const inSchema = findings(parsed.error?.issues ?? []);
  return { parsed, kinds, findings: [...inSchema, ...inKinds, ...searching] };
}

/** Where content says what is loaded, a search could find, and change, what others made. */
function searchingFindings(
  resources: readonly WrittenResource[],
  kinds: readonly KindReading[],
): readonly Finding[] {
  return resources.flatMap(({ port }, index) => {
    if (listedIn(kinds[index]?.selector ?? {}).length === 0) return [];
    const { mappings } = port.entity;
    const entities = Array.isArray(mappings) ? mappings : [mappings];
    return entities.flatMap(({ identifier, blueprint }, position) => {
      if (typeof identifier === 'string' || blueprint.type === 'literal') return [];
      const at = Array.isArray(mappings) ? [position] : [];
      return {
        path: ['resources', index, 'port', 'entity', 'mappings', ...at, 'identifier'],
        reason: 'must be a jq expression beside selector.blueprints, not a search query',
      };
    });
  });
}

/**
 * Looks at a mapping without the keys that are not known, where these are tolerated. Each look may
 * see what stood beside such a key, more of them included.
 */
function lookPastUnknownKeys(
  value: unknown,
  options: ParseOptions,
): { readonly look: Look; readonly passedOver: readonly Finding[] } {
  const passedOver: Finding[] = [];
  let look = lookAt(value, options);
  while (options.unknownKeys === 'warning') {
    const unknown = look.findings.filter(({ unknownKey }) => unknownKey !== undefined);
    if (unknown.length === 0) break;
    passedOver.push(...unknown);
    look = lookAt(withoutUnknownKeys(value, passedOver), options);
  }
  return { look, passedOver };
}

/** `resources`, and the position of one, where a path leads into a resource. */
const intoResource = z.tuple([z.literal('resources'), z.number()], z.unknown());

function toUnknownKey({ path, unknownKey }: Finding): UnknownKey {
  const resource = intoResource.safeParse(path).data?.[1] ?? null;
  return { path: dotted(unknownKey === undefined ? path : [...path, unknownKey]), resource };
}

/**
 * Reads a mapping in the shape in which Port keeps it, without a look at its expressions.
 * @throws ProblemError with a `mapping-invalid` for everything that is wrong with it
 */
export function parseMapping(written: unknown, options: ParseOptions): ParsedMapping {
  const { parsed, mistakes } = inspectMapping(written, options);
  if (parsed === null) throw toProblems(mistakes, written, options);
  return parsed;
}

function toNotice(reference: FileReference, origin: string): Problem {
  const { kind, file } = reference;
  return { code: 'file-reference-deprecated', origin, kind, path: placeOf(reference), file };
}

function toMapping(
  written: WrittenMapping,
  kinds: readonly KindReading[],
  references: readonly FileReference[],
  about: Pick<Mapping, 'origin' | 'unknownKeys'>,
): Mapping {
  return {
    ...about,
    createMissingRelatedEntities: written.createMissingRelatedEntities ?? true,
    deleteDependentEntities: written.deleteDependentEntities ?? true,
    enableMergeEntity: written.enableMergeEntity ?? true,
    entityDeletionThreshold: written.entityDeletionThreshold ?? DELETION_THRESHOLD,
    resources: written.resources.map((resource, index) => {
      const files = filesOf(references, index);
      return {
        ...toResource(resource, index, kinds[index]?.selector ?? {}),
        ...(files.length === 0 ? {} : { mappedFiles: files }),
      };
    }),
  };
}

function toResource(
  { kind, selector, enableDelete, port }: WrittenResource,
  index: number,
  selectorKeys: Readonly<Record<string, unknown>>,
): MappingResource {
  const reference = { index, kind };
  const { itemsToParse, entity } = port;
  const entities = Array.isArray(entity.mappings) ? entity.mappings : [entity.mappings];
  return {
    reference,
    kind,
    selector: { ...selectorKeys, query: selector?.query ?? 'true' },
    enableDelete: enableDelete ?? true,
    ...(itemsToParse === undefined ? {} : { itemsToParse }),
    itemsToParseName: port.itemsToParseName ?? ITEMS_TO_PARSE_NAME,
    itemsToParseTopLevelTransform: port.itemsToParseTopLevelTransform ?? true,
    feeds: entities.flatMap((written, position) =>
      blueprintsOf(written.blueprint, selectorKeys).map((blueprint) =>
        feedOf({ ...written, blueprint }, position, reference),
      ),
    ),
  };
}

const bounded = z.object({ blueprints: z.array(z.string()).nullish() });

/**
 * A computed blueprint can be any, unless `selector.blueprints` lists those that items may name: then
 * there is a feed for each of them, and it is known what the resource feeds.
 */
function blueprintsOf(
  blueprint: BlueprintMapping,
  selectorKeys: Readonly<Record<string, unknown>>,
): readonly BlueprintMapping[] {
  const listed = listedIn(selectorKeys);
  if (blueprint.type === 'literal' || listed.length === 0) return [blueprint];
  const among = { expression: blueprint.expression, listed };
  return listed.map((identifier) => ({ type: 'literal', identifier, among }));
}

function listedIn(selectorKeys: Readonly<Record<string, unknown>>): readonly string[] {
  return [...new Set(bounded.safeParse(selectorKeys).data?.blueprints ?? [])];
}

/** The feed that an entity mapping describes. Fields that map to nothing are not in it. */
function feedOf(written: WrittenEntity, index: number, resource: ResourceReference): Feed {
  const { identifier, blueprint, title, icon, team } = written;
  const properties = present(written.properties ?? {});
  const relations = present(written.relations ?? {});
  return {
    resource,
    index,
    identifier,
    blueprint,
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(team === undefined ? {} : { team }),
    properties,
    relations,
    fields: {
      title: title !== undefined,
      icon: icon !== undefined,
      team: team !== undefined,
      properties: Object.keys(properties),
      relations: Object.keys(relations),
    },
  };
}

function present<Mapping>(
  mappings: Readonly<Record<string, Mapping | undefined>>,
): Record<string, Mapping> {
  const members: [string, Mapping][] = [];
  for (const [name, mapping] of Object.entries(mappings)) {
    if (mapping !== undefined) members.push([name, mapping]);
  }
  return Object.fromEntries(members);
}
