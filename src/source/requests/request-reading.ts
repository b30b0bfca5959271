import type { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import type { ProblemOf } from '../../problems/problem.js';
import type { JsonObject } from '../../model/json.js';
import { malformed } from '../failure.js';
import type { Addressed, FetchedPage, Listed, NamedRepository } from '../listing/page.js';
import { readToEnd } from '../listing/read-to-end.js';
import type { Count, Rest } from '../listing/rest.js';
import type { AbsentNames } from '../reading/absent-names.js';
import { BelowRepositoryReading } from '../reading/below-repository.js';
import { ListingRoot } from '../reading/listing-root.js';
import {
  type ReadingRecord,
  type RepositoryScope,
  repositoryScope,
} from '../reading/reading-record.js';
import { plainListing, type RepositoryQueue } from '../reading/repository-listing.js';
import type { Root } from '../reading/root.js';
import { RootReading } from '../reading/root-reading.js';
import type { Reading } from '../source.js';
import type { AllowedRequests, PathValues } from './allowed-requests.js';
import {
  AnswerItems,
  type ListInAnswer,
  type RequestBounds,
  type RequestParent,
  RequestsUsedUp,
} from './answers.js';
import { type Asked, parentField, pathText } from './asked.js';

/** What all readings of the kind share in a run. */
export interface RequestContext {
  readonly allowed: AllowedRequests;
  readonly bounds: RequestBounds;
}

/** One listing of a request, as the flavour's pages are read. */
export interface RequestListing {
  readonly url: URL;
  readonly subject: string;
  readonly itemOf: (value: JsonObject) => Listed | null;
  readonly mayFollow: (target: URL) => boolean;
  /** Called where rows may have been left out between two pages. */
  readonly onGap: () => void;
}

/** What a flavour knows of its pages. */
export type ReadRequestPages = (
  listing: RequestListing,
  count: Count,
) => AsyncIterable<readonly Listed[]>;

/** Asks for what a resource asks for, once for each parent. */
export class Requests {
  readonly #asked: Asked;
  readonly #context: RequestContext;
  readonly #read: ReadRequestPages;

  constructor(asked: Asked, context: RequestContext, read: ReadRequestPages) {
    this.#asked = asked;
    this.#context = context;
    this.#read = read;
  }

  /** The items of one parent; null: those of the whole of Bitbucket. */
  async *of(
    parent: RequestParent | null,
    values: PathValues,
    count: Count,
    onGap: () => void,
  ): AsyncGenerator<readonly Listed[], void, undefined> {
    const { allowed, bounds } = this.#context;
    const { path, parameters } = this.#asked;
    const url = allowed.url(path, values);
    if (url === null) {
      const subject = `${pathText(this.#asked)}${parent === null ? '' : ` of ${parent.name}`}`;
      throw malformed(subject, 'was not asked for: it leads to no path that is allowed');
    }
    const subject = url.pathname;
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const items = new AnswerItems(this.#asked, parent);
    const listing = {
      url,
      subject,
      itemOf: (value: JsonObject) => items.itemOf(value),
      mayFollow: (target: URL) => allowed.allows(target),
      onGap,
    };
    yield* items.checked(this.#read(listing, bounds.counting(subject, count)), subject);
  }

  /** The reading of items that belong to nothing but Bitbucket. */
  asWhole(values: PathValues, record: ReadingRecord, ask: Reading['ask']): Reading {
    const read = (count: Count): AsyncIterable<readonly Listed[]> =>
      // What is at the root has no proof that a gap would take away.
      this.of(null, values, count, () => undefined);
    return leafReading(pathText(this.#asked), read, record, ask);
  }

  /** The reading of what belongs to each project or repository. */
  below<Parent extends NamedRepository>({
    root,
    record,
    ask,
    queue,
    concurrency,
    endsReading,
    valuesOf,
    absent,
  }: {
    readonly root: Root<Parent>;
    readonly record: ReadingRecord;
    readonly ask: Reading['ask'];
    readonly queue: RepositoryQueue<Parent>;
    readonly concurrency: number;
    readonly endsReading: (failure: HttpError) => boolean;
    readonly valuesOf: (parent: Parent) => PathValues;
    readonly absent?: AbsentNames;
  }): Reading {
    const text = pathText(this.#asked);
    return new BelowRepositoryReading({
      root,
      record,
      ask,
      ...(absent === undefined ? {} : { absent }),
      queue: toldAtOnce(queue, record, text),
      concurrency,
      list: (parent) => {
        const field = parentField(parent);
        const { name, item } = parent;
        let hasGaps = false;
        const pages = this.of({ name, item, field }, valuesOf(parent), record.count, () => {
          hasGaps = true;
        });
        return { ...plainListing(pages), hasGaps: () => hasGaps };
      },
      subject: (name) => `${text} of ${name}`,
      endsReading,
      keepsOutdated: false,
    });
  }
}

/** The reading of a resource that may not be read: nothing is asked, and what it feeds is kept. */
export function refusedReading(
  problem: ProblemOf<'request-refused'>,
  record: ReadingRecord,
): Reading {
  const scope = { type: 'root', name: problem.path, isLeaf: true } as const;
  record.add({ scope, status: 'incomplete', problem });
  async function* nothing(): AsyncGenerator<readonly Listed[], void, undefined> {
    yield await Promise.resolve([]);
  }
  const root: Root<Listed> = {
    scopes: [scope],
    pages: nothing,
    confirm: () => Promise.resolve({ missed: [], ends: record.ends() }),
  };
  const ask: Reading['ask'] = () =>
    Promise.resolve({ status: 'unanswered', reason: 'nothing may be asked for it' });
  return new RootReading({ scope, root, record, ask });
}

/** An answer that is all there is: it stands for one page, and is asked for without parameters of any. */
export function wholeAnswer(
  rest: Rest,
  { url, subject, itemOf, mayFollow }: RequestListing,
  schema: z.ZodType<ListInAnswer>,
  count: Count,
  accepted: readonly number[] = [],
): AsyncIterable<readonly Listed[]> {
  const fetch = async (): Promise<FetchedPage> => {
    const question = { url, subject, count, mayFollow, accepted };
    const { status, headers, body } = await rest.json(question, schema);
    if (accepted.includes(status)) {
      throw new HttpError('status', subject, `answered ${status}`, { status, headers });
    }
    if (body === null) throw malformed(subject, 'answered without any content');
    return { values: body.values, next: null };
  };
  return readToEnd({ subject, itemOf }, fetch, { repeated: 1, withoutNews: 1 });
}

/** Nothing shares them: they are read again as they were read. */
interface Listings {
  again(): Listings;
}

function leafReading(
  name: string,
  read: (count: Count) => AsyncIterable<readonly Listed[]>,
  record: ReadingRecord,
  ask: Reading['ask'],
): Reading {
  const scope = { type: 'root', name, isLeaf: true } as const;
  const listings: Listings = { again: () => listings };
  const root = new ListingRoot({ scope, listings, read: (_, count) => read(count) }, record);
  return new RootReading({ scope, root, record, ask });
}

/** Projects as what their things belong to: they count apart from repositories. */
export async function* projectParents(
  pages: AsyncIterable<readonly Addressed[]>,
): AsyncGenerator<readonly NamedRepository[], void, undefined> {
  for await (const page of pages) yield page.map(projectParent);
}

/** The same of one project. */
export function projectParent({ item, segments }: Addressed): NamedRepository {
  const name = segments.at(-1) ?? '';
  return { item: { ...item, key: `project ${item.key}` }, segments, name, of: 'project' };
}

/** A queue whose parents are told of together that a run has no request left for. */
function toldAtOnce<Parent extends NamedRepository>(
  queue: RepositoryQueue<Parent>,
  record: ReadingRecord,
  listing: string,
): RepositoryQueue<Parent> {
  const left: RepositoryScope[] = [];
  let reason = '';
  return {
    repositories: (pages) => queue.repositories(pages),
    opened: () => {
      queue.opened();
    },
    closed: (failure) => {
      queue.closed(failure);
    },
    leaves: (parent, failure) => {
      if (!(failure instanceof RequestsUsedUp)) return queue.leaves(parent, failure);
      left.push(repositoryScope(parent));
      ({ reason } = failure);
      return true;
    },
    finish: () => {
      queue.finish();
      const problem = {
        code: 'listing-incomplete',
        listing: `${listing} (${left.length} of them)`,
        reason,
      } as const;
      for (const scope of left) record.add({ scope, status: 'incomplete', problem });
    },
  };
}
