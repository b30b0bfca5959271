import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import { listedKind, type KindDeclaration, type ListedKind, type Parameters } from '../../kind.js';
import type { PageKind } from '../paging.js';

/** A kind of Bitbucket Cloud. */
export interface CloudKind extends ListedKind {
  readonly pageSize: PageKind;
  /** An item below a repository, with what an answer may leave out though it is known. */
  whole(value: JsonObject, repository: RawItem): JsonObject;
  /** The full name of the repository that an item below one says it belongs to; null: it does not say. */
  homeOf(value: JsonObject): string | null;
  /** Parameters of the listing. */
  wanted(selector: unknown): Parameters;
  /** What of a query lets this item through and no other; null: the listing takes no query. */
  only(value: JsonObject): string | null;
}

/** A kind as its file writes it down. */
export interface CloudKindDeclaration<Shape extends z.ZodRawShape, Item> extends KindDeclaration<
  Shape,
  Item
> {
  readonly pageSize?: PageKind;
  readonly whole?: CloudKind['whole'];
  readonly home?: (item: Item) => string | null;
  readonly wanted?: (selector: z.output<z.ZodObject<Shape>>) => Parameters;
  readonly only?: (item: Item) => string;
}

/** Declares a kind. */
export function cloudKind<Shape extends z.ZodRawShape, Item>(
  declaration: CloudKindDeclaration<Shape, Item>,
): CloudKind {
  const selector = z.object(declaration.selector);
  const { listed, read } = listedKind(declaration, '.links.html.href');
  return {
    ...listed,
    pageSize: declaration.pageSize ?? 'general',
    whole: declaration.whole ?? ((value) => value),
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.home?.(known) ?? null);
    },
    wanted: (given) => declaration.wanted?.(selector.parse(given ?? {})) ?? listed.widest,
    only: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.only?.(known) ?? null);
    },
  };
}
