import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import { BelowRepositoryReading } from '../../reading/below-repository.js';
import { everyRepository } from '../../reading/course.js';
import { ReadingRecord } from '../../reading/reading-record.js';
import { plainListing, type RepositoryListing } from '../../reading/repository-listing.js';
import { describeFailure, endsReading } from '../describe-failure.js';
import { pullRequestOf, type ListedRepository } from '../items.js';
import { readListing } from '../paging.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { RepositoryRoot } from '../repository-root.js';
import type { ServerKind } from './kind.js';

const stateKey = { state: z.enum(['ALL', 'OPEN', 'MERGED', 'DECLINED']).nullish() };
const stateSelector = z.object(stateKey);

/** Pull requests into each repository of the projects that the selector takes; open ones by default. */
export const pullRequestKind: ServerKind = {
  name: 'pull-request',
  selector: z.strictObject({ ...projectSelectorKeys, ...stateKey }),
  scope: 'repository',
  // `origin` is what a fork was made from.
  fieldsOfOtherRepositories: ['fromRef', 'origin'],
  open: ({ rest, routes, listings, concurrency, overrides }, { selector }) => {
    const state = overrides.pullRequestState ?? stateSelector.parse(selector).state ?? 'OPEN';
    const record = new ReadingRecord(describeFailure);
    const filter = projectFilter(selector, overrides.projectsFilter);
    const list = ({ projectKey, slug, name, item }: ListedRepository): RepositoryListing => {
      const listing = {
        url: routes.pullRequests(projectKey, slug, state),
        subject: subjectOf(name),
        itemOf: (value: JsonObject) => pullRequestOf(item.key, value),
      };
      return plainListing(readListing(rest, listing, record.count));
    };
    return new BelowRepositoryReading({
      root: new RepositoryRoot(listings, filter, record),
      record,
      course: everyRepository<ListedRepository>(),
      concurrency,
      list,
      subject: subjectOf,
      endsReading,
    });
  },
};

function subjectOf(repositoryName: string): string {
  return `pull requests of ${repositoryName}`;
}
