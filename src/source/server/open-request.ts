import type { AsListed } from '../addresses/asker.js';
import type { NamedRepository } from '../listing/page.js';
import { ListingRoot } from '../reading/listing-root.js';
import { ReadingRecord } from '../reading/reading-record.js';
import { everyRepository } from '../reading/repository-listing.js';
import { keeping, projectsScope } from '../reading/root.js';
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
import { asking, projectNames, repositoryRoot, type ServerContext } from './context.js';
import { describeFailure, endsReading } from './describe-failure.js';
import { itemOf } from '../kind.js';
import type { ListedRepository } from './items.js';
import { pageItems } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { repository } from './kinds/repository.js';
import { pageBody, readListing } from './paging.js';
import { projectFilter } from './project-filter.js';
import type { RootListings } from './root-listings.js';

/** Opens a reading of whatever the selector asks the API for. Sends nothing yet. */
export function openRequest(
  { refusalOf }: Pick<KindDescription, 'refusalOf'>,
  context: ServerContext,
  { selector }: ReadRequest,
): Reading {
  const record = new ReadingRecord(describeFailure);
  const asked = askedIn(selector);
  const refusal = refusalOf?.(selector) ?? null;
  if (refusal !== null) return refusedReading(refusedRequest(selector, refusal), record);
  const requests = new Requests(asked, context.requests, pagesOf(asked, context));
  const { concurrency, listings, overrides } = context;
  const shared = { record, concurrency, endsReading };
  switch (asked.each) {
    case 'workspace':
      return requests.asWhole({}, record, asking(context, record, []));
    case 'project': {
      const filter = projectFilter(selector, overrides.projectsFilter);
      const named = projectNames(context, selector, record);
      const asListed: AsListed = (value) => {
        const listed = itemOf(project, value);
        const isTaken = listed !== null && filter.matches(listed.segments[0] ?? '');
        return Promise.resolve(isTaken ? listed.item : null);
      };
      const read = (from: RootListings, count: () => void) => projectParents(from.projects(count));
      const root = new ListingRoot({ scope: projectsScope, listings, read }, record);
      return requests.below({
        ...shared,
        root: keeping(root, ({ name }) => {
          named.see(name);
          return filter.matches(name);
        }),
        queue: everyRepository<NamedRepository>(),
        absent: named,
        ask: asking(context, record, [[project, asListed]]),
        valuesOf: ({ name }) => ({ project: name }),
      });
    }
    case 'repository': {
      const { root, named, asListed } = repositoryRoot(context, selector, record);
      return requests.below({
        ...shared,
        root,
        queue: everyRepository<ListedRepository>(),
        absent: named,
        ask: asking(context, record, [[repository, asListed]]),
        valuesOf: ({ projectKey, slug }) => ({ project: projectKey, repository: slug }),
      });
    }
  }
}

/** Pages of Data Center where an answer says that it is one; else it is all that there is. */
function pagesOf(asked: Asked, { rest }: ServerContext): ReadRequestPages {
  const answer = answerOf(asked);
  if (asked.items.length === 0) {
    return (listing, count) => wholeAnswer(rest, listing, answer, count);
  }
  const body = answer.transform(({ holder, values }, context) => {
    if (typeof holder.isLastPage === 'boolean') return { ...pageBody.parse({ ...holder, values }) };
    if (!isPagePlace(asked)) return { values, isLastPage: true };
    const message = 'it does not tell whether it is the last page (isLastPage)';
    context.addIssue({ code: 'custom', message });
    return { values: [], isLastPage: true };
  });
  return ({ url, ...listing }, count) => {
    url.searchParams.set('limit', String(pageItems));
    return readListing(rest, { ...listing, url, body, sort: 'requests' }, count);
  };
}
