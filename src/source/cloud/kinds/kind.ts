import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import {
  type AllWanted,
  type KindDeclaration,
  type ListedKind,
  listedKind,
  type Wanted,
  wantedOf,
} from '../../kind.js';

/** Listings by the largest page that they give (documented 100; pull requests answer 400 above 50). */
export const pageItems = {
  general: 100,
  'pull requests': 50,
  activity: 50,
  requests: 100,
} as const;

/** What a listing counts as, when it comes to the size of its pages. */
export type PageKind = keyof typeof pageItems;

/** A kind of Bitbucket Cloud. */
export interface CloudKind extends ListedKind {
  readonly pageSize: PageKind;
  /** The key of its selector that is a filter in Bitbucket's query language; null: it has none. */
  readonly filterKey: string | null;
  /** Whether an answer may name no next page where there is one: pages have numbers. */
  readonly isNumbered: boolean;
  /** The full name of the repository that an item below one says it belongs to; null: it does not say. */
  homeOf(value: JsonObject): string | null;
  /** @param since from when on what changed is taken, in milliseconds; null: whenever it changed */
  wanted(selector: unknown, since: number | null): AllWanted;
  /** The field that tells it from others. */
  readonly smallest: string;
  /** What of a query lets this item through and no other; null: the listing takes no query. */
  only(value: JsonObject): string | null;
}

/** A kind as its file writes it down. */
export interface CloudKindDeclaration<Shape extends z.ZodRawShape, Item> extends KindDeclaration<
  Shape,
  Item
> {
  readonly pageSize?: PageKind;
  readonly filterKey?: keyof Shape & string;
  readonly numbered?: true;
  readonly home?: (item: Item) => string | null;
  readonly wanted?: (selector: z.output<z.ZodObject<Shape>>, since: number | null) => Wanted<Item>;
  readonly only?: (item: Item) => string;
  /** The field that tells it from others; by default its UUID. */
  readonly smallest?: string;
}

const htmlLink = z.object({ links: z.object({ html: z.object({ href: z.string() }) }) });

/** Where most have the address of their page. */
const usualLink = {
  path: '.links.html.href',
  of: (value: JsonObject): string | null => htmlLink.safeParse(value).data?.links.html.href ?? null,
};

/** Declares a kind. */
export function cloudKind<Shape extends z.ZodRawShape, Item>(
  declaration: CloudKindDeclaration<Shape, Item>,
): CloudKind {
  const selector = z.object(declaration.selector);
  const { pageSize = 'general' } = declaration;
  const declared = listedKind(declaration, usualLink, pageItems[pageSize]);
  const { read } = declared;
  return {
    ...declared.listed,
    pageSize,
    filterKey: declaration.filterKey ?? null,
    isNumbered: declaration.numbered ?? false,
    smallest: declaration.smallest ?? 'uuid',
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.home?.(known) ?? null);
    },
    wanted: (given, since) =>
      wantedOf(declaration.wanted?.(selector.parse(given ?? {}), since) ?? {}, declared),
    only: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.only?.(known) ?? null);
    },
  };
}
