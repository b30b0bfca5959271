import { z } from 'zod';
import type { JsonObject } from '../model/json.js';
import type { KindDescription } from './source.js';

/** Parameters of a URL. */
export type Parameters = Readonly<Record<string, string>>;

/** What is looked for in the branches of repositories. */
export type Contents = 'files' | 'folders';

/** What identifies an item. */
export interface Identity {
  /** Stays the same when it is renamed; unique within its kind or, below a repository, within that. */
  readonly key: string;
  /** What its address is made of; below a repository, what follows the repository's. */
  readonly segments: readonly string[];
}

/** A kind of either Bitbucket: how it is listed, tried and asked for by its address follows from it. */
export interface ListedKind extends KindDescription {
  /** In the user's words: `pull requests`. */
  readonly plural: string;
  /** Its listing, below the root of the API or the repository; on Cloud, `{}` is the workspace. */
  readonly path: readonly string[];
  /** Parameters with which its listing leaves nothing out. */
  readonly widest: Parameters;
  /** Its pages for people: below the base URL, on Cloud the workspace's page, or the repository's page. */
  readonly pages: readonly string[];
  /** What is in a repository is not listed, but looked for in its branches. */
  readonly contents: Contents | null;
  /** Null for something that is not such an item. */
  identify(value: JsonObject): Identity | null;
}

/** What the file of a kind writes down, whichever Bitbucket it is of. */
export interface KindDeclaration<Shape extends z.ZodRawShape, Item> extends Pick<
  KindDescription,
  'idleParts' | 'extras' | 'members'
> {
  readonly name: string;
  readonly plural: string;
  /** Absent: it is listed at the root. */
  readonly under?: 'repository';
  /** Keys of the selector, besides the mapping's `query`. */
  readonly selector: Shape;
  readonly path: readonly string[];
  readonly widest?: Parameters;
  readonly pages: readonly string[];
  readonly contents?: Contents;
  /** What is relied on of an item. */
  readonly item: z.ZodType<Item>;
  readonly key: (item: Item) => string | number;
  readonly segments: (item: Item) => readonly (string | number)[];
  /** Fields that may name another repository than the one that the item belongs to. */
  readonly elsewhere?: readonly string[];
}

/** What is in repositories is looked for branch by branch, and has no address of its own. */
export const inBranches = {
  under: 'repository',
  pages: [],
  item: z.never(),
  key: () => '',
  segments: () => [],
} as const;

/** What one answer of a kind is, as far as it is relied on; undefined for something else. */
export type ReadItem<Item> = (value: JsonObject) => Item | undefined;

/** What a declaration says of a kind of either Bitbucket. */
export function listedKind<Shape extends z.ZodRawShape, Item>(
  declaration: KindDeclaration<Shape, Item>,
  ownLink: string,
): { readonly listed: ListedKind; readonly read: ReadItem<Item> } {
  const { name, plural, under, selector, path, widest = {}, pages, elsewhere } = declaration;
  const { idleParts, extras, members, contents = null } = declaration;
  const read: ReadItem<Item> = (value) => declaration.item.safeParse(value).data;
  const listed: ListedKind = {
    name,
    plural,
    scope: under ?? 'root',
    selector: z.strictObject({ query: z.unknown().optional(), ...selector }),
    path,
    widest,
    pages,
    contents,
    // What is in a repository has no page of its own in the answer.
    ...(contents === null ? { ownLink } : {}),
    ...(idleParts === undefined ? {} : { idleParts }),
    ...(extras === undefined ? {} : { extras }),
    ...(members === undefined ? {} : { members }),
    ...(elsewhere === undefined ? {} : { fieldsOfOtherRepositories: elsewhere }),
    identify: (value) => {
      const known = read(value);
      if (known === undefined) return null;
      const segments = declaration.segments(known).map(String);
      return { key: String(declaration.key(known)), segments };
    },
  };
  return { listed, read };
}
