import type { JsonObject } from './json.js';
import type { ResourceReference } from './resource.js';

/** Something that a source listed, before the mapping has seen it. */
export interface RawItem {
  /** Identity that stays the same while pages move, unique within its kind: `42`, `PAY/api#7`. */
  readonly key: string;
  /** Where a person looks at it, for messages. Null when the source does not tell. */
  readonly link: string | null;
  /** What jq sees. Never changed after it was made: listings are shared. */
  readonly value: JsonObject;
  /**
   * Fields of `value` (`__readme`) that could not be read, as opposed to those that are known to be
   * empty. What is mapped from them is left out of the upsert, so that a good value survives.
   */
  readonly unreadable?: readonly string[];
  /** Where a person looks at each of several things that it holds, in their order: lines of a file. */
  readonly parts?: readonly string[];
}

/**
 * What a listing is a listing of. A deletion rests on the scopes that its entity came from.
 * - `root`: `projects`, `repositories`; everything below it stands on it.
 * - `repository`: what belongs to one repository, such as its pull requests. With `of`, to something else
 *   that things belong to, of that kind.
 */
export type Scope =
  | {
      readonly type: 'root';
      readonly name: string;
      /** Nothing stands on it: what depends on it is what its own resource feeds. */
      readonly isLeaf?: true;
    }
  | {
      readonly type: 'repository';
      readonly name: string;
      readonly repository: RawItem;
      readonly of?: 'project';
    };

/** Some items of one scope, in the source's order. May be empty. */
export interface Page {
  readonly scope: Scope;
  readonly items: readonly RawItem[];
}

/** Where an item problem happened. */
export interface AtItem {
  readonly resource: ResourceReference;
  readonly item: string;
}

/** The item by its link, or by its key where it has none. */
export function atItem(resource: ResourceReference, item: RawItem): AtItem {
  return { resource, item: item.link ?? item.key };
}
