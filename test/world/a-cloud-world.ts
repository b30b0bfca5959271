import type { Clock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import { startCloud, type CloudOptions, type SandboxCloud } from '../../src/sandbox/cloud/cloud.js';
import { readScopes, type Credential } from '../../src/sandbox/cloud/credential.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { aRuntime, type TestRuntime } from './a-runtime.js';
import type { RunResult } from './a-world.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';

/** A Bitbucket Cloud, a Port, and the command between them, over real HTTP. */
export interface CloudWorld {
  readonly bitbucket: SandboxCloud;
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  /** Variables that a pipeline would set. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line as a user would: `sync --no-delete`. */
  run(line: string, difference?: RunDifference): Promise<RunResult>;
  /** Identifiers in a blueprint, sorted. */
  identifiers(blueprint: string): readonly string[];
  /** Stops the servers. @throws when either met a request that the contract does not know */
  close(): Promise<void>;
}

/** What is different about a run. */
export interface RunDifference {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly clock?: Clock;
}

/** What is different about a world. */
export interface CloudWorldDifference {
  readonly bitbucket?: Partial<CloudOptions>;
  readonly port?: Partial<SandboxPortOptions>;
}

/** Sees the whole workspace. */
export const WORKSPACE_TOKEN = 'cloud-workspace-token';

const CLIENT = { clientId: 'port-client', clientSecret: 'port-secret' };

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
  const port = await startPort({ ...CLIENT, clock, ...difference.port });
  const env = {
    PATH: process.env.PATH ?? '',
    ...(process.env.JQ_PATH === undefined ? {} : { JQ_PATH: process.env.JQ_PATH }),
    OCEAN__PORT__CLIENT_ID: CLIENT.clientId,
    OCEAN__PORT__CLIENT_SECRET: CLIENT.clientSecret,
    OCEAN__PORT__BASE_URL: port.url,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL: bitbucket.url,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE: 'fernlicht',
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: WORKSPACE_TOKEN,
  };
  return {
    bitbucket,
    port,
    clock,
    env,
    run: async (line, { env: changes = {}, ...rest } = {}) => {
      const runtime = aRuntime({
        argv: line.split(' '),
        env: { ...env, ...changes },
        clock,
        ...rest,
      });
      const exitCode = await run(runtime);
      // A moment passes between runs, as entities carry the time of their last change.
      clock.advance(60_000);
      return resultOf(runtime, exitCode);
    },
    identifiers: (blueprint) =>
      port
        .entities(blueprint)
        .map(({ identifier }) => identifier)
        .sort(),
    close: async () => {
      const violations = [...bitbucket.violations, ...port.violations];
      await Promise.all([bitbucket.close(), port.close()]);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    },
  };
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

function resultOf({ written: { stdout, stderr } }: TestRuntime, exitCode: number): RunResult {
  return { exitCode, stdout, stderr, result: stdout.replace(/\s+/gu, ' ') };
}
