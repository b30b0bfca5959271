import { HttpError } from '../../http/http-error.js';
import type { JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { errorIn, httpError } from '../failure.js';
import type { Count, Rest } from '../listing/rest.js';
import type { ResourceReference } from '../../model/resource.js';
import { readAhead, type Several } from '../reading/read-ahead.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import { describeFailure, endsReading } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { pageBody } from './paging.js';
import type { Routes } from './routes.js';
import { attachmentFields, type AttachmentName } from './kinds/repository.js';

/** The longest readme that is passed on, in bytes. */
const readmeBytes = 1024 * 1024;

/** How much of attachments is kept for other resources, in characters; what is beyond is asked for again. */
const keptCharacters = 32 * 1024 * 1024;

/** Statuses that say there is none: no such file, no default branch, no commit. */
const noneStatus = 404;

/** A repository with its attachments. */
export interface Attached {
  readonly item: RawItem;
  readonly failures: readonly { readonly attachment: AttachmentName; readonly reason: string }[];
}

type Outcome =
  | { readonly type: 'read'; readonly value: JsonValue }
  | { readonly type: 'unread'; readonly reason: string };

/** Fetches attachments, each once even when several resources want it. */
export class Attachments {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #outcomes = new Map<string, Promise<Outcome>>();
  /** How many readings want each attachment. */
  readonly #wanted = new Map<AttachmentName, number>();
  #keptCharacters = 0;

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
  }

  /** Tells ahead that a reading will ask for these: what several ask for is kept. */
  announce(names: readonly AttachmentName[]): void {
    for (const name of names) this.#wanted.set(name, (this.#wanted.get(name) ?? 0) + 1);
  }

  /**
   * A new item with the attachments. One that cannot be read is left out of it and listed as unread.
   * @throws HttpError only when nothing more can be read in this run
   */
  async attach(
    repository: ListedRepository,
    names: readonly AttachmentName[],
    count: Count,
  ): Promise<Attached> {
    const outcomes = await Promise.all(
      names.map(async (attachment) => ({
        attachment,
        outcome: await this.#outcome(repository, attachment, count),
      })),
    );
    const value: Record<string, JsonValue> = { ...repository.item.value };
    const failures: { attachment: AttachmentName; reason: string }[] = [];
    for (const { attachment, outcome } of outcomes) {
      if (outcome.type === 'read') value[attachmentFields[attachment]] = outcome.value;
      else failures.push({ attachment, reason: outcome.reason });
    }
    const unread = failures.map(({ attachment }) => attachmentFields[attachment]);
    const item = { ...repository.item, value, ...(unread.length > 0 ? { unread } : {}) };
    return { item, failures };
  }

  #outcome(
    repository: ListedRepository,
    attachment: AttachmentName,
    count: Count,
  ): Promise<Outcome> {
    const key = `${attachment} ${repository.item.key}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const outcome = this.#read(repository, attachment, count);
    this.#outcomes.set(key, outcome);
    void outcome.then(
      (settled) => {
        this.#keep(attachment, key, settled);
      },
      () => undefined,
    );
    return outcome;
  }

  #keep(attachment: AttachmentName, key: string, outcome: Outcome): void {
    const value = outcome.type === 'read' ? outcome.value : null;
    const characters = typeof value === 'string' ? value.length : 0;
    const isFull = this.#keptCharacters + characters > keptCharacters;
    if (isFull || (this.#wanted.get(attachment) ?? 0) < 2) this.#outcomes.delete(key);
    else this.#keptCharacters += characters;
  }

  async #read(
    repository: ListedRepository,
    attachment: AttachmentName,
    count: Count,
  ): Promise<Outcome> {
    try {
      const value =
        attachment === 'readme'
          ? await this.#readme(repository, count)
          : await this.#latestCommit(repository, count);
      return { type: 'read', value };
    } catch (error) {
      const failure = httpError(error);
      if (endsReading(failure)) throw failure;
      return { type: 'unread', reason: describeFailure(failure) };
    }
  }

  /** Empty when there is none. */
  async #readme(repository: ListedRepository, count: Count): Promise<string> {
    const subject = `readme of ${repository.name}`;
    const url = this.#routes.readme(repository);
    const answer = await this.#rest.text({ url, subject, count, accepted: [noneStatus] });
    if (answer.status === noneStatus) return '';
    // A readme is sent as plain text: a web page is the sign-in page of a proxy.
    if (/^\s*text\/html\b/i.test(answer.headers.get('content-type') ?? '')) {
      throw new HttpError('login-page', subject, 'answered with a web page instead of a readme');
    }
    const words = errorIn(answer.body);
    if (words !== null) {
      throw new HttpError('malformed', subject, `answered with an error in its place: ${words}`);
    }
    if (Buffer.byteLength(answer.body) > readmeBytes) {
      throw new HttpError('too-large', subject, 'larger than 1 MiB');
    }
    return answer.body;
  }

  /** Null when there is none. */
  async #latestCommit(repository: ListedRepository, count: Count): Promise<JsonValue> {
    const subject = `latest commit of ${repository.name}`;
    const url = this.#routes.latestCommit(repository);
    const request = { url, subject, count, accepted: [noneStatus] };
    const answer = await this.#rest.json(request, pageBody);
    return answer.body?.values[0] ?? null;
  }
}

/** What attaching to repositories takes. */
interface WithAttachmentsOptions {
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
