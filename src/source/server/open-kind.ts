import type { JsonObject } from '../../model/json.js';
import { answering, type Asker, type AsListed } from '../addresses/asker.js';
import { AttachedFiles } from '../files/attached-files.js';
import { type BranchContents, readContents } from '../files/contents.js';
import type { FileReads } from '../files/file-reads.js';
import { isCalled } from '../files/file-source.js';
import { malformed } from '../failure.js';
import type { AllWanted } from '../kind.js';
import type { Addressed } from '../listing/page.js';
import type { Rest } from '../listing/rest.js';
import { BelowRepositoryReading } from '../reading/below-repository.js';
import { everyRepository, plainListing } from '../reading/repository-listing.js';
import { type AbsentNames, allAbsent, NamesToSee } from '../reading/absent-names.js';
import {
  type Furnished,
  furnished,
  furnishedPageItems,
  furnishedPages,
} from '../reading/furnished.js';
import { ListingRoot } from '../reading/listing-root.js';
import { ReadingRecord } from '../reading/reading-record.js';
import type { Several } from '../reading/read-ahead.js';
import { keeping, projectsScope, repositoriesScope, type Root } from '../reading/root.js';
import { RootReading, type RootReadingOptions } from '../reading/root-reading.js';
import { isWanted, Selection, untoldOf, wantedOnly } from '../reading/selection.js';
import type { Reading, ReadRequest } from '../source.js';
import { personalProject, serverAddress } from './addresses.js';
import type { Attachments } from './attachments.js';
import { describeFailure, endsReading } from './describe-failure.js';
import { itemOf, repositoryOf, type ListedRepository } from './items.js';
import type { SelectorOverrides, ServerKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { attachmentFields, type AttachmentName, repository } from './kinds/repository.js';
import { user } from './kinds/user.js';
import { type AddMore, eachWith, moreOf } from './more.js';
import { readListing } from './paging.js';
import { projectFilter } from './project-filter.js';
import { RepositoryRoot } from './repository-root.js';
import type { RootListings } from './root-listings.js';
import type { Routes } from './routes.js';

/** What all readings of a run share. */
export interface ServerContext {
  readonly rest: Rest;
  readonly routes: Routes;
  readonly listings: RootListings;
  readonly attachments: Attachments;
  readonly files: FileReads<ListedRepository>;
  readonly asker: Asker;
  /** Attachments that may be fetched at all. */
  readonly enrich: readonly AttachmentName[];
  readonly concurrency: number;
  readonly overrides: SelectorOverrides;
  /** Names of which the run was told that there is no such thing. */
  readonly warned: Set<string>;
}

/** Opens a reading of a kind. Sends nothing yet. */
export function openKind(kind: ServerKind, context: ServerContext, request: ReadRequest): Reading {
  if (kind === repository) return readRepositories(context, request);
  return kind.scope === 'repository'
    ? readBelow(kind, context, request)
    : readRoot(kind, context, request);
}

function readRoot(kind: ServerKind, context: ServerContext, request: ReadRequest): Reading {
  const { rest, routes, overrides, concurrency } = context;
  const { selector, mentions, now, resource } = request;
  const record = new ReadingRecord(describeFailure);
  const selection = new Selection(kind, selector, now);
  const asked = { ...overrides, since: selection.since, mentions };
  const wanted = kind.wanted(selector, asked);
  const more = moreOf(kind, asked, { rest, routes, resource, record });
  const scope = { type: 'root', name: kind.plural } as const;
  const named = kind === project ? projectNames(context, selector, record) : undefined;
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
  const { rest, routes, concurrency, overrides } = context;
  const { selector, now, mentions, resource } = request;
  const record = new ReadingRecord(describeFailure);
  const selection = new Selection(kind, selector, now);
  const asked = { ...overrides, since: selection.since, mentions };
  const wanted = kind.wanted(selector, asked);
  const more = moreOf(kind, asked, { rest, routes, resource, record });
  const subjectOf = (name: string): string => `${kind.plural} of ${name}`;
  const { root, named, asListed } = repositoryRoot(context, selector, record);
  const below: AsListed = async (value, { parent }) => {
    const above = parent === null ? null : await context.asker.find(parent, record.count);
    const within = above?.status === 'there' ? repositoryOf(above.value) : null;
    if (parent === null || above?.status !== 'there' || within === null) return null;
    const isTaken = isWanted(value, within.item.value, selection, wanted);
    if (isTaken === null) throw untoldOf(subjectOf(within.name));
    if (!isTaken || !wanted.shows(value)) return null;
    return (await asListed(above.value, parent)) && (itemOf(kind, value, within)?.item ?? null);
  };
  const {
    keeps,
    named: repositories,
    list,
  } = inRepositories(kind, context, request, {
    selection,
    wanted,
    more,
  });
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
    concurrency,
    list: (within, known) => list(within, record.count, known),
    subject: subjectOf,
    endsReading,
    keepsOutdated: selection.keepsOutdated,
  });
}

/** What a resource takes of what listings show. */
interface Selecting {
  readonly selection: Selection;
  readonly wanted: AllWanted;
  /** Null: an item is what its listing shows. */
  readonly more: AddMore | null;
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
      const pages = readListing(rest, listing, count);
      const called = wantedOnly(pages, (value) => selection.isNamed(value), subject);
      const whole = more === null ? called : eachWith(called, (one) => more(one, within));
      const taken = wantedOnly(whole, wants, subject);
      return { ...plainListing(taken), hasGaps: () => hasGaps };
    },
  };
}

/** The repositories that a selector names. The slug alone does not tell where one would be. */
function repositoryNames(
  { warned }: ServerContext,
  names: readonly string[],
  record: ReadingRecord,
): NamesToSee<ListedRepository> {
  return new NamesToSee(
    {
      kind: 'repository',
      names,
      isCalled,
      addressOf: (name) => {
        const [projectKey, slug, ...others] = name.split('/');
        const isWhole = projectKey !== undefined && slug !== undefined && others.length === 0;
        return isWhole ? serverAddress(repository.name, [projectKey, slug]) : null;
      },
      scope: repositoriesScope,
      warned,
    },
    record,
  );
}

/** The repositories that a selector is about, and what it names. */
function repositoryRoot(
  context: ServerContext,
  selector: unknown,
  record: ReadingRecord,
): { root: Root<ListedRepository>; named: NamesToSee<string>; asListed: AsListed } {
  const { listings, overrides } = context;
  const named = projectNames(context, selector, record);
  const filter = projectFilter(selector, overrides.projectsFilter);
  const { keeps, shows } = repository.wanted(selector, {
    ...overrides,
    since: null,
    mentions: () => false,
  });
  const isListed = (value: JsonObject): boolean => keeps(value, null) === true && shows(value);
  return {
    root: new RepositoryRoot(listings, filter, record, (key) => {
      named.see(key);
    }),
    named,
    asListed: (value) =>
      Promise.resolve(isListed(value) ? (repositoryOf(value)?.item ?? null) : null),
  };
}

/** The projects that a selector or a flag names. */
function projectNames(
  { overrides, warned }: ServerContext,
  selector: unknown,
  record: ReadingRecord,
): NamesToSee<string> {
  const { named } = projectFilter(selector, overrides.projectsFilter);
  return new NamesToSee(
    {
      kind: 'project',
      names: named,
      isCalled: (key, name) => key === name,
      addressOf: (name) => serverAddress(project.name, [name]),
      scope: projectsScope,
      warned,
    },
    record,
  );
}

function asking(
  { asker }: ServerContext,
  { count }: ReadingRecord,
  listed: readonly (readonly [ServerKind, AsListed])[],
): Reading['ask'] {
  const ask = answering(asker, count, listed, describeFailure);
  // The page of a personal project is that of its owner.
  const isOfProjects = listed.some(([kind]) => kind === project);
  return (address) =>
    ask(isOfProjects && address.kind === user.name ? personalProject(address) : address);
}
