import type { ExampleCase } from '../example-world.js';
import { anyRequest, dataCenterAnyRequest } from './any-request.js';
import { cloudQuickStart } from './cloud-quick-start.js';
import { dataCenterDora } from './data-center-dora.js';
import { dataCenterMonorepo } from './data-center-monorepo.js';
import { dataCenterQuickStart } from './data-center-quick-start.js';
import { dora } from './dora.js';
import { gitops } from './gitops.js';
import { monorepoFolders } from './monorepo-folders.js';
import { ownership } from './ownership.js';
import { packageDependencies } from './package-dependencies.js';
import { pullRequestAuthors } from './pull-request-authors.js';
import { serviceCatalogFiles } from './service-catalog-files.js';
import { severalWorkspaces } from './several-workspaces.js';

/** What becomes of a small company by each example, by the name of its folder. */
export const exampleCases: Readonly<Record<string, ExampleCase>> = {
  'any-request': anyRequest,
  'cloud-quick-start': cloudQuickStart,
  'data-center-any-request': dataCenterAnyRequest,
  'data-center-dora': dataCenterDora,
  'data-center-monorepo': dataCenterMonorepo,
  'data-center-quick-start': dataCenterQuickStart,
  dora,
  gitops,
  'monorepo-folders': monorepoFolders,
  ownership,
  'package-dependencies': packageDependencies,
  'pull-request-authors': pullRequestAuthors,
  'service-catalog-files': serviceCatalogFiles,
  'several-workspaces': severalWorkspaces,
};
