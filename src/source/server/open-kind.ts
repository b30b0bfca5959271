import type { JsonObject } from '../../model/json.js';
import type { AsListed } from '../addresses/asker.js';
import { AttachedFiles } from '../files/attached-files.js';
import { type BranchContents, readContents } from '../files/contents.js';
import { malformed } from '../failure.js';
import { type AllWanted, itemOf } from '../kind.js';
import type { Addressed } from '../listing/page.js';
import { type AbsentNames, allAbsent } from '../reading/absent-names.js';
import { BelowRepositoryReading } from '../reading/below-repository.js';
import {
  type Furnished,
  furnished,
  furnishedPageItems,
  furnishedPages,
} from '../reading/furnished.js';
import { ListingRoot } from '../reading/listing-root.js';
import type { Several } from '../reading/read-ahead.js';
import { ReadingRecord } from '../reading/reading-record.js';
import { everyRepository, plainListing } from '../reading/repository-listing.js';
import { keeping, repositoriesScope } from '../reading/root.js';
import { RootReading, type RootReadingOptions } from '../reading/root-reading.js';
import { isWanted, Selection, untoldOf, wantedOnly } from '../reading/selection.js';
import type { Reading, ReadRequest } from '../source.js';
import {
  asking,
  projectNames,
  repositoryNames,
  repositoryRoot,
  type ServerContext,
} from './context.js';
import { describeFailure, endsReading } from './describe-failure.js';
import { repositoryOf, type ListedRepository } from './items.js';
import type { ServerKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { attachmentFields, repository } from './kinds/repository.js';
import { type AddMore, eachWith, moreOf } from './more.js';
import { readListing } from './paging.js';
import { perBranch } from './per-branch.js';
import type { RootListings } from './root-listings.js';

/** Opens a reading of a kind. Sends nothing yet. */
export function openKind(kind: ServerKind, context: ServerContext, request: ReadRequest): Reading {
  if (kind === repository) return readRepositories(context, request);
  return kind.scope === 'repository'
    ? readBelow(kind, context, request)
    : readRoot(kind, context, request);
}

/** What a resource takes of what listings show. */
interface Selecting {
  readonly selection: Selection;
  readonly wanted: AllWanted;
  /** Null: an item is what its listing shows. */
  readonly more: AddMore | null;
}

function selectingOf(
  kind: ServerKind,
  { rest, routes, overrides }: ServerContext,
  { selector, now, mentions, resource }: ReadRequest,
  record: ReadingRecord,
): Selecting {
  const selection = new Selection(kind, selector, now);
  const asked = { ...overrides, since: selection.since, mentions };
  const wanted = kind.wanted(selector, asked);
  return {
    selection,
    wanted,
    more: moreOf(kind, { ...asked, reviews: wanted.reviews }, { rest, routes, resource, record }),
  };
}

function readRoot(kind: ServerKind, context: ServerContext, request: ReadRequest): Reading {
  const { concurrency } = context;
  const record = new ReadingRecord(describeFailure);
  const { selection, wanted, more } = selectingOf(kind, context, request, record);
  const scope = { type: 'root', name: kind.plural } as const;
  const named = kind === project ? projectNames(context, request.selector, record) : undefined;
  const isTaken = (value: JsonObject): boolean => isWanted(value, null, selection, wanted) === true;
  async function* kept(
    pages: AsyncIterable<readonly Addressed[]>,
  ): AsyncGenerator<readonly Addressed[], void, undefined> {
    for await (const page of pages) {
      for (const { segments } of page) named?.see(segments[0] ?? '');
      yield page.filter(({ item }) => isTaken(item.value));
    }
  }
  const options = {
    scope,
    listings: context.listings,
    read: (from: RootListings, count: () => void) => kept(from.of(kind, wanted, count)),
  };
  const asListed: AsListed = async (value) => {
    if (!isTaken(value) || !wanted.shows(value)) return null;
    const listed = await inListing(kind, wanted, value, context, record);
    return listed?.item ?? null;
  };
  const ask = asking(context, record, [[kind, asListed]]);
  const reading: RootReadingOptions<Addressed> = {
    scope,
    root: new ListingRoot(options, record),
    record,
    ask,
    ...(named === undefined ? {} : { absent: named }),
  };
  if (more === null) return new RootReading(reading);
  const { enough = furnishedPageItems } = request;
  const size = Math.min(enough, furnishedPageItems);
  async function* whole(pages: Several<readonly Addressed[]>): AsyncGenerator<Furnished> {
    const adding = (one: Addressed): Promise<Addressed> =>
      more?.(one, null) ?? Promise.resolve(one);
    for await (const { event } of furnished(each(pages), adding, { concurrency, readsAtOnce: 1 })) {
      yield { item: event.item, problems: [] };
    }
  }
  return new RootReading({
    ...reading,
    furnish: (pages) => furnishedPages(whole(pages), size, record),
  });
}

/**
 * What the listing of a resource shows for something that has an address.
 * @throws HttpError where it is at its address, and not in the listing, which contradicts itself then
 */
async function inListing(
  kind: ServerKind,
  { path, only }: AllWanted,
  value: JsonObject,
  { rest, routes }: ServerContext,
  { count }: ReadingRecord,
): Promise<Addressed | null> {
  const known = itemOf(kind, value);
  if (known === null || only === null) return known;
  const query = only(value);
  const subject = `${kind.plural} like ${known.segments.join('/')}`;
  if (query !== null) {
    const listing = {
      url: routes.listing(path, query),
      subject,
      itemOf: (one: JsonObject) => itemOf(kind, one),
    };
    for await (const page of readListing(rest, listing, count)) {
      const same = page.find(({ item }) => item.key === known.item.key);
      if (same !== undefined) return same;
    }
  }
  throw malformed(subject, 'does not show one that is there by its address');
}

function readRepositories(context: ServerContext, request: ReadRequest): Reading {
  const { attachments, concurrency } = context;
  const { selector, mentions, resource, enough = furnishedPageItems } = request;
  const record = new ReadingRecord(describeFailure);
  const { root, named, asListed } = repositoryRoot(context, selector, record);
  const names = context.enrich.filter((name) => mentions(attachmentFields[name]));
  attachments.announce(names);
  const files = new AttachedFiles(context.files, request);
  const attach = async (one: ListedRepository): Promise<Furnished> => {
    const { item, problems } = await attachments.attach(one, names, resource, record.count);
    const place = { repository: one, branch: one.mainBranch, commit: null, folder: '' };
    const whole = await files.attach(item, place, record.count);
    return { item: whole.item, problems: [...problems, ...whole.problems] };
  };
  const attached: AsListed = async (value, address) => {
    const found = (await asListed(value, address)) && repositoryOf(value);
    return found === null ? null : (await attach(found)).item;
  };
  const reading = {
    scope: repositoriesScope,
    root,
    record,
    absent: named,
    ask: asking(context, record, [[repository, attached]]),
  };
  const readsAtOnce = Math.max(names.length, files.readsAtOnce);
  if (readsAtOnce === 0) return new RootReading(reading);
  async function* furnish(
    pages: Several<readonly ListedRepository[]>,
  ): AsyncGenerator<Furnished, void, undefined> {
    const repositories = furnished(each(pages), attach, { concurrency, readsAtOnce });
    for await (const { event } of repositories) yield event;
  }
  const size = Math.min(enough, furnishedPageItems);
  return new RootReading({
    ...reading,
    furnish: (pages) => furnishedPages(furnish(pages), size, record),
  });
}

/** What is in pages, one by one. */
async function* each<Item>(pages: Several<readonly Item[]>): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages) yield* page;
}

function readBelow(kind: ServerKind, context: ServerContext, request: ReadRequest): Reading {
  const record = new ReadingRecord(describeFailure);
  const selecting = selectingOf(kind, context, request, record);
  const { selection, wanted } = selecting;
  const subjectOf = (name: string): string => `${kind.plural} of ${name}`;
  const { root, named, asListed } = repositoryRoot(context, request.selector, record);
  const below: AsListed = async (value, { parent }) => {
    const above = parent === null ? null : await context.asker.find(parent, record.count);
    const within = above?.status === 'there' ? repositoryOf(above.value) : null;
    if (parent === null || above?.status !== 'there' || within === null) return null;
    const isTaken = isWanted(value, within.item.value, selection, wanted);
    if (isTaken === null) throw untoldOf(subjectOf(within.name));
    if (!isTaken || !wanted.shows(value)) return null;
    return (await asListed(above.value, parent)) && (itemOf(kind, value, within)?.item ?? null);
  };
  const { keeps, named: repositories, list } = inRepositories(kind, context, request, selecting);
  const names = repositoryNames(context, repositories, record);
  const isMeant = (one: ListedRepository): boolean => {
    names.see(one);
    return keeps(one);
  };
  const absent: AbsentNames = allAbsent([named, names]);
  return new BelowRepositoryReading({
    root: keeping(root, isMeant),
    record,
    absent,
    ask: asking(context, record, [
      [repository, asListed],
      [kind, below],
    ]),
    queue: everyRepository<ListedRepository>(),
    concurrency: context.concurrency,
    list: (within, known) => list(within, record.count, known),
    subject: subjectOf,
    endsReading,
    keepsOutdated: selection.keepsOutdated,
  });
}

/** What a reading does in repositories. */
function inRepositories(
  kind: ServerKind,
  { rest, routes, files }: ServerContext,
  request: ReadRequest,
  { selection, wanted, more }: Selecting,
): Pick<BranchContents<ListedRepository>, 'keeps' | 'named' | 'list'> {
  if (kind.contents !== null) return readContents(kind.contents, files, request);
  return {
    keeps: () => true,
    named: [],
    list: (within, count) => {
      let hasGaps = false;
      const subject = `${kind.plural} of ${within.name}`;
      const listing = {
        url: routes.listingIn(within, kind.path, wanted.query),
        subject,
        itemOf: (value: JsonObject) => itemOf(kind, value, within),
        onGap: () => {
          hasGaps = true;
        },
      };
      const wants = (value: JsonObject): boolean | null =>
        isWanted(value, within.item.value, selection, wanted);
      const pages =
        kind.perBranch === null
          ? readListing(rest, listing, count)
          : perBranch(kind, kind.perBranch, within, { ...listing, rest, routes, selection }, count);
      // What is out of the question need not be asked for more.
      const perhaps = wantedOnly(pages, (value) => wants(value) !== false, subject);
      const whole = more === null ? perhaps : eachWith(perhaps, (one) => more(one, within));
      const taken = wantedOnly(whole, wants, subject);
      return { ...plainListing(taken), hasGaps: () => hasGaps };
    },
  };
}
