import type { Rest } from '../../listing/rest.js';
import type { KindDescription, Reading, ReadRequest } from '../../source.js';
import type { AttachmentName, Attachments } from '../attachments.js';
import type { RootListings } from '../root-listings.js';
import type { PullRequestState, Routes } from '../routes.js';

/** What stands in for selectors of the mapping in one run. */
export interface SelectorOverrides {
  readonly pullRequestState?: PullRequestState | undefined;
  /** Keys of projects, in place of `projects`. */
  readonly projectsFilter?: readonly string[] | undefined;
}

/** What all readings of a run share. */
export interface ServerContext {
  readonly rest: Rest;
  readonly routes: Routes;
  readonly listings: RootListings;
  readonly attachments: Attachments;
  /** Attachments that may be fetched at all. */
  readonly enrich: readonly AttachmentName[];
  readonly concurrency: number;
  readonly overrides: SelectorOverrides;
}

/** A kind of Data Center, and how it is read. */
export interface ServerKind extends KindDescription {
  /** Sends nothing yet. */
  open(context: ServerContext, request: ReadRequest): Reading;
}
