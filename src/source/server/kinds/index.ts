import type { ServerKind } from './kind.js';
import { projectKind } from './project.js';
import { pullRequestKind } from './pull-request.js';
import { repositoryKind } from './repository.js';
import { userKind } from './user.js';

/** Every kind of Data Center. */
export const serverKinds: readonly ServerKind[] = [
  projectKind,
  repositoryKind,
  pullRequestKind,
  userKind,
];
