import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { Count } from '../../listing/rest.js';
import { plainListing, type RepositoryListing } from '../../reading/repository-listing.js';
import { pullRequestOf, type ListedRepository } from '../items.js';
import { readListing } from '../paging.js';
import { readBelow } from '../read-below.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import type { CloudContext, CloudKind } from './kind.js';

/** What is asked for when the selector does not say, as in today's integration. */
const openOnes = 'state="OPEN"';

/** A filter in Bitbucket's query language. */
const queryKey = { pullRequestQuery: z.string().nullish() };
const querySelector = z.object(queryKey);

/**
 * Pull requests into each repository that the selector takes; open ones by default. `includedFiles` is
 * taken as it is by today's integration, and like there attaches nothing to a pull request.
 */
export const pullRequestKind: CloudKind = {
  name: 'pull-request',
  selector: z.strictObject({ ...repositorySelectorKeys, ...queryKey }),
  scope: 'repository',
  fieldsOfOtherRepositories: ['source'],
  open: (context, request) => {
    const asked = querySelector.parse(request.selector ?? {}).pullRequestQuery?.trim() ?? '';
    const query = asked === '' ? openOnes : asked;
    return readBelow(context, request, {
      keeps: () => true,
      needOf: () => ({ api: 1, files: [] }),
      list: (repository, count) => listed(context, repository, query, count),
      subject: subjectOf,
    });
  },
};

function listed(
  { pager, routes }: CloudContext,
  { slug, name, item }: ListedRepository,
  query: string,
  count: Count,
): RepositoryListing {
  const listing = {
    url: routes.pullRequests(slug, query),
    size: 'pull requests',
    subject: subjectOf(name),
    itemOf: (value: JsonObject) => pullRequestOf(item, value),
  } as const;
  return plainListing(readListing(pager, listing, count));
}

function subjectOf(repositoryName: string): string {
  return `pull requests of ${repositoryName}`;
}
