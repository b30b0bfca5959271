import { fileKind } from './file.js';
import { folderKind } from './folder.js';
import type { CloudKind } from './kind.js';
import { projectKind } from './project.js';
import { pullRequestKind } from './pull-request.js';
import { repositoryKind } from './repository.js';

/** Every kind of Bitbucket Cloud. */
export const cloudKinds: readonly CloudKind[] = [
  projectKind,
  repositoryKind,
  pullRequestKind,
  folderKind,
  fileKind,
];
