import type { ResourceCounts } from './event.js';
import type { ResourceReference } from './resource.js';

/** What one resource came to. */
export interface ResourceSummary {
  readonly resource: ResourceReference;
  readonly counts: ResourceCounts;
  /** Whether everything was read to its end. */
  readonly status: 'complete' | 'incomplete';
  /** From its first request to Port's last answer. */
  readonly milliseconds: number;
}

/** What a run came to, besides its problems. */
export interface RunSummary {
  readonly resources: readonly ResourceSummary[];
  /** Entities deleted in blueprints that no resource feeds any more. */
  readonly deletedElsewhere: number;
  readonly requests: { readonly bitbucket: number; readonly port: number };
  readonly milliseconds: number;
}
