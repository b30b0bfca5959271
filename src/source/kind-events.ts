import type { JsonObject } from '../model/json.js';

/** Where a webhook of Bitbucket stands. What it hears depends on it. */
export type HookLevel = 'workspace' | 'project' | 'repository';

/** An event of Bitbucket. */
export interface BitbucketEvent {
  readonly name: string;
  /** Webhooks of these levels can ask for it; of all levels, where none is named. */
  readonly levels?: readonly HookLevel[];
  /** The first version of Data Center that has it, where servers are around that lack it. */
  readonly since?: readonly [major: number, minor: number];
  /** The item is over with it: it left the state of those that are open. */
  readonly closes?: true;
}

/** What a selector says about an item, as far as an event can tell. */
export type EventSelection =
  | {
      /** jq conditions on the item, all of which hold. */
      readonly conditions: readonly string[];
      /** States of pull requests that are taken; null: whatever their state. */
      readonly states: readonly string[] | null;
      /** Whether something in the project of the key is taken, where the conditions leave projects out. */
      readonly takesProject?: (key: string) => boolean;
    }
  /** `untold`: the key of the selector that only a listing can answer. */
  | { readonly untold: string };

/** What settings say in place of a selector. */
export interface SelectionOverrides {
  readonly pullRequestState?: 'ALL' | 'OPEN' | 'MERGED' | 'DECLINED' | undefined;
  readonly projectsFilter?: readonly string[] | undefined;
}

/** A valid selector of the kind. */
export type Selector = Readonly<Record<string, unknown>>;

/** The events that tell of the items of a kind. */
export interface KindEvents {
  readonly events: readonly BitbucketEvent[];
  /** The event after which an item is gone; null: no event says so. */
  readonly gone: BitbucketEvent | null;
  /** Where the item stands in the request: `.body.pullRequest`. */
  readonly path: string;
  /** An item as events carry it: what it lacks, they do not tell. */
  readonly sample: JsonObject;
  readonly selection: (selector: Selector, overrides: SelectionOverrides) => EventSelection;
}

/** What a Bitbucket tells by events. */
export interface EventTable {
  /** jq for the name of the event. */
  readonly eventName: string;
  /** By the name of the kind. Kinds that are not there have no events. */
  readonly kinds: Readonly<Record<string, KindEvents>>;
}

/** Keys of selectors that leave nothing out of what happens now. */
const IDLE_KEYS = ['query', 'includedFiles', 'updatedWithin', 'keepOutdated', 'withActivity'];

/** A key of the selector that says something, and is none of those that an event can answer. */
export function untoldKey(selector: Selector, answered: readonly string[]): string | null {
  const told = Object.entries(selector).find(
    ([key, value]) => ![...IDLE_KEYS, ...answered].includes(key) && value !== null && value !== '',
  );
  return told?.[0] ?? null;
}

/** A jq condition: whether the value is one of these texts. */
export function isOneOf(value: string, texts: readonly string[]): string {
  return `(${value} | IN(${texts.map((text) => JSON.stringify(text)).join(', ')}))`;
}
