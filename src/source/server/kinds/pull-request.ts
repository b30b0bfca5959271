import { z } from 'zod';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { PullRequestReading } from '../pull-request-reading.js';
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
  open: (context, { selector }) => {
    const { projectsFilter, pullRequestState } = context.overrides;
    return new PullRequestReading(context, {
      filter: projectFilter(selector, projectsFilter),
      state: pullRequestState ?? stateSelector.parse(selector).state ?? 'OPEN',
    });
  },
};
