import { withAllowed } from '../../requests/asked.js';
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
import { request, requestFlavour } from './request.js';
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
  request,
];

/** The same as the settings have them: requests may ask for what is listed alone. */
export function cloudKindsWith(allowRequests: readonly string[]): readonly CloudKind[] {
  return cloudKinds.map((kind) =>
    kind === request ? withAllowed(kind, requestFlavour, allowRequests) : kind,
  );
}
