import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../../model/json.js';
import {
  type AllWanted,
  type KindDeclaration,
  type ListedKind,
  listedKind,
  type Parameters,
  type ReadItem,
  type Wanted,
  wantedOf,
} from '../../kind.js';

/**
 * The largest page that a server gives unless its administrator says otherwise. Asking for more than
 * it allows is no error: it gives what it allows and says so.
 */
export const pageItems = 1_000;

/** The state of a pull request, as the `state` parameter takes it. */
export type PullRequestState = 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED';

/** What stands in for selectors of the mapping in one run. */
export interface SelectorOverrides {
  readonly pullRequestState?: PullRequestState | undefined;
  /** Keys of projects, in place of `projects`. */
  readonly projectsFilter?: readonly string[] | undefined;
}

/** What a resource asks for, besides its selector. */
export interface Asked extends SelectorOverrides {
  /** From when on what changed is taken, in milliseconds; null: whenever it changed. */
  readonly since: number | null;
  /** Whether any expression mentions the field. */
  readonly mentions: (field: string) => boolean;
}

/** The same, and what follows from it. */
export type MoreAsked = Asked & Pick<AllWanted, 'reviews'>;

/** A question that is asked for each item besides the listing. */
interface More<Item> {
  /** Where the answer stands in the item. */
  readonly field: string;
  /** Below the repository, or the root of the API; null: there is nothing to ask. */
  readonly question: (
    item: Item,
  ) => { readonly path: readonly string[]; readonly query?: Parameters } | null;
  /** Whether it is answered by a listing, of which all is taken. */
  readonly isListing: boolean;
  readonly isWanted: (asked: MoreAsked) => boolean;
  /** What is made of the rows of a listing; null: they do not tell. By default, they are taken as they are. */
  readonly of?: (rows: readonly JsonValue[], item: Item) => JsonValue | null;
}

/** What a repository has no listing of: each of its branches has one. */
interface PerBranch {
  /** Where the branch stands in an item. */
  readonly field: string;
  /** Null for something that is no branch. */
  readonly of: (branch: JsonObject) => BranchPlace | null;
  /** A listing of so many may have left others out. */
  readonly most: number;
}

/** A branch, and where the listing for it is. */
interface BranchPlace {
  readonly name: string;
  /** Null: its answer does not tell. */
  readonly isDefault: boolean | null;
  /** A part of the server's REST API beside `api`, and what is below it. */
  readonly part: string;
  readonly path: readonly string[];
}

/** A kind of Data Center. */
export interface ServerKind extends ListedKind {
  readonly more: More<JsonObject> | null;
  /** Null: it is listed in a repository as it is. Otherwise `path` is the listing of branches. */
  readonly perBranch: PerBranch | null;
  /** What may narrow it for a run. */
  readonly narrowedBy: readonly (keyof SelectorOverrides)[];
  /** The exception by which the server says that there is no such item; null: it has none. */
  readonly missing: string | null;
  /** The segments of the repository that an item below one says it belongs to; empty: it does not say. */
  homeOf(value: JsonObject): readonly string[];
  wanted(selector: unknown, asked: Asked): AllWanted;
}

/** A kind as its file writes it down. */
export interface ServerKindDeclaration<Shape extends z.ZodRawShape, Item> extends KindDeclaration<
  Shape,
  Item
> {
  readonly home?: (item: Item) => readonly string[];
  readonly wanted?: (selector: z.output<z.ZodObject<Shape>>, asked: Asked) => Wanted<Item>;
  /** Besides the filter of projects, which narrows whatever is below a repository. */
  readonly narrowedBy?: readonly (keyof SelectorOverrides)[];
  readonly missing?: string;
  readonly more?: More<Item>;
  readonly perBranch?: PerBranch;
}

const selfLink = z.object({
  links: z.object({ self: z.tuple([z.object({ href: z.string() })], z.unknown()) }),
});

/** Where most have the address of their page. */
const usualLink = {
  path: '.links.self[0].href',
  of: (value: JsonObject): string | null =>
    selfLink.safeParse(value).data?.links.self[0].href ?? null,
};

/** Declares a kind. */
export function serverKind<Shape extends z.ZodRawShape, Item>(
  declaration: ServerKindDeclaration<Shape, Item>,
): ServerKind {
  const selector = z.object(declaration.selector);
  const declared = listedKind(declaration, usualLink, pageItems);
  const { read } = declared;
  return {
    ...declared.listed,
    narrowedBy: [
      ...(declaration.under === undefined ? [] : (['projectsFilter'] as const)),
      ...(declaration.narrowedBy ?? []),
    ],
    missing: declaration.missing ?? null,
    more: moreIn(declaration.more, read),
    perBranch: declaration.perBranch ?? null,
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? [] : (declaration.home?.(known) ?? []);
    },
    wanted: (given, asked) =>
      wantedOf(declaration.wanted?.(selector.parse(given ?? {}), asked) ?? {}, declared),
  };
}

function moreIn<Item>(more: More<Item> | undefined, read: ReadItem<Item>): More<JsonObject> | null {
  if (more === undefined) return null;
  return {
    ...more,
    question: (value) => {
      const known = read(value);
      return known === undefined ? null : more.question(known);
    },
    of: (rows, value) => {
      const known = read(value);
      return known === undefined ? null : more.of === undefined ? rows : more.of(rows, known);
    },
  };
}
