import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { KindDescription } from '../../source.js';

/** The state of a pull request, as the `state` parameter takes it. */
export type PullRequestState = 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED';

/** What stands in for selectors of the mapping in one run. */
export interface SelectorOverrides {
  readonly pullRequestState?: PullRequestState | undefined;
  /** Keys of projects, in place of `projects`. */
  readonly projectsFilter?: readonly string[] | undefined;
}

/** Parameters of a URL. */
export type Parameters = Readonly<Record<string, string>>;

/** What a selector asks for. */
export interface Wanted<Item> {
  /** Parameters of the listing. */
  readonly query?: Parameters;
  /** Whether the resource is about an item that the listing shows; by default it is about all. */
  readonly keeps?: (item: Item) => boolean;
  /** Whether the listing shows an item that has an address; by default it shows all. */
  readonly shows?: (item: Item) => boolean;
}

/** What an item is told by. */
export interface Identity {
  /** Stays the same when it is renamed; unique within its kind or, below a repository, within that. */
  readonly key: string;
  /** What its address is made of; below a repository, what follows the repository's. */
  readonly segments: readonly string[];
}

/** A kind of Data Center: how it is listed, tried and asked for by its address follows from it. */
export interface ServerKind extends KindDescription {
  /** In the user's words: `pull requests`. */
  readonly plural: string;
  /** Its listing, below the root of the API or the repository. */
  readonly path: readonly string[];
  /** Parameters with which its listing leaves nothing out. */
  readonly widest: Parameters;
  /** Its pages for people, below the base URL or below the page of the repository. */
  readonly pages: readonly string[];
  /** What may narrow it for a run. */
  readonly narrowedBy: readonly (keyof SelectorOverrides)[];
  /** The exception by which the server says that there is no such item; null: it has none. */
  readonly missing: string | null;
  /** Null for something that is not such an item. */
  identify(value: JsonObject): Identity | null;
  /** The segments of the repository that an item below one says it belongs to; empty: it does not say. */
  homeOf(value: JsonObject): readonly string[];
  wanted(selector: unknown, overrides: SelectorOverrides): Required<Wanted<JsonObject>>;
}

/** A kind as its file writes it down. */
export interface ServerKindDeclaration<Shape extends z.ZodRawShape, Item> {
  readonly name: string;
  readonly plural: string;
  /** Absent: it is listed at the root. */
  readonly under?: 'repository';
  /** Keys of the selector, besides the mapping's `query`. */
  readonly selector: Shape;
  readonly path: readonly string[];
  readonly widest?: Parameters;
  readonly pages: readonly string[];
  /** What is relied on of an item. */
  readonly item: z.ZodType<Item>;
  readonly key: (item: Item) => string | number;
  readonly segments: (item: Item) => readonly (string | number)[];
  readonly home?: (item: Item) => readonly string[];
  readonly wanted?: (
    selector: z.output<z.ZodObject<Shape>>,
    overrides: SelectorOverrides,
  ) => Wanted<Item>;
  readonly extras?: readonly string[];
  /** Fields that may name another repository than the one that the item belongs to. */
  readonly elsewhere?: readonly string[];
  /** Besides the filter of projects, which narrows whatever is below a repository. */
  readonly narrowedBy?: readonly (keyof SelectorOverrides)[];
  readonly missing?: string;
}

/** Declares a kind. */
export function serverKind<Shape extends z.ZodRawShape, Item>(
  declaration: ServerKindDeclaration<Shape, Item>,
): ServerKind {
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
    pages,
    narrowedBy: [
      ...(under === undefined ? [] : (['projectsFilter'] as const)),
      ...(declaration.narrowedBy ?? []),
    ],
    missing: declaration.missing ?? null,
    ownLink: '.links.self[0].href',
    ...(declaration.extras === undefined ? {} : { extras: declaration.extras }),
    ...(elsewhere === undefined ? {} : { fieldsOfOtherRepositories: elsewhere }),
    identify: (value) => {
      const known = read(value);
      if (known === undefined) return null;
      const segments = declaration.segments(known).map(String);
      return { key: String(declaration.key(known)), segments };
    },
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? [] : (declaration.home?.(known) ?? []);
    },
    wanted: (given, overrides) => {
      const {
        query = widest,
        keeps,
        shows,
      } = declaration.wanted?.(selector.parse(given ?? {}), overrides) ?? {};
      const holds = (test: ((item: Item) => boolean) | undefined, value: JsonObject): boolean => {
        const known = read(value);
        return known !== undefined && (test?.(known) ?? true);
      };
      return {
        query,
        keeps: (value) => holds(keeps, value),
        shows: (value) => holds(keeps, value) && holds(shows, value),
      };
    },
  };
}
