import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import { listedKind, type KindDeclaration, type ListedKind, type Parameters } from '../../kind.js';

/** The state of a pull request, as the `state` parameter takes it. */
export type PullRequestState = 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED';

/** What stands in for selectors of the mapping in one run. */
export interface SelectorOverrides {
  readonly pullRequestState?: PullRequestState | undefined;
  /** Keys of projects, in place of `projects`. */
  readonly projectsFilter?: readonly string[] | undefined;
}

/** What a selector asks for. */
export interface Wanted<Item> {
  /** Parameters of the listing. */
  readonly query?: Parameters;
  /** Whether the resource is about an item that the listing shows; by default it is about all. */
  readonly keeps?: (item: Item) => boolean;
  /** Whether the listing shows an item that has an address; by default it shows all. */
  readonly shows?: (item: Item) => boolean;
}

/** A kind of Data Center. */
export interface ServerKind extends ListedKind {
  /** What may narrow it for a run. */
  readonly narrowedBy: readonly (keyof SelectorOverrides)[];
  /** The exception by which the server says that there is no such item; null: it has none. */
  readonly missing: string | null;
  /** The segments of the repository that an item below one says it belongs to; empty: it does not say. */
  homeOf(value: JsonObject): readonly string[];
  wanted(selector: unknown, overrides: SelectorOverrides): Required<Wanted<JsonObject>>;
}

/** A kind as its file writes it down. */
export interface ServerKindDeclaration<Shape extends z.ZodRawShape, Item> extends KindDeclaration<
  Shape,
  Item
> {
  readonly home?: (item: Item) => readonly string[];
  readonly wanted?: (
    selector: z.output<z.ZodObject<Shape>>,
    overrides: SelectorOverrides,
  ) => Wanted<Item>;
  /** Besides the filter of projects, which narrows whatever is below a repository. */
  readonly narrowedBy?: readonly (keyof SelectorOverrides)[];
  readonly missing?: string;
}

/** Declares a kind. */
export function serverKind<Shape extends z.ZodRawShape, Item>(
  declaration: ServerKindDeclaration<Shape, Item>,
): ServerKind {
  const selector = z.object(declaration.selector);
  const { listed, read } = listedKind(declaration, '.links.self[0].href');
  return {
    ...listed,
    narrowedBy: [
      ...(declaration.under === undefined ? [] : (['projectsFilter'] as const)),
      ...(declaration.narrowedBy ?? []),
    ],
    missing: declaration.missing ?? null,
    homeOf: (value) => {
      const known = read(value);
      return known === undefined ? [] : (declaration.home?.(known) ?? []);
    },
    wanted: (given, overrides) => {
      const {
        query = listed.widest,
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
