import type { JsonObject } from '../../model/json.js';
import { answering, type Asker, type AsListed } from '../addresses/asker.js';
import type { FileReads } from '../files/file-reads.js';
import { isCalled } from '../files/file-source.js';
import type { Rest } from '../listing/rest.js';
import { NamesToSee } from '../reading/absent-names.js';
import type { RequestContext } from '../requests/request-reading.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import { projectsScope, repositoriesScope, type Root } from '../reading/root.js';
import type { Reading } from '../source.js';
import { personalProject, serverAddress } from './addresses.js';
import type { Attachments } from './attachments.js';
import { describeFailure } from './describe-failure.js';
import { repositoryOf, type ListedRepository } from './items.js';
import type { SelectorOverrides, ServerKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { type AttachmentName, repository } from './kinds/repository.js';
import { user } from './kinds/user.js';
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
  readonly requests: RequestContext;
  /** Attachments that may be fetched at all. */
  readonly enrich: readonly AttachmentName[];
  readonly concurrency: number;
  readonly overrides: SelectorOverrides;
  /** Names of which the run was told that there is no such thing. */
  readonly warned: Set<string>;
}

/** The repositories that a selector names. The slug alone does not tell where one would be. */
export function repositoryNames(
  { warned }: ServerContext,
  names: readonly string[],
  record: ReadingRecord,
): NamesToSee<ListedRepository> {
  return new NamesToSee(
    {
      kind: 'repository',
      names,
      isCalled,
      nameOf: ({ slug }) => slug,
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
export function repositoryRoot(
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
export function projectNames(
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
      nameOf: (key) => key,
      addressOf: (name) => serverAddress(project.name, [name]),
      scope: projectsScope,
      warned,
    },
    record,
  );
}

export function asking(
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
