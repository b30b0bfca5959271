import { ProblemError, type Problem, type ProblemOf } from '../problems/problem.js';
import { readKinds, type KindReading, type MappingKind } from './check-kinds.js';
import { feedOf } from './feed.js';
import { filesOf, placeOf, withoutFileReferences, type FileReference } from './file-references.js';
import type { Mapping, MappingResource } from './mapping.js';
import { mappingSchema, type WrittenMapping, type WrittenResource } from './mapping-schema.js';
import { dotted, findings, withoutUnknownKeys, type Finding } from './schema-issues.js';

/** What a mapping is checked against. */
export interface ParseOptions {
  /** Where it was written, for messages. */
  readonly origin: string;
  /** The kinds of the source, each with the schema of its selector keys besides `query`. */
  readonly kinds: readonly MappingKind[];
  /** `warning` where another program may have written it and may know more keys than we do. */
  readonly unknownKeys: 'error' | 'warning';
}

/** A mapping, the keys in it that were not understood, and the spellings that will go. */
export interface ParsedMapping {
  readonly mapping: Mapping;
  /** None of them is a failure. */
  readonly problems: readonly Problem[];
}

const DELETION_THRESHOLD = 0.9;
const ITEMS_TO_PARSE_NAME = 'item';

/**
 * Reads a mapping in the shape in which Port keeps it.
 * @throws ProblemError with a `mapping-invalid` for everything that is wrong with it
 */
export function parseMapping(written: unknown, options: ParseOptions): ParsedMapping {
  const { value, references } = withoutFileReferences(written, options.kinds);
  const kinds = readKinds(value, options.kinds);
  const first = mappingSchema.safeParse(value);
  const found = [...findings(first.error?.issues ?? []), ...kinds.flatMap((kind) => kind.findings)];
  const isTolerated = (finding: Finding): boolean =>
    options.unknownKeys === 'warning' && finding.unknownKeys !== undefined;
  const warnings = found.filter(isTolerated);
  const second =
    warnings.length === 0 ? first : mappingSchema.safeParse(withoutUnknownKeys(value, warnings));
  // The second look may see more than the first: what stood beside an unknown key.
  const errors = [
    ...findings(second.error?.issues ?? []),
    ...kinds.flatMap((kind) => kind.findings.filter((finding) => !isTolerated(finding))),
  ];
  const [firstError, ...others] = errors.map((finding) => toProblem(finding, options.origin));
  if (firstError !== undefined) throw new ProblemError([firstError, ...others]);
  if (second.data === undefined) throw new Error('a mapping that is wrong for no reason');
  return {
    mapping: toMapping(second.data, kinds, references, options.origin),
    problems: [
      ...warnings.map((finding) => toWarning(finding, options.origin)),
      ...references.map((reference) => toNotice(reference, options.origin)),
    ],
  };
}

function toProblem({ path, reason }: Finding, origin: string): ProblemOf<'mapping-invalid'> {
  return { code: 'mapping-invalid', origin, path: dotted(path), reason };
}

function toWarning({ path, reason }: Finding, origin: string): Problem {
  return { code: 'mapping-key-unknown', origin, path: dotted(path), reason };
}

function toNotice(reference: FileReference, origin: string): Problem {
  const { kind, file } = reference;
  return { code: 'file-reference-deprecated', origin, kind, path: placeOf(reference), file };
}

function toMapping(
  written: WrittenMapping,
  kinds: readonly KindReading[],
  references: readonly FileReference[],
  origin: string,
): Mapping {
  return {
    origin,
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
  { kind, selector, port }: WrittenResource,
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
    ...(itemsToParse === undefined ? {} : { itemsToParse }),
    itemsToParseName: port.itemsToParseName ?? ITEMS_TO_PARSE_NAME,
    itemsToParseTopLevelTransform: port.itemsToParseTopLevelTransform ?? true,
    feeds: entities.map((written, position) => feedOf(written, position, reference)),
  };
}
