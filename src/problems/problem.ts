import type { EntityReference } from '../model/entity.js';
import type { ResourceReference } from '../model/resource.js';

/** The two systems that a run talks to. */
export type Side = 'bitbucket' | 'port';

/** Where an item problem happened: which resource, which item, which field. */
interface AtItem {
  readonly resource: ResourceReference;
  /** A person's way to the item: its link, or its key where there is none. */
  readonly item: string;
}

/** A line of a text that a user wrote, and the place in it that a problem is about. */
export interface Excerpt {
  /** From 1. Null where nobody wrote these lines: what Port keeps has been written out for this. */
  readonly line: number | null;
  /** From 1; null as the line is. */
  readonly column: number | null;
  /** The line, or its part around the caret. It holds no control characters. */
  readonly text: string;
  /** Where the caret points, in characters of `text`. */
  readonly caret: number;
}

/** Where in a mapping: `path` is dotted, such as `resources[0].selector.query`, or empty. */
interface AtMapping {
  /** The mapping in words: its file, or where else it is kept. */
  readonly origin: string;
  readonly path: string;
  readonly excerpt?: Excerpt;
}

/**
 * Everything that can go wrong, with what there is to know about it. A problem is data: it stays
 * with what it happened to, never stops the neighbours, and is worded in one place (`words.ts`).
 */
export interface ProblemDetails {
  /** A command line that cannot be understood. */
  'usage-invalid': { readonly reason: string; readonly suggestion?: string };
  /** A required setting that nothing sets. `spellings`: the variable or key that a user would set. */
  'setting-missing': { readonly setting: string; readonly spellings: readonly string[] };
  /** A value that cannot be used, under the spelling that the user wrote. */
  'setting-invalid': { readonly spelling: string; readonly reason: string };
  /** Settings that exclude one another. */
  'settings-contradict': { readonly spellings: readonly string[]; readonly reason: string };
  /** A key that no setting has. */
  'setting-unknown': { readonly key: string; readonly origin: string; readonly nearest?: string };
  /** A settings file that cannot be read or parsed. */
  'settings-file-unreadable': { readonly file: string; readonly reason: string };
  /** A mapping that cannot be read or has the wrong shape. */
  'mapping-invalid': AtMapping & { readonly reason: string };
  /** A key of a mapping that Port or another program may know and we do not; it is passed over. */
  'mapping-key-unknown': AtMapping & { readonly reason: string };
  /** A leaf of the form `file://PATH`, which still works. `path`: that of the leaf. */
  'file-reference-deprecated': {
    readonly origin: string;
    readonly kind: string;
    readonly path: string;
    readonly file: string;
  };
  /** A jq expression that does not compile. */
  'expression-invalid': AtMapping & { readonly expression: string; readonly message: string };
  /** Neither a native jq nor the WebAssembly one could be started. */
  'jq-unavailable': { readonly reason: string };
  /** jq that the user names is older than the dialect. */
  'jq-outdated': { readonly path: string; readonly version: string };
  /** Port has another integration of this type and the identifier was not chosen by the user. */
  'integration-ambiguous': { readonly identifier: string; readonly existing: readonly string[] };
  /** Port has no integration of this identifier, and the command cannot do without. */
  'integration-missing': { readonly identifier: string };
  /** The integration is there and holds no mapping. */
  'mapping-absent': { readonly identifier: string };
  /** A file of the user's could not be written. `isThere`: because it would be replaced. */
  'file-not-written': {
    readonly file: string;
    readonly reason: string;
    readonly isThere: boolean;
  };
  /** Another program wrote the integration last: the first sync takes its catalog over. */
  'take-over-due': { readonly identifier: string; readonly version: string };
  /** Our clock and a server's differ. `milliseconds`: above 0 when ours is ahead. */
  'clock-skewed': { readonly side: Side; readonly milliseconds: number };
  /** The data source processor of Port writes this catalog on its own. */
  'integration-processed-by-port': { readonly identifier: string };

  /** The credentials themselves are refused (401, or a login page). */
  'credentials-refused': {
    readonly side: Side;
    readonly variables: readonly string[];
    readonly origin: string;
    readonly reason: string;
  };
  /** One of several tokens was refused in the middle of the run, which goes on with the others. */
  'token-refused': {
    /** From 1, in the order of the list. */
    readonly position: number;
    readonly count: number;
    readonly reason: string;
  };
  /** An app password is set, and nothing better. `spelling`: where. */
  'app-password-removed': { readonly spelling: string };
  /** The account is locked until a person solves a CAPTCHA. */
  'captcha-required': { readonly origin: string; readonly reason: string };
  /** The credentials are good, but not for this. */
  'permission-refused': {
    readonly side: Side;
    readonly subject: string;
    readonly reason: string;
  };

  /** Nothing could be read or written at all: the probe failed for another reason than refusal. */
  'server-unavailable': { readonly side: Side; readonly subject: string; readonly reason: string };
  /** A listing was not seen to its end. */
  'listing-incomplete': { readonly listing: string; readonly reason: string };
  /** A root listing has no end of its own fault: everything below it is unknown. */
  'root-listing-incomplete': { readonly listing: string; readonly reason: string };
  /**
   * How the requests that a run needs at least compare with what its limits allow, told when they are
   * not there at once. `windowMilliseconds`: the time for which `available` counts; null: the run.
   * `isEnough`: whether waiting makes them enough.
   */
  'request-forecast': {
    readonly what: 'requests' | 'reads of files';
    readonly needed: number;
    readonly available: number;
    readonly windowMilliseconds: number | null;
    readonly isEnough: boolean;
  };
  /** The limits had no room for every repository. Those that were not reached are left as they are. */
  coverage: {
    readonly resource: ResourceReference;
    readonly reached: number;
    readonly total: number;
    readonly reason: string;
  };
  /** An attachment of an item (readme, latest commit, file) could not be read. */
  'attachment-unreadable': AtItem & { readonly attachment: string; readonly reason: string };
  /** Files that were left out for their size. `paths`: all of them, or the first few. */
  'files-skipped': AtItem & {
    readonly count: number;
    readonly limitBytes: number;
    readonly paths: readonly string[];
  };
  /** Certificates are not verified, because a setting says so. */
  'verification-off': { readonly side: Side; readonly spelling: string };

  /** `selector.query` failed, or gave something that is neither true nor false. */
  'selector-failed': AtItem & { readonly expression: string; readonly message: string };
  /** The identifier or blueprint expression ended in an error. */
  'identity-failed': AtItem & {
    readonly field: string;
    readonly expression: string;
    readonly message: string;
  };
  /** A field's expression ended in an error; the field is null. */
  'field-failed': AtItem & {
    readonly field: string;
    readonly expression: string;
    readonly message: string;
  };
  /**
   * A field was null on every item, and looks like a mistake of the mapping. `seen`: the items;
   * `missing`: a key that none of them has; `nearest`: the one of theirs that resembles it.
   */
  'field-never-filled': {
    readonly resource: ResourceReference;
    readonly field: string;
    readonly expression: string;
    readonly seen: number;
    readonly missing?: string;
    readonly nearest?: string;
  };
  /** `itemsToParse` failed or gave no array. */
  'items-to-parse-failed': AtItem & { readonly expression: string; readonly message: string };
  /** The whole item: it ran too long, used too much memory, or crashed the engine. */
  'item-failed': AtItem & { readonly message: string };
  /** jq was not asked about the item: too many before it ran away, crashed, or took too much memory. */
  'item-given-up': AtItem & { readonly message: string };
  /** The identifier or blueprint is null or empty, so there is nothing to load. */
  'identifier-empty': AtItem & { readonly field: string };
  /** The identifier holds what Port refuses. */
  'identifier-refused': AtItem & { readonly identifier: string; readonly character: string };
  /** A relation target or list entry that Port would refuse, dropped before sending. */
  'target-refused': AtItem & { readonly field: string; readonly target: string };
  /** Two items of one resource, different content, one identifier: the first won. */
  'identifier-collision': {
    readonly resource: ResourceReference;
    readonly entity: EntityReference;
    readonly winner: string;
    readonly loser: string;
  };
  /** Nulls inside a list were dropped. */
  'nulls-dropped': AtItem & { readonly field: string; readonly dropped: number };

  /** The mapping names a blueprint that Port does not have. */
  'blueprint-missing': { readonly resource: ResourceReference; readonly blueprint: string };
  /** The mapping fills a property or relation that the blueprint lacks; it is left out. */
  'blueprint-lacks': {
    readonly resource: ResourceReference;
    readonly blueprint: string;
    readonly fields: readonly string[];
  };
  /** Default blueprints could not be created. */
  'defaults-refused': { readonly blueprint: string; readonly reason: string };
  /** What the catalog holds could not be read, so nothing is written there. */
  'catalog-unreadable': { readonly blueprint: string; readonly reason: string };
  /** Port refused an entity. */
  'entity-refused': {
    readonly entity: EntityReference;
    readonly item: string;
    readonly status: number;
    readonly message: string;
  };
  /** An entity that relates to what Port does not hold, where Port may not create it on the way. */
  'relation-target-missing': {
    readonly entity: EntityReference;
    readonly item: string;
    /** At least one. */
    readonly missing: readonly EntityReference[];
  };
  /** An entity alone is larger than a request may be. */
  'entity-too-large': {
    readonly entity: EntityReference;
    readonly item: string;
    readonly bytes: number;
  };
  /** A bulk that Port did not answer, after all retries. */
  'entities-not-loaded': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  };
  /** Another run of the integration seems to be under way. `since`: milliseconds since the epoch. */
  'run-overlaps': { readonly identifier: string; readonly since: number };
  /** A call that a run can do without failed. */
  'best-effort-failed': { readonly subject: string; readonly reason: string };

  /** More would be deleted than the threshold allows. */
  'deletion-threshold': {
    readonly due: number;
    readonly owned: number;
    readonly threshold: number;
    /** Null: overall. */
    readonly blueprint: string | null;
    readonly victims: readonly EntityReference[];
    /**
     * When about as many entities appeared as would go: a mapping's identifier that gives `now` where
     * it gave `before`.
     */
    readonly changed?: {
      readonly blueprint: string;
      readonly appeared: number;
      readonly before: string;
      readonly now: string;
    };
  };
  /** Entities that are due were kept, and why. Never a failure of its own. */
  'deletions-withheld': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: WithholdingReason;
  };
  /** Port refused a deletion. */
  'deletion-refused': { readonly entity: EntityReference; readonly reason: string };
  /** Deletions that Port did not answer, after all retries. */
  'entities-not-deleted': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  };
  /** The first run over what another program loaded. */
  'taken-over': {
    readonly version: string;
    readonly due: number;
    /** False when this run did not look at everything: then the next one deletes nothing either. */
    readonly isWhole: boolean;
  };

  /** The run was stopped from outside. */
  interrupted: { readonly signal: 'SIGINT' | 'SIGTERM' };
  /** `--timeout` ran out. */
  'timed-out': { readonly limitMilliseconds: number };
  /** A report or summary of the run that could not be written where it was wanted. */
  'report-not-written': { readonly file: string; readonly reason: string };
  /** Our own bug. */
  'internal-error': { readonly message: string };
}

/** Why entities that are due were kept all the same. */
export type WithholdingReason =
  | 'root listing incomplete'
  | 'repository not read'
  | 'repository unknown'
  | 'item failed'
  | 'resource failed'
  | 'blueprint computed'
  | 'search identifier'
  | 'narrowed run'
  | 'deletions off'
  | 'taken over'
  | 'interrupted'
  | 'changed by others'
  | 'made by others'
  | 'dependents unreadable'
  | 'related to'
  | 'seen again'
  | 'catalog unreadable'
  | 'confirmation failed';

/** The name of a problem. */
export type ProblemCode = keyof ProblemDetails;

/** A problem of one code. */
export type ProblemOf<Code extends ProblemCode> = { readonly code: Code } & ProblemDetails[Code];

/** Any problem. */
export type Problem = { [Code in ProblemCode]: ProblemOf<Code> }[ProblemCode];

/** A problem that ends what it happened in, on its way to whoever records it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** In order of importance; at least one. */
    readonly problems: readonly [Problem, ...Problem[]],
    options?: ErrorOptions,
  ) {
    super(problems.map((problem) => problem.code).join(', '), options);
  }

  /** The error of a single problem. */
  static of(problem: Problem, cause?: unknown): ProblemError {
    return new ProblemError([problem], cause === undefined ? undefined : { cause });
  }
}
