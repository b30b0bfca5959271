import type { MappedFields } from '../model/entity.js';
import type { ResourceReference } from '../model/resource.js';

/** A jq expression as its author wrote it, single-quoted strings included. */
export type Expression = string;

/** A condition of a search query. Each part is an expression over the raw item. */
export interface SearchRule {
  readonly property: Expression;
  readonly operator: Expression;
  readonly value: Expression;
}

/** Names entities by what they hold instead of by identifier: Port does the looking up. */
export interface SearchQuery {
  readonly combinator: Expression;
  readonly rules: readonly (SearchRule | SearchQuery)[];
}

/** What fills an identifier, team or relation. */
export type FieldMapping = Expression | SearchQuery;

/** Which blueprint a feed fills: known beforehand, or named by each item. */
export type BlueprintMapping =
  | {
      readonly type: 'literal';
      readonly identifier: string;
      /** Each item names one of several blueprints; only those that name this one are for this feed. */
      readonly among?: Among;
    }
  | { readonly type: 'computed'; readonly expression: Expression };

/** A blueprint that items name, and those that they may name. */
export interface Among {
  readonly expression: Expression;
  /** At least one, each once. */
  readonly listed: readonly string[];
}

/** One member of a resource's `mappings`: turns an item into at most one entity. */
export interface Feed {
  readonly resource: ResourceReference;
  /** Position in `mappings`, from 0. */
  readonly index: number;
  readonly identifier: FieldMapping;
  readonly blueprint: BlueprintMapping;
  readonly title?: Expression;
  readonly icon?: Expression;
  readonly team?: FieldMapping;
  readonly properties: Readonly<Record<string, Expression>>;
  readonly relations: Readonly<Record<string, FieldMapping>>;
  /** The names of all that stands above. */
  readonly fields: MappedFields;
}

/** How the items of one kind become entities. */
export interface MappingResource {
  readonly reference: ResourceReference;
  readonly kind: string;
  /** `query` decides on each item; the other keys belong to the kind and tell the source what to read. */
  readonly selector: { readonly query: Expression; readonly [key: string]: unknown };
  /** False: nothing is deleted in the blueprints that it feeds. Port's own key, its core 0.53.0. */
  readonly enableDelete: boolean;
  /** Where one item holds many: an expression that gives their list. */
  readonly itemsToParse?: Expression;
  /** The field under which each of the many is put into its item. */
  readonly itemsToParseName: string;
  /** Whether the list itself is taken out of the item. */
  readonly itemsToParseTopLevelTransform: boolean;
  readonly feeds: readonly Feed[];
  /** An expression without which nothing can be made is not jq: each item fails. */
  readonly isBroken?: true;
  /** Files that leaves name as `file://PATH`; they are read from `__mappedFiles` now. */
  readonly mappedFiles?: readonly string[];
}

/** A key of a mapping that Port holds, which we do not know and pass over. */
export interface UnknownKey {
  /** `resources[0].selector.files.repo` */
  readonly path: string;
  /** Position of the resource that it stands in; null where it stands beside the resources. */
  readonly resource: number | null;
}

/** A whole mapping, valid in shape. Whether its expressions compile is another question. */
export interface Mapping {
  /** Where it was written, for messages: a file, or Port. */
  readonly origin: string;
  readonly createMissingRelatedEntities: boolean;
  readonly deleteDependentEntities: boolean;
  readonly enableMergeEntity: boolean;
  /** From 0, which switches deletions off, to 1. */
  readonly entityDeletionThreshold: number;
  readonly resources: readonly MappingResource[];
  /** What was passed over. A mapping of the user's own has none: there they are mistakes. */
  readonly unknownKeys: readonly UnknownKey[];
}

/** Whether a field is filled by a search query rather than by an expression. */
export function isSearchQuery(
  mapping: Expression | SearchRule | SearchQuery,
): mapping is SearchQuery {
  return typeof mapping === 'object' && 'rules' in mapping;
}

/** Whether a literal of the resource names the blueprint. */
export function feedsBlueprint({ feeds }: MappingResource, identifier: string): boolean {
  return feeds.some(
    ({ blueprint }) => blueprint.type === 'literal' && blueprint.identifier === identifier,
  );
}

/** Whether only running the resource's mapping tells which blueprint it feeds. */
export function computesBlueprint({ feeds }: MappingResource): boolean {
  return feeds.some(({ blueprint }) => blueprint.type === 'computed');
}

/** Whether a part of a mapping feeds the blueprint, or computes which one it feeds. */
export function mayFeed({ blueprint: named }: Feed, blueprint: string): boolean {
  return named.type === 'computed' || named.identifier === blueprint;
}
