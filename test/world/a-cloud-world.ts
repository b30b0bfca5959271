import type { Clock } from '../../src/clock.js';
import { startCloud, type CloudOptions, type SandboxCloud } from '../../src/sandbox/cloud/cloud.js';
import { readScopes, type Credential } from '../../src/sandbox/cloud/credential.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { createFakeClock } from './fake-clock.js';
import { startAround, type WorldAround } from './world-around.js';

/** A Bitbucket Cloud, a Port, and the command between them, over real HTTP. */
export type CloudWorld = WorldAround<SandboxCloud>;

/** What is different about a world. */
export interface CloudWorldDifference {
  readonly bitbucket?: Partial<CloudOptions>;
  readonly port?: Partial<SandboxPortOptions>;
}

/** Sees the whole workspace. */
export const WORKSPACE_TOKEN = 'cloud-workspace-token';

/** A token that sees the whole workspace. */
export function aToken(token: string, repositories?: number): Credential {
  const limits = repositories === undefined ? {} : { limits: { repositories } };
  return { type: 'workspace-token', token, scopes: readScopes, ...limits };
}

/** Starts a world around a company, which is the workspace `fernlicht`. */
export async function startCloudWorld(
  company: Company,
  difference: CloudWorldDifference = {},
): Promise<CloudWorld> {
  const clock = createFakeClock();
  const bitbucket = await startCloud({
    company,
    clock,
    credentials: [aToken(WORKSPACE_TOKEN)],
    ...difference.bitbucket,
  });
  return await startAround({
    bitbucket,
    clock,
    port: difference.port,
    settings: {
      BITBUCKET_HOST_URL: bitbucket.url,
      BITBUCKET_WORKSPACE: 'fernlicht',
      BITBUCKET_WORKSPACE_TOKEN: WORKSPACE_TOKEN,
    },
  });
}

/**
 * A clock for runs with a time limit: the sleep of that very length, which waits for the limit, lasts
 * until it is aborted, all others pass at once.
 */
export function withinTime(clock: Clock, limitMilliseconds: number): Clock {
  return {
    now: () => clock.now(),
    sleep: (milliseconds, signal) =>
      milliseconds === limitMilliseconds ? untilAborted(signal) : clock.sleep(milliseconds, signal),
  };
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });
}
