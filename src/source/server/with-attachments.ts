import type { RawItem } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import { readAhead, type Several } from '../reading/read-ahead.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import {
  attachmentFields,
  type Attached,
  type AttachmentName,
  type Attachments,
} from './attachments.js';
import type { ListedRepository } from './items.js';

/** What attaching to repositories takes. */
export interface WithAttachmentsOptions {
  readonly attachments: Attachments;
  /** Those that the resource mentions; at least one. */
  readonly names: readonly AttachmentName[];
  readonly resource: ResourceReference;
  /** How many requests are sent at the same time. */
  readonly concurrency: number;
  /** How many repositories are wanted; undefined: all. */
  readonly enough: number | undefined;
}

/** How many repositories with attachments make a page: readmes may be long, a page stays small. */
const pageItems = 25;

/** How many repositories with attachments wait for their turn, for each that is being read. */
const waitingPerReading = 4;

/**
 * Repositories with their attachments, read ahead and in the order given. The record is told of those
 * that cannot be read.
 * @throws HttpError only when nothing more can be read in this run
 */
export async function* repositoriesWithAttachments(
  repositories: Several<readonly ListedRepository[]>,
  { attachments, names, resource, concurrency, enough = pageItems }: WithAttachmentsOptions,
  record: ReadingRecord,
): AsyncGenerator<readonly RawItem[], void, undefined> {
  const reading = Math.max(1, Math.floor(concurrency / names.length));
  const bounds = {
    concurrency: reading,
    parents: reading * (1 + waitingPerReading),
    size: Infinity,
    sizeOf: () => 1,
  };
  async function* open(repository: ListedRepository): AsyncGenerator<Attached, void, undefined> {
    yield await attachments.attach(repository, names, record.count);
  }
  let items: RawItem[] = [];
  for await (const { event } of readAhead(each(repositories), open, bounds)) {
    recordFailures(event, resource, record);
    items.push(event.item);
    if (items.length < Math.min(enough, pageItems)) continue;
    yield items;
    items = [];
  }
  yield items;
}

/** The repositories of pages, one by one. */
async function* each(
  repositories: Several<readonly ListedRepository[]>,
): AsyncGenerator<ListedRepository, void, undefined> {
  for await (const page of repositories) yield* page;
}

function recordFailures(
  { item, failures }: Attached,
  resource: ResourceReference,
  record: ReadingRecord,
): void {
  for (const { attachment, reason } of failures) {
    record.addProblem({
      code: 'attachment-unreadable',
      resource,
      item: item.link ?? item.key,
      attachment: attachmentFields[attachment],
      reason,
    });
  }
}
