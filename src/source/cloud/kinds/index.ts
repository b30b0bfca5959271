import { branch } from './branch.js';
import { deployment } from './deployment.js';
import { environment } from './environment.js';
import { file } from './file.js';
import { folder } from './folder.js';
import type { CloudKind } from './kind.js';
import { pipeline } from './pipeline.js';
import { project } from './project.js';
import { pullRequest } from './pull-request.js';
import { repository } from './repository.js';
import { tag } from './tag.js';
import { user } from './user.js';

/** Every kind of Bitbucket Cloud. */
export const cloudKinds: readonly CloudKind[] = [
  project,
  repository,
  pullRequest,
  folder,
  file,
  user,
  branch,
  tag,
  pipeline,
  deployment,
  environment,
];
