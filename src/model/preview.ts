import type { Problem } from '../problems/problem.js';
import type { Entity } from './entity.js';
import type { JsonValue } from './json.js';
import type { RawItem } from './page.js';
import type { ResourceReference } from './resource.js';

/** What there is to say about the value of a field. */
export type FieldNote =
  /** `missing`: a key of its path that the item does not have; `nearest`: one that it has. */
  | { readonly type: 'null'; readonly missing?: string; readonly nearest?: string }
  /** jq ended in an error. */
  | { readonly type: 'failed'; readonly message: string }
  /** It rests on something that could not be read, and is left out of the entity. */
  | { readonly type: 'unread'; readonly source: string }
  /** Port takes text here: a number, boolean, list or object was written as one. */
  | { readonly type: 'made-text'; readonly from: string }
  | { readonly type: 'nulls-dropped'; readonly count: number }
  /** A target that cannot be an identifier in Port, left out. */
  | { readonly type: 'target-refused'; readonly target: string }
  /** No entity is made of the item. */
  | { readonly type: 'identifier-refused'; readonly character: string }
  /** See `identifier-refused`. */
  | { readonly type: 'identifier-empty' };

/** An expression, what it gave, and what became of that. */
export interface PreviewedField {
  /** Dotted: `relations.project`. */
  readonly field: string;
  readonly expression: string;
  /** As jq gave it; null where it gave nothing or failed. */
  readonly value: JsonValue;
  readonly notes: readonly FieldNote[];
}

/** What one member of `mappings` made of an item. */
export interface PreviewedFeed {
  /** Position in `mappings`, from 0. */
  readonly index: number;
  /** Null where there was no usable identifier. */
  readonly entity: Entity | null;
  readonly fields: readonly PreviewedField[];
}

/** A failure of jq. */
export interface PreviewFailure {
  readonly message: string;
}

/** What became of an item, or of one of the many that `itemsToParse` made of it. */
export interface PreviewedPart {
  /** Whether the selector let it through, or why that cannot be told. */
  readonly selector: boolean | PreviewFailure;
  /** Empty unless the selector let it through. */
  readonly feeds: readonly PreviewedFeed[];
}

/** A raw item with everything that the mapping made of it. */
export interface PreviewedItem {
  readonly item: RawItem;
  /** As a run would count it. */
  readonly status: 'mapped' | 'unselected' | 'failed';
  /** What `itemsToParse` gave; null where the resource has none. */
  readonly list: { readonly value: JsonValue } | PreviewFailure | null;
  /** Empty when the item failed as a whole: `problems` says why. */
  readonly parts: readonly PreviewedPart[];
  /** As a run would report them. */
  readonly problems: readonly Problem[];
}

/** A resource of the mapping, and the items that it was tried on. */
export interface PreviewedResource {
  readonly resource: ResourceReference;
  readonly items: readonly PreviewedItem[];
}
