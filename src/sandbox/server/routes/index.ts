import type { Route } from '../route.js';
import { applicationRoutes } from './application.js';
import { branchPermissionRoutes } from './branch-permissions.js';
import { branchRoutes } from './branches.js';
import { buildRoutes } from './builds.js';
import { browseRoutes } from './browse.js';
import { commitRoutes } from './commits.js';
import { fileRoutes } from './files.js';
import { hookRoutes } from './hooks.js';
import { projectRoutes } from './projects.js';
import { pullRequestRoutes } from './pull-requests.js';
import { repositoryRoutes } from './repositories.js';
import { userRoutes } from './users.js';

/** The operations of the 9.4 document that are built in. */
export const routes: readonly Route[] = [
  ...applicationRoutes,
  ...projectRoutes,
  ...repositoryRoutes,
  ...pullRequestRoutes,
  ...commitRoutes,
  ...branchRoutes,
  ...branchPermissionRoutes,
  ...fileRoutes,
  ...browseRoutes,
  ...buildRoutes,
  ...userRoutes,
  ...hookRoutes,
];
