import { z } from 'zod';
import type { JsonObject } from '../model/json.js';

/** Where the facts of its review stand in a pull request. */
export const reviewField = '__review';

/** Whether a resource wants them: they take requests of their own. */
export const activityKey = { withActivity: z.boolean().nullish() };

/** What happened to a pull request, as far as its review goes. */
export type ReviewEvent =
  | {
      readonly type: 'comment' | 'approval' | 'changes';
      readonly at: number;
      /** Who did it; null: nobody who is still known. */
      readonly by: string | null;
    }
  /** Its code was changed, up to this commit. */
  | { readonly type: 'code'; readonly at: number; readonly commit: string };

/**
 * The facts of a review. What its author does is none: people approve their own, and answer comments.
 * @param events in any order
 */
export function reviewOf(events: readonly ReviewEvent[], author: string | null): JsonObject {
  const inOrder = [...events].sort((one, other) => one.at - other.at);
  let [rounds, comments, newest, isReviewed] = [0, 0, '', false];
  let firstReviewAt: number | null = null;
  let approvedAt: number | null = null;
  for (const event of inOrder) {
    if (event.type === 'code') {
      isReviewed &&= event.commit === newest;
      newest = event.commit;
    } else if (event.by === null || event.by !== author) {
      firstReviewAt ??= event.at;
      if (event.type === 'approval') approvedAt ??= event.at;
      if (event.type === 'comment') comments += 1;
      if (!isReviewed) rounds += 1;
      isReviewed = true;
    }
  }
  return { firstReviewAt: moment(firstReviewAt), approvedAt: moment(approvedAt), rounds, comments };
}

/** RFC 3339 in whole seconds, as jq reads it. */
function moment(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}
