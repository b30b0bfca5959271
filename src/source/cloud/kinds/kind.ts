import type { KindDescription, Reading, ReadRequest } from '../../source.js';
import type { FileReads } from '../files/file-reads.js';
import type { Trees } from '../files/trees.js';
import type { RequestPlan } from '../limits/request-plan.js';
import type { Pager } from '../paging.js';
import type { RootListings } from '../root-listings.js';
import type { Routes } from '../routes.js';

/** What all readings of a run share. */
export interface CloudContext {
  readonly pager: Pager;
  readonly routes: Routes;
  readonly listings: RootListings;
  readonly files: FileReads;
  readonly trees: Trees;
  readonly plan: RequestPlan;
  readonly concurrency: number;
}

/** A kind of Bitbucket Cloud, and how it is read. */
export interface CloudKind extends KindDescription {
  /** Sends nothing yet. */
  open(context: CloudContext, request: ReadRequest): Reading;
}
