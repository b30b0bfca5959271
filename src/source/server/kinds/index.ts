import type { ServerKind } from './kind.js';
import { project } from './project.js';
import { pullRequest } from './pull-request.js';
import { repository } from './repository.js';
import { user } from './user.js';

/** Every kind of Data Center. */
export const serverKinds: readonly ServerKind[] = [project, repository, pullRequest, user];
