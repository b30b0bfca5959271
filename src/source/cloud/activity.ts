import { z } from 'zod';
import type { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { ResourceReference } from '../../model/resource.js';
import { httpError } from '../failure.js';
import type { Listed } from '../listing/page.js';
import { withUnreadable } from '../reading/furnished.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import { type ReviewEvent, reviewField, reviewOf } from '../review.js';
import { endsReading, toldReason } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { readListing, type Pager } from './paging.js';
import type { Routes } from './routes.js';

const time = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());
const account = z
  .object({ uuid: z.string() })
  .nullish()
  .catch(null)
  .transform((user) => user?.uuid ?? null);

/** What an entry tells: one of these, or something that has nothing to do with a review. */
const happening = z.object({
  comment: z
    .object({
      created_on: time,
      user: account,
      id: z.number().nullish(),
      deleted: z.boolean().nullish(),
    })
    .optional(),
  approval: z.object({ date: time, user: account }).optional(),
  changes_requested: z.object({ date: time, user: account }).optional(),
  update: z
    .object({
      date: time,
      source: z.object({ commit: z.object({ hash: z.string() }).nullish() }).nullish(),
    })
    .optional(),
});

const entry = z.object({ pull_request: z.object({ id: z.int() }) });

/** A pull request, as far as its log goes. */
const pullRequest = z.object({
  id: z.int(),
  created_on: time,
  author: account,
});

/** An entry of a log; null: nothing that a review is made of. */
interface Entry extends Listed {
  readonly pullRequest: number;
  readonly event: ReviewEvent | null;
}

/** What reading logs takes. */
export interface ActivityContext {
  readonly pager: Pager;
  readonly routes: Routes;
  readonly within: ListedRepository;
  readonly resource: ResourceReference;
  readonly record: ReadingRecord;
  /** The beginning of the window of the resource; null: it has none. */
  readonly since: number | null;
}

/** The events of pull requests, by their number. */
type Events = ReadonlyMap<number, readonly ReviewEvent[]>;

/** A log that was read as far back as this, or why it was not. */
type Log = { readonly from: number; readonly events: Events } | { readonly failure: HttpError };

/**
 * Pull requests of one repository with the facts of their review. They come from one log of the repository,
 * read back to the oldest of them, as they come first, but no further than a window reaches: older ones that
 * changed in it are asked for their own log. What cannot be read is listed as unread, and told once.
 * @throws HttpError only when nothing more can be read in this run
 */
export async function* withReviews<Item extends Listed>(
  pages: AsyncIterable<readonly Item[]>,
  context: ActivityContext,
): AsyncGenerator<readonly Item[], void, undefined> {
  const { within, since } = context;
  let log: Log | null = null;
  for await (const page of pages) {
    const items: Item[] = [];
    for (const one of page) {
      const known = pullRequest.safeParse(one.item.value).data;
      const createdAt = known?.created_on ?? -Infinity;
      log ??= await logOf(
        context,
        ['activity'],
        within.item.link,
        Math.max(createdAt, since ?? -Infinity),
      );
      const own: Log =
        'failure' in log || createdAt >= log.from || known === undefined
          ? log
          : await logOf(context, [String(known.id), 'activity'], one.item.link, null);
      items.push(withReview(one, own, known?.id ?? 0, known?.author ?? null));
    }
    yield items;
  }
}

function withReview<Item extends Listed>(
  listed: Item,
  log: Log,
  id: number,
  author: string | null,
): Item {
  const { item } = listed;
  if ('failure' in log) return { ...listed, item: withUnreadable(item, [reviewField]) };
  const review = reviewOf(log.events.get(id) ?? [], author);
  return { ...listed, item: { ...item, value: { ...item.value, [reviewField]: review } } };
}

/**
 * @param from how far back it is needed; null: to its beginning
 * @throws HttpError only when nothing more can be read in this run
 */
async function logOf(
  { pager, routes, within, resource, record }: ActivityContext,
  path: readonly string[],
  item: string | null,
  from: number | null,
): Promise<Log> {
  const subject = `activity of pull requests of ${within.name}`;
  const listing = {
    url: routes.below(within.slug, ['pullrequests', ...path]),
    size: 'activity' as const,
    subject,
    itemOf: entryOf,
    window: from === null || from === -Infinity ? null : { since: from, at: timeIn },
  };
  const events = new Map<number, ReviewEvent[]>();
  try {
    for await (const page of readListing(pager, listing, record.count)) {
      for (const { pullRequest: id, event } of page) {
        if (event === null) continue;
        const known = events.get(id);
        if (known === undefined) events.set(id, [event]);
        else known.push(event);
      }
    }
    return { from: from ?? -Infinity, events };
  } catch (error) {
    const failure = httpError(error);
    if (endsReading(failure)) throw failure;
    record.addProblem({
      code: 'attachment-unreadable',
      resource,
      item: item ?? within.name,
      attachment: reviewField,
      reason: toldReason(failure),
    });
    return { failure };
  }
}

/** Null for what is no entry, or does not tell when something happened. */
function entryOf(value: JsonObject): Entry | null {
  const { data: known } = entry.safeParse(value);
  const { data: told } = happening.safeParse(value);
  if (known === undefined || told === undefined) return null;
  const { comment, approval, changes_requested: changes, update } = told;
  const commit = update?.source?.commit?.hash;
  const event: ReviewEvent | null = comment
    ? comment.deleted === true
      ? null
      : { type: 'comment', at: comment.created_on, by: comment.user }
    : approval
      ? { type: 'approval', at: approval.date, by: approval.user }
      : changes
        ? { type: 'changes', at: changes.date, by: changes.user }
        : update && commit
          ? { type: 'code', at: update.date, commit }
          : null;
  const { id } = known.pull_request;
  const at = event?.at ?? update?.date ?? comment?.created_on ?? null;
  // Only comments have a number: other things at once are told apart by all that is told of them.
  const key = JSON.stringify([id, at, event, comment?.id ?? null]);
  return { item: { key, link: null, value: { at } }, pullRequest: id, event };
}

function timeIn({ at }: JsonObject): number | null {
  return typeof at === 'number' ? at : null;
}
