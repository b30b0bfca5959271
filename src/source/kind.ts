import { z } from 'zod';
import type { JsonObject } from '../model/json.js';
import type { RawItem } from '../model/page.js';
import { grouped } from '../model/text.js';
import type { Addressed } from './listing/page.js';
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

/** Names of what a resource takes, as globs. None at all means all of them. */
export const namesKey = {
  names: z
    .array(
      z
        .string()
        .min(1)
        .refine((text) => !/(?<!\\)(?:\[[^\]]*|\{[^}]*)$/u.test(text), {
          error: 'has a bracket that is not closed; write \\ before one that is part of a name',
        }),
    )
    .nullish(),
};

/** Branches that a resource is about, as globs. */
export const branchesKey = { branches: z.array(z.string().min(1)).nullish() };

/** What a time such as `90d` is made of. */
const windowPattern = /^(\d{1,5})(m|h|d|w)$/u;
const minute = 60_000;
const units: ReadonlyMap<string, number> = new Map([
  ['m', minute],
  ['h', 60 * minute],
  ['d', 24 * 60 * minute],
  ['w', 7 * 24 * 60 * minute],
]);

/** In milliseconds; null for a text that is no such time, and for none at all. */
export function windowLength(text: string): number | null {
  const [, amount = '', unit = ''] = windowPattern.exec(text.trim()) ?? [];
  const length = Number(amount) * (units.get(unit) ?? 0);
  return length > 0 ? length : null;
}

/** What takes only that which changed lately. */
export const windowKeys = {
  /** How long ago it may have changed last: `90d`. */
  updatedWithin: z
    .string()
    .refine((text) => windowLength(text) !== null, {
      error: 'must be a time such as 90d, 12h or 2w (more than 0)',
    })
    .nullish(),
  /** What was loaded and is older by now stays in Port. */
  keepOutdated: z.boolean().nullish(),
};

/** Null for what is no time. */
function timeOf(told: string | number | null | undefined): number | null {
  const at = typeof told === 'string' ? Date.parse(told) : (told ?? NaN);
  return Number.isFinite(at) ? at : null;
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
  /** An item below a repository, with what its answer leaves out though it is known. */
  whole(value: JsonObject, repository: RawItem): JsonObject;
  /** Where a person sees it; null: nothing tells. */
  linkOf(value: JsonObject): string | null;
  /** What `names` of a selector are compared with; null: the kind has no such key. */
  readonly nameOf: ((value: JsonObject) => string) | null;
  /**
   * When it changed last, in milliseconds, which `updatedWithin` of a selector is about; null: the kind has
   * no such key. It gives null where the answer does not tell.
   */
  readonly changedAt: ((value: JsonObject) => number | null) | null;
  /** Whether its listing begins with what changed last, so that nothing is wanted of it behind a window. */
  readonly isNewestFirst: boolean;
  /**
   * The branch that something is of, which `branches` of a selector are compared with; null: the kind has no
   * such key. It gives an empty text for what is of none, and null where the answer does not tell.
   */
  readonly branchOf: ((value: JsonObject) => string | null) | null;
}

/** What a selector asks for, beside names and the time of the last change. */
export interface Wanted<Item> {
  /** Parameters of the listing. */
  readonly query?: Parameters;
  /**
   * Whether the resource is about an item that the listing shows; by default it is about all. Null: what
   * was answered does not tell.
   * @param repository that it is in; null at the root
   */
  readonly keeps?: (item: Item, repository: JsonObject | null) => boolean | null;
  /** Whether the listing shows an item that has an address; by default it shows all. */
  readonly shows?: (item: Item) => boolean;
  /** Its listing, where that is another one than of most resources of the kind. */
  readonly path?: readonly string[];
  /** Whether the facts of their review are wanted of its items. */
  readonly reviews?: boolean;
  /**
   * Parameters with which the listing shows this item, and perhaps others: its address tells less of it. Null:
   * there are none.
   */
  readonly only?: (item: Item) => Parameters | null;
}

/** The same with what holds where nothing is said; `only` is null where addresses tell all. */
export interface AllWanted extends Required<Omit<Wanted<JsonObject>, 'only'>> {
  readonly only: ((value: JsonObject) => Parameters | null) | null;
}

/** The same for what any listing shows: an item that is none of the kind is not wanted. */
export function wantedOf<Item>(
  { query, keeps, shows, path, reviews, only }: Wanted<Item>,
  { listed, read }: DeclaredKind<Item>,
): AllWanted {
  return {
    path: path ?? listed.path,
    reviews: reviews ?? false,
    only:
      only === undefined
        ? null
        : (value) => {
            const known = read(value);
            return known === undefined ? null : only(known);
          },
    query: query ?? listed.widest,
    keeps: (value, repository) => {
      const known = read(value);
      if (known === undefined) return false;
      return keeps === undefined ? true : keeps(known, repository);
    },
    shows: (value) => {
      const known = read(value);
      return known !== undefined && (shows?.(known) ?? true);
    },
  };
}

/** What the file of a kind writes down, whichever Bitbucket it is of. */
export interface KindDeclaration<Shape extends z.ZodRawShape, Item> extends Pick<
  KindDescription,
  'idleParts' | 'extras' | 'members' | 'scopeOf' | 'refusalOf' | 'fieldsOfParents' | 'isPrivate'
> {
  readonly name: string;
  readonly plural: string;
  /** What its listing has, where that is something else. */
  readonly rows?: string;
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
  readonly whole?: ListedKind['whole'];
  /** What reading it takes, in words, where that does not follow from where it is listed. */
  readonly costs?: string;
  /** What its items take besides their listing, in words. */
  readonly alsoCosts?: string;
  /** Whether reading it takes permissions that nothing else does. */
  readonly isApart?: true;
  /** Where its own link is, where that is not where all others have it; null: it has none. */
  readonly link?: { readonly path: string; readonly of: (item: Item) => string | null } | null;
  /** Its name, by which selectors may take it: gives the key `names`. */
  readonly called?: (item: Item) => string;
  /**
   * When it changed last: gives the keys `updatedWithin` and `keepOutdated`. A text is a date, a number is in
   * milliseconds.
   */
  readonly changed?: (item: Item) => string | number | null | undefined;
  /** Its listing begins with what changed last. */
  readonly newestFirst?: true;
  /** The branch that it is of, empty where it is of none: gives the key `branches`. */
  readonly onBranch?: (item: Item) => string | null | undefined;
}

/** An item with the repository that it is in, where its own answer tells none, or not enough. */
export function withRepository(value: JsonObject, repository: RawItem): JsonObject {
  return { ...value, __repository: repository.value };
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

/** A declared kind, and how what is relied on of its items is read. */
export interface DeclaredKind<Item> {
  readonly listed: ListedKind;
  readonly read: ReadItem<Item>;
}

/** What a declaration says of a kind of either Bitbucket. */
export function listedKind<Shape extends z.ZodRawShape, Item>(
  declaration: KindDeclaration<Shape, Item>,
  usual: { readonly path: string; readonly of: (value: JsonObject) => string | null },
  pageItems: number,
): DeclaredKind<Item> {
  const { name, plural, under, selector, path, widest = {}, pages, elsewhere } = declaration;
  const { idleParts, extras, members, link, contents = null } = declaration;
  const { called, changed, onBranch } = declaration;
  const { scopeOf, refusalOf, fieldsOfParents, isPrivate } = declaration;
  const read: ReadItem<Item> = (value) => declaration.item.safeParse(value).data;
  const of = <Value>(value: JsonObject, tell: (item: Item) => Value | null): Value | null => {
    const known = read(value);
    return known === undefined ? null : tell(known);
  };
  const listed: ListedKind = {
    name,
    plural,
    scope: under ?? 'root',
    cost: declaration.costs ?? costOf(declaration, pageItems),
    isApart: declaration.isApart ?? false,
    selector: z.strictObject({
      query: z.unknown().optional(),
      ...selector,
      ...(called === undefined ? {} : namesKey),
      ...(changed === undefined ? {} : windowKeys),
      ...(onBranch === undefined ? {} : branchesKey),
    }),
    path,
    widest,
    pages,
    contents,
    // What is in a repository has no page of its own in the answer.
    ...(contents === null && link !== null ? { ownLink: link?.path ?? usual.path } : {}),
    ...(idleParts === undefined ? {} : { idleParts }),
    ...(extras === undefined ? {} : { extras }),
    ...(members === undefined ? {} : { members }),
    ...(scopeOf === undefined ? {} : { scopeOf }),
    ...(refusalOf === undefined ? {} : { refusalOf }),
    ...(fieldsOfParents === undefined ? {} : { fieldsOfParents }),
    ...(isPrivate === undefined ? {} : { isPrivate }),
    ...(elsewhere === undefined ? {} : { fieldsOfOtherRepositories: elsewhere }),
    identify: (value) =>
      of(value, (known) => ({
        key: String(declaration.key(known)),
        segments: declaration.segments(known).map(String),
      })),
    whole: declaration.whole ?? ((value) => value),
    linkOf: (value) => {
      if (link === null) return null;
      return link === undefined ? usual.of(value) : of(value, link.of);
    },
    nameOf: called === undefined ? null : (value) => of(value, called) ?? '',
    changedAt: changed === undefined ? null : (value) => of(value, (item) => timeOf(changed(item))),
    isNewestFirst: declaration.newestFirst ?? false,
    branchOf:
      onBranch === undefined ? null : (value) => of(value, (item) => onBranch(item) ?? null),
  };
  return { listed, read };
}

/**
 * An item of a kind. Null for something else.
 * @param within the repository that it was listed in. What counts within a repository alone gets that
 *   one's own identity before it, which outlives a rename.
 */
export function itemOf(kind: ListedKind, value: JsonObject, within?: Addressed): Addressed | null {
  const known = kind.identify(value);
  if (known === null) return null;
  if (within === undefined) {
    return { item: { key: known.key, link: kind.linkOf(value), value }, segments: known.segments };
  }
  const whole = kind.whole(value, within.item);
  return {
    item: { key: `${within.item.key}#${known.key}`, link: kind.linkOf(whole), value: whole },
    segments: [...within.segments, ...known.segments],
  };
}

/** What reading a kind takes at least, in words. */
function costOf(
  { under, plural, rows = plural, contents, alsoCosts }: Cost,
  pageItems: number,
): string {
  if (contents === 'files') return '1 request for each repository, and 1 read for each file';
  if (contents === 'folders') return '1 request or more for each repository';
  const items = `${grouped(pageItems)} ${rows}`;
  const also = alsoCosts === undefined ? '' : `, and ${alsoCosts}`;
  return under === undefined
    ? `1 request for ${items}${also}`
    : `1 request for each repository, and 1 more for each further ${items}${also}`;
}

/** What the cost of a kind follows from. */
type Cost = Pick<
  KindDeclaration<z.ZodRawShape, unknown>,
  'under' | 'plural' | 'rows' | 'contents' | 'alsoCosts'
>;
