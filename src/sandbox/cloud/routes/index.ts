import type { Route } from '../route.js';
import { accountRoutes } from './account.js';
import { branchRestrictionRoutes } from './branch-restrictions.js';
import { codeSearchRoutes } from './code-search.js';
import { commitRoutes } from './commits.js';
import { hookRoutes } from './hooks.js';
import { pipelineRoutes } from './pipelines.js';
import { projectRoutes } from './projects.js';
import { pullRequestRoutes } from './pull-requests.js';
import { refRoutes } from './refs.js';
import { repositoryRoutes } from './repositories.js';
import { sourceRoutes } from './source.js';

/** All that the built-in Bitbucket Cloud answers. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...projectRoutes,
  ...repositoryRoutes,
  ...branchRestrictionRoutes,
  ...pullRequestRoutes,
  ...pipelineRoutes,
  ...refRoutes,
  ...commitRoutes,
  ...sourceRoutes,
  ...codeSearchRoutes,
  ...hookRoutes,
];
