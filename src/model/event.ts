import type { Problem, Side } from '../problems/problem.js';
import type { EntityReference } from './entity.js';
import type { ResourceReference } from './resource.js';

/** What became of entities. */
export interface ChangeCounts {
  readonly unchanged: number;
  readonly created: number;
  readonly updated: number;
  /** Sent again without a comparison: a search query stands in them, which Port alone can answer. */
  readonly searched: number;
  readonly failed: number;
  readonly deleted: number;
}

/** What a resource did, in the words of the summary table. */
export interface ResourceCounts extends ChangeCounts {
  /** Items. Each gives one or more results, and each result is in exactly one of the other counts. */
  readonly fetched: number;
  /** Results that became entities. */
  readonly mapped: number;
  /** Left out by the selector. */
  readonly unselected: number;
  /** Without an identifier that could be used. */
  readonly unidentified: number;
  /** Entities that the resource had made before, from another item or the same. */
  readonly duplicates: number;
  /** Entities that were merged into one that counts with an earlier resource. */
  readonly merged: number;
  /** Entities of which nobody knows yet, or ever, as the run was stopped. */
  readonly unreached: number;
  readonly requests: number;
}

/** How far a reading of one repository after the other has come. */
export interface RepositoryProgress {
  /** Those whose reading ended, one way or the other. */
  readonly done: number;
  /** All that the reading is about. */
  readonly total: number;
}

/** What the core tells while it runs. It never formats and never colours: `report/` does. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly at: number;
      /** `Bitbucket Data Center https://bitbucket.example.com`. */
      readonly source: string;
      /** Address of the API. */
      readonly port: string;
      /** Identifier. */
      readonly integration: string;
      readonly resources: readonly ResourceReference[];
    }
  /** A fact for the log: which jq, which mapping, which credentials. `detail` only at debug level. */
  | { readonly type: 'note'; readonly level: 'info' | 'debug'; readonly text: string }
  | { readonly type: 'resource-started'; readonly at: number; readonly resource: ResourceReference }
  | {
      readonly type: 'resource-progressed';
      readonly at: number;
      readonly resource: ResourceReference;
      readonly counts: ResourceCounts;
      /** How many repositories were read through, where it is known how many there are. */
      readonly repositories?: RepositoryProgress;
    }
  | {
      readonly type: 'resource-ended';
      readonly at: number;
      readonly resource: ResourceReference;
      readonly counts: ResourceCounts;
      readonly status: 'complete' | 'incomplete';
    }
  | {
      readonly type: 'waiting';
      readonly at: number;
      readonly side: Side;
      readonly reason: string;
      readonly milliseconds: number;
    }
  /** What is due and stays: more than may go unasked, or found by the first run after a take-over. */
  | {
      readonly type: 'deletions-held';
      readonly why: 'next run' | 'stopped';
      readonly entities: readonly EntityReference[];
    }
  | { readonly type: 'problem'; readonly problem: Problem };

/** Takes events. Must not throw. */
export type EventListener = (event: RunEvent) => void;
