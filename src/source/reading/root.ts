import type { Scope } from '../../model/page.js';
import type { ScopeEnd } from '../source.js';
import type { RootScope } from './reading-record.js';

export const projectsScope: RootScope = { type: 'root', name: 'projects' };
export const repositoriesScope: RootScope = { type: 'root', name: 'repositories' };

/** What a second reading of root listings found. */
export interface RootConfirmation<Item> {
  readonly missed: readonly Item[];
  readonly ends: readonly ScopeEnd[];
}

/** What a reading stands on: items of root listings. Their ends are in the reading's record. */
export interface Root<Item> {
  /** The listings that it takes. */
  readonly scopes: readonly RootScope[];
  /** Never throws for a failed call: the record tells how the listings ended. */
  pages(): AsyncIterable<readonly Item[], void, undefined>;
  /** Reads those of `scopes` again that were read to their end. */
  confirm(scopes: readonly Scope[]): Promise<RootConfirmation<Item>>;
}

/** A root without the items that a resource is not about. They count as seen all the same. */
export function keeping<Item>(root: Root<Item>, keeps: (item: Item) => boolean): Root<Item> {
  return {
    scopes: root.scopes,
    pages: async function* pages(): AsyncGenerator<readonly Item[], void, undefined> {
      for await (const page of root.pages()) yield page.filter(keeps);
    },
    confirm: async (scopes) => {
      const { missed, ends } = await root.confirm(scopes);
      return { missed: missed.filter(keeps), ends };
    },
  };
}
