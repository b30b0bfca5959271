import { azure } from './azure.js';
import { bitbucketPipelines } from './bitbucket-pipelines.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { jenkins } from './jenkins.js';
import type { CiPlatform, Environment } from './platform.js';

/** Every platform that is known, in the order of documentation. */
export const ciPlatforms: readonly CiPlatform[] = [
  github,
  jenkins,
  gitlab,
  azure,
  bitbucketPipelines,
];

/** The platform that the process runs on; null elsewhere. */
export function ciPlatformOf(env: Environment): CiPlatform | null {
  return ciPlatforms.find((platform) => platform.isHere(env)) ?? null;
}
