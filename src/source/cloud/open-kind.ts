import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { answering, type Asker, type AsListed } from '../addresses/asker.js';
import type { Listed } from '../listing/page.js';
import { NamesToSee } from '../reading/absent-names.js';
import { BelowRepositoryReading } from '../reading/below-repository.js';
import { ListingRoot } from '../reading/listing-root.js';
import { ReadingRecord } from '../reading/reading-record.js';
import { plainListing } from '../reading/repository-listing.js';
import { keeping, repositoriesScope, type Root } from '../reading/root.js';
import { RootReading } from '../reading/root-reading.js';
import { isWanted, Selection, untoldOf, wantedOnly } from '../reading/selection.js';
import type { RequestContext } from '../requests/request-reading.js';
import { reviewField } from '../review.js';
import type { Address, Reading, ReadRequest } from '../source.js';
import { withReviews } from './activity.js';
import type { CloudAddresses } from './addresses.js';
import { endsReading, toldReason } from './describe-failure.js';
import { AttachedFiles } from '../files/attached-files.js';
import { type BranchContents, readContents } from '../files/contents.js';
import type { FileReads } from '../files/file-reads.js';
import { isCalled } from '../files/file-source.js';
import { filterOf, refusedFilter } from './filters.js';
import { itemOf, repositoryOf, type ListedRepository } from './items.js';
import type { Parameters } from '../kind.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';
import { type Need, noNeed } from './limits/demand.js';
import type { RequestPlan } from './limits/request-plan.js';
import { readListing, type Pager } from './paging.js';
import { BudgetedQueue } from './budgeted-queue.js';
import { repositoryFilter } from './repository-filter.js';
import type { RootListings } from './root-listings.js';
import type { Routes } from './routes.js';
import { repositoriesWithFiles } from './with-files.js';

/** What all readings of a run share. */
export interface CloudContext {
  readonly files: FileReads<ListedRepository>;
  readonly pager: Pager;
  readonly routes: Routes;
  readonly listings: RootListings;
  readonly plan: RequestPlan;
  readonly addresses: CloudAddresses;
  readonly asker: Asker;
  readonly requests: RequestContext;
  readonly concurrency: number;
  /** Names of which the run was told that there is no such thing. */
  readonly warned: Set<string>;
}

/** Opens a reading of a kind. Sends nothing yet. */
export function openKind(kind: CloudKind, context: CloudContext, request: ReadRequest): Reading {
  if (kind === repository) return readRepositories(context, request);
  return kind.scope === 'repository'
    ? readBelow(kind, context, request)
    : readRoot(kind, context, request);
}

/** Of a reading whose failures tell of its filters. */
function recordOf(kind: CloudKind, request: ReadRequest): ReadingRecord {
  return new ReadingRecord(toldReason, ({ type }, failure) => {
    const listed = type === kind.scope ? kind : repository;
    return refusedFilter(filterOf(listed, request), failure, false);
  });
}

function readRoot(kind: CloudKind, context: CloudContext, request: ReadRequest): Reading {
  const record = recordOf(kind, request);
  const { query } = kind.wanted(request.selector, null);
  const scope = { type: 'root', name: kind.plural } as const;
  const { listings } = context;
  const options = {
    scope,
    listings,
    read: (from: RootListings, count: () => void) => from.of(kind, query, count),
  };
  const url = context.routes.listing(kind.path, query);
  const asListed: AsListed = (value) =>
    listedAt(kind, { url, query, value, read: (one) => itemOf(kind, one) }, context, record);
  const ask = asking(context, record, [[kind, asListed]]);
  return new RootReading({ scope, root: new ListingRoot(options, record), record, ask });
}

function readRepositories(context: CloudContext, request: ReadRequest): Reading {
  const { plan, concurrency } = context;
  const { resource, enough, selector } = request;
  const filter = repositoryFilter(selector);
  const files = new AttachedFiles(context.files, request);
  const record = recordOf(repository, request);
  const root = repositoryRoot(context, selector, record);
  const attached: AsListed = async (value) => {
    const item = await listedRepository(context, selector, record)(value);
    const found = item === null ? null : repositoryOf(item.value);
    if (item === null || found === null || files.readsAtOnce === 0) return item;
    const place = { repository: found, branch: found.mainBranch, commit: null, folder: '' };
    const { item: whole, problems } = await files.attach(item, place, record.count);
    for (const problem of problems) record.addProblem(problem);
    return whole;
  };
  const ask = asking(context, record, [[repository, attached]]);
  const reading = { scope: repositoriesScope, root, record, ask };
  if (files.readsAtOnce === 0) return new RootReading(reading);
  const needOf = ({ mainBranch }: ListedRepository): Need =>
    mainBranch === null ? noNeed : { api: 0, files: files.paths };
  const demand = { filter, needOf, count: record.count };
  plan.join(demand);
  const options = { files, plan, demand, resource, concurrency, enough };
  return new RootReading({
    ...reading,
    furnish: (pages) => repositoriesWithFiles(pages, options, record),
  });
}

/** Reads what repositories hold, as far as the limits allow for. */
function readBelow(kind: CloudKind, context: CloudContext, request: ReadRequest): Reading {
  const { plan, concurrency, addresses, warned } = context;
  const { selector, resource } = request;
  const record = recordOf(kind, request);
  const { keeps, named, needOf, list } = inRepositories(kind, context, request, record);
  const demand = {
    filter: repositoryFilter(selector),
    count: record.count,
    needOf: (one: ListedRepository) => (keeps(one) ? needOf(one) : noNeed),
  };
  const names = new NamesToSee<ListedRepository>(
    {
      kind: 'repository',
      names: named,
      isCalled,
      nameOf: ({ slug }) => slug,
      addressOf: (name) => addresses.repository(name.replaceAll(' ', '-')),
      scope: repositoriesScope,
      warned,
    },
    record,
  );
  const isWanted = (one: ListedRepository): boolean => {
    names.see(one);
    return keeps(one);
  };
  const above = listedRepository(context, selector, record);
  const subject = (name: string): string => `${kind.plural} of ${name}`;
  return new BelowRepositoryReading({
    root: keeping(repositoryRoot(context, selector, record), isWanted),
    record,
    absent: names,
    ask: asking(context, record, [
      [repository, above],
      [
        kind,
        (value, { parent }) =>
          listedBelow(kind, { value, parent, above }, context, request, record),
      ],
    ]),
    queue: new BudgetedQueue({ plan, demand, resource, record }),
    concurrency,
    list: (one, known) => list(one, record.count, known),
    subject,
    endsReading,
    keepsOutdated: new Selection(kind, selector, request.now).keepsOutdated,
  });
}

/** What a reading does in repositories. */
interface InRepositories extends Pick<
  BranchContents<ListedRepository>,
  'keeps' | 'named' | 'list'
> {
  /** What reading a repository takes at least. */
  readonly needOf: (repository: ListedRepository) => Need;
}

function inRepositories(
  kind: CloudKind,
  context: CloudContext,
  request: ReadRequest,
  record: ReadingRecord,
): InRepositories {
  if (kind.contents !== null) {
    const { takes, ...contents } = readContents(kind.contents, context.files, request);
    const needOf = (one: ListedRepository): Need => {
      const { listings, files } = takes(one);
      return { api: listings, files };
    };
    return { ...contents, needOf };
  }
  const selection = new Selection(kind, request.selector, request.now);
  const wanted = kind.wanted(request.selector, selection.since);
  const { resource } = request;
  // What nobody uses is not asked for.
  const isReviewed = wanted.reviews && request.mentions(reviewField);
  return {
    keeps: () => true,
    named: [],
    needOf: () => ({ api: isReviewed ? 2 : 1, files: [] }),
    list: (within, count) => {
      const subject = `${kind.plural} of ${within.name}`;
      const listing = {
        url: context.routes.below(within.slug, kind.path, wanted.query),
        size: kind.pageSize,
        isNumbered: kind.isNumbered,
        window: selection.window,
        subject,
        itemOf: (value: JsonObject) => itemOf(kind, value, within),
      };
      const wants = (value: JsonObject): boolean | null =>
        isWanted(value, within.item.value, selection, wanted);
      const taken = wantedOnly(readListing(context.pager, listing, count), wants, subject);
      if (!isReviewed) return plainListing(taken);
      const { pager, routes } = context;
      const { since } = selection;
      return plainListing(withReviews(taken, { pager, routes, within, resource, record, since }));
    },
  };
}

/** The repositories that a selector is about. */
export function repositoryRoot(
  { listings }: CloudContext,
  selector: unknown,
  record: ReadingRecord,
): Root<ListedRepository> {
  const filter = repositoryFilter(selector);
  const scope = repositoriesScope;
  return new ListingRoot(
    { scope, listings, read: (from, count) => from.repositories(filter, count) },
    record,
  );
}

export function listedRepository(
  context: CloudContext,
  selector: unknown,
  record: ReadingRecord,
): (value: JsonObject) => Promise<RawItem | null> {
  const { query } = repository.wanted(selector, null);
  const url = context.routes.listing(repository.path, query);
  return (value) =>
    listedAt(repository, { url, query, value, read: repositoryOf }, context, record);
}

async function listedBelow(
  kind: CloudKind,
  { value, parent, above }: Below,
  context: CloudContext,
  { selector, now }: ReadRequest,
  record: ReadingRecord,
): Promise<RawItem | null> {
  const found = parent === null ? null : await context.asker.find(parent, record.count);
  const within = found?.status === 'there' ? repositoryOf(found.value) : null;
  if (found?.status !== 'there' || within === null) return null;
  if ((await above(found.value)) === null) return null;
  const selection = new Selection(kind, selector, now);
  const wanted = kind.wanted(selector, selection.since);
  const isTaken = isWanted(value, within.item.value, selection, wanted);
  if (isTaken === null) throw untoldOf(`${kind.plural} of ${within.name}`);
  if (!isTaken) return null;
  const { query } = wanted;
  const url = context.routes.below(within.slug, kind.path, query);
  const read = (one: JsonObject): Listed | null => itemOf(kind, one, within);
  return await listedAt(kind, { url, query, value, read }, context, record);
}

/** Something below a repository that has an address. */
interface Below {
  readonly value: JsonObject;
  readonly parent: Address | null;
  readonly above: (value: JsonObject) => Promise<RawItem | null>;
}

/** A listing, and something that has an address. */
interface Candidate {
  readonly url: URL;
  readonly query: Parameters;
  readonly value: JsonObject;
  readonly read: (value: JsonObject) => Listed | null;
}

/**
 * What a listing gives for something that has an address: it is asked for this one alone. A listing
 * that nothing narrows shows it as it is.
 */
async function listedAt(
  kind: CloudKind,
  { url, query, value, read }: Candidate,
  { pager }: CloudContext,
  { count }: ReadingRecord,
): Promise<RawItem | null> {
  const known = read(value);
  const only = kind.only(value);
  const isNarrowed = query.q !== undefined || query.role !== undefined;
  if (known === null || only === null || !isNarrowed) return known?.item ?? null;
  const narrowed = new URL(url);
  narrowed.searchParams.set('q', query.q === undefined ? only : `(${query.q}) AND ${only}`);
  const listing = { url: narrowed, size: kind.pageSize, subject: kind.plural, itemOf: read };
  for await (const page of readListing(pager, listing, count)) {
    const same = page.find(({ item }) => item.key === known.item.key);
    if (same !== undefined) return same.item;
  }
  return null;
}

export function asking(
  { asker }: CloudContext,
  { count }: ReadingRecord,
  listed: readonly (readonly [CloudKind, AsListed])[],
): Reading['ask'] {
  return answering(asker, count, listed, toldReason);
}
