import type { z } from 'zod';
import type { RepositoryProgress } from '../model/event.js';
import type { LastReads } from '../model/last-reads.js';
import type { Page, RawItem, Scope } from '../model/page.js';
import type { ResourceReference } from '../model/resource.js';
import type { JsonObject } from '../model/json.js';
import type { Problem } from '../problems/problem.js';

/** How the reading of one scope ended. There is no third way. */
export type ScopeEnd =
  | {
      readonly scope: Scope;
      readonly status: 'complete';
      readonly pages: number;
      /** What it showed of what the resource is about, each item once. */
      readonly items: number;
      /** Whether there may be rows that its pages left out. */
      readonly hasGaps?: boolean;
    }
  | { readonly scope: Scope; readonly status: 'incomplete'; readonly problem: Problem };

/**
 * Where one item is: made from its own link by `Source.addressOf`, and understood by the source that
 * made it.
 */
export interface Address {
  /** That of its kind; `part` for something in a repository that cannot be asked for by itself. */
  readonly kind: string;
  /** In the user's words: `repository PAY/api`. */
  readonly name: string;
  /** The same text for the same thing, however its link was spelled. */
  readonly key: string;
  /**
   * What it is below: a pull request's repository, on Data Center a repository's project. Null at the
   * top, and on Cloud for a repository, whose link does not name its project.
   */
  readonly parent: Address | null;
  /** What the route to it is made of, from the top: `['PAY', 'api', '7']`. */
  readonly segments: readonly string[];
}

/** What Bitbucket answers who asks for one item by its own address. */
export type AddressAnswer =
  /**
   * It is there, at this very address. `item`: as the listing of this reading would give it, with what
   * is attached there; null: the selector of the reading leaves it out. `changedAt`: when it changed
   * itself, in milliseconds since the epoch; null where nothing tells.
   */
  | { readonly status: 'alive'; readonly item: RawItem | null; readonly changedAt: number | null }
  /** The server's own word that there is no such thing, while a neighbour of it answers. */
  | { readonly status: 'gone' }
  /** As `gone`, but in words that leave open whether it is only hidden from these credentials. */
  | { readonly status: 'ambiguous' }
  /** These credentials may not see it. */
  | { readonly status: 'hidden'; readonly code: 401 | 403 }
  /** It has another address now: `name` in the user's words; `to` null where that cannot be told. */
  | { readonly status: 'renamed'; readonly name: string; readonly to: Address | null }
  /** Anything else, which proves nothing. */
  | { readonly status: 'unanswered'; readonly reason: string }
  /** It was not asked: the limit of requests has neither room nor time for it. */
  | { readonly status: 'not asked'; readonly reason: string };

/** Something that a selector or a flag names, and that a complete listing does not show. */
export interface Absent {
  readonly kind: 'project' | 'repository';
  /** As it was named. */
  readonly name: string;
  /** Where it would be; null where nothing tells how links look. */
  readonly address: Address | null;
}

/** Whether an answer shows that the credentials are those of somebody whom the server knows. */
export interface ProbeAnswer {
  /** `unknown`: it cannot be told; a server with public access answers everybody. */
  readonly credentials: 'counted' | 'unknown';
}

/** What a resource selects. */
export interface Selecting {
  readonly kind: string;
  /** Whom it is for, to name it in problems. */
  readonly resource: ResourceReference;
  /** The whole selector of the mapping, already valid for the kind. */
  readonly selector: unknown;
}

/** What a reading asks for. */
export interface ReadRequest extends Selecting {
  /**
   * Whether any expression of the resource mentions the field (`__readme`): what nobody asks for is
   * not fetched.
   */
  readonly mentions: (field: string) => boolean;
  /**
   * When the run began, in milliseconds since the epoch, by the clock that all runs share: what a selector
   * takes of lately is counted from then on.
   */
  readonly now: number;
  /**
   * Included files that expressions use only where another one is not there, each with that other one:
   * they are read where it is not.
   */
  readonly standIns?: ReadonlyMap<string, string>;
  /**
   * Paths that expressions name as `file://PATH`. The files are attached as `__mappedFiles`, under
   * these very paths.
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
   * bounded window. Never throws for what a server does: `ends` reports that.
   */
  pages(): AsyncIterable<Page>;
  /**
   * After `pages()` ended: how each scope ended, the root listings it stands on included. Scopes
   * that were never reached because a root listing failed are not named.
   */
  ends(): readonly ScopeEnd[];
  /**
   * Reads the listings of the given scopes again, and gives the items that the first reading did not
   * show, as rows may move while pages are read. Of a listing of a single page, what was shown before
   * may be given again. The answer tells for each scope whether the second reading came to its end;
   * `missed` holds what was missed.
   * For a repository that only the second reading shows, items of kinds below it are not read: its
   * scope is given as incomplete instead.
   */
  confirm(scopes: readonly Scope[]): Promise<Confirmation>;
  /**
   * After `pages()` ended: asks for one item of the reading's kind, or for something that it stands
   * on, such as the repository of a pull request, by its own address. Never throws for what a server
   * does. The same address is asked for once in a run.
   */
  ask(address: Address): Promise<AddressAnswer>;
  /**
   * After `pages()` ended: what was named and is not there. It may have been renamed, or be hidden:
   * nothing of it is known to be gone. `takeProblems` warns of each.
   */
  absent(): readonly Absent[];
  /** Whether what was loaded before and is too old for the selector by now is to stay in Port. */
  readonly keepsOutdated?: boolean;
  /** Null while it is not known how many repositories there are, and where nothing is read in them. */
  readonly repositories: RepositoryProgress | null;
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

/** Why a resource may not be read although its selector is valid. */
export interface SelectorRefusal {
  /** Where in the selector; null: it is the kind that may not be read. */
  readonly at: readonly PropertyKey[] | null;
  /** Continues a sentence that begins with the place. */
  readonly reason: string;
}

/** A kind of resource, all there is to say about it. */
export interface KindDescription {
  readonly name: string;
  /** The keys of `selector` besides `query`. */
  readonly selector: z.ZodType;
  /** Places in a valid selector that name nothing, below `selector`: they are passed over. */
  readonly idleParts?: (selector: unknown) => readonly (readonly PropertyKey[])[];
  /** Fields of an item that are filled here and not by the container: relations made of them may lack. */
  readonly extras?: readonly string[];
  /** Lists of an item that may be empty in any sample, and a member of each as Bitbucket gives it. */
  readonly members?: Readonly<Record<string, JsonObject>>;
  /** What reading it takes, in words: `1 request for each repository`. */
  readonly cost: string;
  /** Whether reading it takes permissions that nothing else does: who does not map it may lack them. */
  readonly isApart: boolean;
  /** The scope whose items it lists. */
  readonly scope: Scope['type'];
  /**
   * Fields of an item that may name another repository than the one whose listing showed it, such as
   * the fork that a pull request comes from: they prove nothing about where the item belongs.
   */
  readonly fieldsOfOtherRepositories?: readonly string[];
  /** Where items are read for each project or repository only if the selector says so. */
  readonly scopeOf?: (selector: unknown) => Scope['type'];
  /** Why a resource with this valid selector may not be read; null: it may. Absent: any may. */
  readonly refusalOf?: (selector: unknown) => SelectorRefusal | null;
  /** The only fields that tell where an item belongs; absent: any may but those of other repositories. */
  readonly fieldsOfParents?: readonly string[];
  /** Whether answers may hold anything, secrets too, so that none is shown as an example elsewhere. */
  readonly isPrivate?: boolean;
  /** The expression that gives an item's own link; absent where its answer does not hold one. */
  readonly ownLink?: string;
}

/** What runs know of one another whose limits do not let them read every repository. */
export interface ReadingMemory {
  /**
   * Called before the first page of any reading is taken.
   * @param now when the run began, in milliseconds since the epoch, by the clock of the times remembered
   */
  recall(reads: LastReads, now: number, maxStaleMilliseconds: number): void;
  /** After all readings ended: what to remember from now on. Null: nothing new, or it cannot be told. */
  reads(): LastReads | null;
}

/** A Bitbucket. */
export interface Source {
  readonly type: 'bitbucket-cloud' | 'bitbucket-server';
  readonly kinds: readonly KindDescription[];
  /**
   * A small request that tells whether the credentials are good, before many are sent.
   * @param resources whose selectors are tried as well, as far as they narrow a root listing
   * @throws ProblemError credentials-refused, captcha-required, permission-refused, setting-invalid,
   *   server-unavailable, filter-refused
   */
  probe(resources?: readonly Selecting[]): Promise<ProbeAnswer>;
  /**
   * Sends nothing yet. Call it for every resource before the first page of any is taken: what all of
   * them need together decides which shared listings are read.
   */
  read(request: ReadRequest): Reading;
  /**
   * Where the item of a link is, by what the links of living items look like, which were read in this
   * run. Null for a link that leads elsewhere: to another host, another workspace, or another page.
   */
  addressOf(link: string): Address | null;
  /** Absent where every run reads every repository. */
  readonly memory?: ReadingMemory;
  close(): Promise<void>;
}
