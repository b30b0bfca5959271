import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import type { KindDescription } from '../../source.js';
import type { PageKind } from '../paging.js';

/** Parameters of a URL. */
export type Parameters = Readonly<Record<string, string>>;

/** What an item is told by. */
export interface Identity {
  /** Stays the same when it is renamed; unique within its kind or, below a repository, within that. */
  readonly key: string;
  /** What its address is made of; below a repository, what follows the repository's. */
  readonly segments: readonly string[];
}

/** A kind of Bitbucket Cloud: how it is listed, tried and asked for by its address follows from it. */
export interface CloudKind extends KindDescription {
  /** In the user's words: `pull requests`. */
  readonly plural: string;
  /** Its listing, below the root of the API or the repository; `{}` is the workspace. */
  readonly path: readonly string[];
  /** Parameters with which its listing leaves nothing out. */
  readonly widest: Parameters;
  readonly pageSize: PageKind;
  /** Its pages for people, below the page of the workspace or of the repository. */
  readonly pages: readonly string[];
  /** What is in a repository is not listed, but looked for in its branches. */
  readonly contents: 'folders' | 'files' | null;
  /** Null for something that is not such an item. */
  identify(value: JsonObject): Identity | null;
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
export interface CloudKindDeclaration<Shape extends z.ZodRawShape, Item> {
  readonly name: string;
  readonly plural: string;
  /** Absent: it is listed at the root. */
  readonly under?: 'repository';
  /** Keys of the selector, besides the mapping's `query`. */
  readonly selector: Shape;
  readonly path: readonly string[];
  readonly widest?: Parameters;
  readonly pageSize?: PageKind;
  readonly pages: readonly string[];
  readonly contents?: 'folders' | 'files';
  readonly idleParts?: KindDescription['idleParts'];
  /** What is relied on of an item. */
  readonly item: z.ZodType<Item>;
  readonly key: (item: Item) => string | number;
  readonly segments: (item: Item) => readonly (string | number)[];
  readonly whole?: CloudKind['whole'];
  readonly home?: (item: Item) => string | null;
  readonly wanted?: (selector: z.output<z.ZodObject<Shape>>) => Parameters;
  readonly only?: (item: Item) => string;
  readonly extras?: readonly string[];
  readonly members?: CloudKind['members'];
  /** Fields that may name another repository than the one that the item belongs to. */
  readonly elsewhere?: readonly string[];
}

/** Declares a kind. */
export function cloudKind<Shape extends z.ZodRawShape, Item>(
  declaration: CloudKindDeclaration<Shape, Item>,
): CloudKind {
  const { name, plural, under, path, widest = {}, pages, item, elsewhere } = declaration;
  const selector = z.object(declaration.selector);
  const read = (value: JsonObject): Item | undefined => item.safeParse(value).data;
  return {
    name,
    plural,
    scope: under ?? 'root',
    selector: z.strictObject({ query: z.unknown().optional(), ...declaration.selector }),
    path,
    widest,
    pageSize: declaration.pageSize ?? 'general',
    pages,
    contents: declaration.contents ?? null,
    ...(declaration.idleParts === undefined ? {} : { idleParts: declaration.idleParts }),
    // What is in a repository has no page of its own in the answer.
    ...(declaration.contents === undefined ? { ownLink: '.links.html.href' } : {}),
    ...(declaration.extras === undefined ? {} : { extras: declaration.extras }),
    ...(declaration.members === undefined ? {} : { members: declaration.members }),
    ...(elsewhere === undefined ? {} : { fieldsOfOtherRepositories: elsewhere }),
    identify: (value) => {
      const known = read(value);
      if (known === undefined) return null;
      const segments = declaration.segments(known).map(String);
      return { key: String(declaration.key(known)), segments };
    },
    whole: declaration.whole ?? ((value) => value),
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.home?.(known) ?? null);
    },
    wanted: (given) => declaration.wanted?.(selector.parse(given ?? {})) ?? widest,
    only: (value) => {
      const known = read(value);
      return known === undefined ? null : (declaration.only?.(known) ?? null);
    },
  };
}
