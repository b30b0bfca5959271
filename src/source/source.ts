import type { z } from 'zod';
import type { Page, Scope } from '../model/page.js';
import type { ResourceReference } from '../model/resource.js';
import type { Problem } from '../problems/problem.js';

/** How the reading of one scope ended. There is no third way. */
export type ScopeEnd =
  | { readonly scope: Scope; readonly status: 'complete'; readonly pages: number }
  | { readonly scope: Scope; readonly status: 'incomplete'; readonly problem: Problem };

/** What a reading asks for. */
export interface ReadRequest {
  readonly kind: string;
  /** Whom the reading is for, to name it in problems. */
  readonly resource: ResourceReference;
  /** The whole selector of the mapping, already valid for the kind. */
  readonly selector: unknown;
  /**
   * Whether any expression of the resource mentions the field (`__readme`): what nobody asks for is
   * not fetched.
   */
  readonly mentions: (field: string) => boolean;
  /**
   * Paths that expressions name as `file://PATH`. The files are attached as `__mappedFiles`, under
   * these very paths. Only Bitbucket Cloud knows them.
   */
  readonly mappedFiles?: readonly string[];
  /**
   * How many items are wanted, where not all of them are: what is attached to items one by one is
   * then fetched for about as many. `pages` may give more.
   */
  readonly enough?: number;
}

/** The reading of one resource. */
export interface Reading {
  /**
   * The items, in the source's order, whatever arrives first. Pages are fetched ahead within a
   * bounded window. Never throws for what a server does: that is told by `ends`.
   */
  pages(): AsyncIterable<Page>;
  /**
   * After `pages()` ended: how each scope ended, the root listings it stands on included. Scopes
   * that were never reached because a root listing failed are not named.
   */
  ends(): readonly ScopeEnd[];
  /**
   * Reads again those listings of the given scopes that took several pages, and gives the items that
   * the first reading did not show, as rows may move while pages are read. The answer tells for each
   * scope whether the second reading came to its end; `pages` holds what was missed.
   * For a repository that only the second reading shows, items of kinds below it are not read: its
   * scope is given as incomplete instead.
   */
  confirm(scopes: readonly Scope[]): Promise<Confirmation>;
  /** Requests made for this reading so far. A shared listing counts where it was read first. */
  readonly requests: number;
  /** Problems of single items (an unreadable readme), to be recorded. Emptied by the call. */
  takeProblems(): readonly Problem[];
}

/** What a second reading found. */
export interface Confirmation {
  readonly missed: readonly Page[];
  readonly ends: readonly ScopeEnd[];
}

/** A kind of resource, all there is to say about it. */
export interface KindDescription {
  readonly name: string;
  /** The keys of `selector` besides `query`. */
  readonly selector: z.ZodType;
  /** The scope whose items it lists. */
  readonly scope: Scope['type'];
  /**
   * Fields of an item that may name another repository than the one whose listing showed it, such as
   * the fork that a pull request comes from: they prove nothing about where the item belongs.
   */
  readonly fieldsOfOtherRepositories?: readonly string[];
}

/** A Bitbucket. */
export interface Source {
  readonly type: 'bitbucket-cloud' | 'bitbucket-server';
  readonly kinds: readonly KindDescription[];
  /**
   * One small request that tells whether the credentials are good, before many are sent.
   * @throws ProblemError credentials-refused, captcha-required, permission-refused, setting-invalid,
   *   server-unavailable
   */
  probe(): Promise<void>;
  /**
   * Sends nothing yet. Call it for every resource before the first page of any is taken: what all of
   * them need together decides which shared listings are read.
   */
  read(request: ReadRequest): Reading;
  close(): Promise<void>;
}
