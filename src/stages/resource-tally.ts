import type { ResourceCounts } from '../model/event.js';

/** Counts of one resource while it runs. */
export class ResourceTally {
  fetched = 0;
  mapped = 0;
  unselected = 0;
  unchanged = 0;
  created = 0;
  updated = 0;
  failed = 0;
  deleted = 0;
  /** Requests to Port; those to Bitbucket are counted by the reading. */
  portRequests = 0;

  /** The counts as they are now. */
  counts(sourceRequests: number): ResourceCounts {
    return {
      fetched: this.fetched,
      mapped: this.mapped,
      unselected: this.unselected,
      unchanged: this.unchanged,
      created: this.created,
      updated: this.updated,
      failed: this.failed,
      deleted: this.deleted,
      requests: sourceRequests + this.portRequests,
    };
  }
}
