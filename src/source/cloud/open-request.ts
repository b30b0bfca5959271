import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import type { AsListed } from '../addresses/asker.js';
import type { Listed, NamedRepository } from '../listing/page.js';
import { ListingRoot } from '../reading/listing-root.js';
import { ReadingRecord } from '../reading/reading-record.js';
import { everyRepository } from '../reading/repository-listing.js';
import { projectsScope } from '../reading/root.js';
import type { PathValues } from '../requests/allowed-requests.js';
import { answerOf, isPagePlace } from '../requests/answers.js';
import { type Asked, askedIn, refusedRequest } from '../requests/asked.js';
import {
  projectParents,
  type ReadRequestPages,
  refusedReading,
  Requests,
  wholeAnswer,
} from '../requests/request-reading.js';
import type { KindDescription, Reading, ReadRequest } from '../source.js';
import { BudgetedQueue } from './budgeted-queue.js';
import { CredentialsGone, endsReading, toldReason } from './describe-failure.js';
import { itemOf, type ListedRepository } from './items.js';
import { project } from './kinds/project.js';
import { repository } from './kinds/repository.js';
import { asking, type CloudContext, listedRepository, repositoryRoot } from './open-kind.js';
import { pageBody, readListing } from './paging.js';
import { repositoryFilter } from './repository-filter.js';
import type { RootListings } from './root-listings.js';

/** Opens a reading of whatever the selector asks the API for. Sends nothing yet. */
export function openRequest(
  { refusalOf }: Pick<KindDescription, 'refusalOf'>,
  context: CloudContext,
  { selector, resource }: ReadRequest,
): Reading {
  const record = new ReadingRecord(toldReason);
  const asked = askedIn(selector);
  const refusal = refusalOf?.(selector) ?? null;
  if (refusal !== null) return refusedReading(refusedRequest(selector, refusal), record);
  const requests = new Requests(asked, context.requests, pagesOf(asked, context));
  const { concurrency, listings, plan, routes } = context;
  const { workspace } = routes;
  const shared = { record, concurrency, endsReading };
  switch (asked.each) {
    case 'workspace':
      return requests.asWhole({ workspace }, record, asking(context, record, []));
    case 'project': {
      const asListed: AsListed = (value) => Promise.resolve(itemOf(project, value)?.item ?? null);
      const read = (from: RootListings, count: () => void) =>
        projectParents(from.of(project, project.widest, count));
      return requests.below({
        ...shared,
        root: new ListingRoot({ scope: projectsScope, listings, read }, record),
        queue: everyRepository<NamedRepository>(),
        ask: asking(context, record, [[project, asListed]]),
        valuesOf: ({ name }) => ({ workspace, project: name }),
      });
    }
    case 'repository': {
      const need = { api: 1, files: [] };
      const filter = repositoryFilter(selector);
      const demand = { filter, count: record.count, needOf: () => need };
      return requests.below({
        ...shared,
        root: repositoryRoot(context, selector, record),
        queue: new BudgetedQueue({ plan, demand, resource, record }),
        ask: asking(context, record, [[repository, listedRepository(context, selector, record)]]),
        valuesOf: (within) => repositoryValues(workspace, within),
      });
    }
  }
}

const inProject = z.object({ project: z.object({ key: z.string() }) });

/** What placeholders stand for in a repository. Its answer need not tell its project. */
export function repositoryValues(workspace: string, { slug, item }: ListedRepository): PathValues {
  const { data } = inProject.safeParse(item.value);
  const project = data === undefined ? {} : { project: data.project.key };
  return { workspace, repository: slug, ...project };
}

/** Pages of Cloud: one that names no next one is the last, unless it is full. */
function pagesOf(asked: Asked, { pager }: CloudContext): ReadRequestPages {
  const answer = answerOf(asked);
  if (asked.items.length === 0) {
    return (listing, count) => wholeAnswer(pager.rest, listing, answer, count, [unauthorized]);
  }
  const body = answer.transform(({ holder, values }) => pageBody.parse({ ...holder, values }));
  const isUnknown = isPagePlace(asked);
  const pages = { body, size: 'requests', final: [unauthorized], isUnknown } as const;
  return (listing, count) => withOwnRefusal(readListing(pager, { ...listing, ...pages }, count));
}

const unauthorized = 401;

/**
 * Bitbucket answers 401 also where credentials are good, but not of the sort that a path takes. Whoever
 * may write the path must not end all other readings by it.
 */
async function* withOwnRefusal(
  pages: AsyncIterable<readonly Listed[]>,
): AsyncGenerator<readonly Listed[], void, undefined> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof CredentialsGone)) throw error;
    throw new HttpError('status', error.subject, error.reason, error.details, { cause: error });
  }
}
