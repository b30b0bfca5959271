import type { Company } from '../../src/sandbox/company/company.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import {
  startDataCenter,
  type DataCenterOptions,
  type SandboxDataCenter,
} from '../../src/sandbox/server/data-center.js';
import type { TestRuntime } from './a-runtime.js';
import { createFakeClock } from './fake-clock.js';
import { startAround, type RunResult, type WorldAround } from './world-around.js';

export type { RunResult } from './world-around.js';

/** A Bitbucket Data Center, a Port, and the command between them, over real HTTP. */
export interface World extends Omit<WorldAround<SandboxDataCenter>, 'run' | 'runtime'> {
  /** Runs a command line as a user would: `sync --no-delete`. */
  run(line: string, env?: Readonly<Record<string, string | undefined>>): Promise<RunResult>;
  /** A runtime for a command line, to be run by the test itself. */
  runtime(line: string, env?: Readonly<Record<string, string | undefined>>): TestRuntime;
}

/** What is different about a world. */
export interface WorldDifference {
  readonly bitbucket?: Partial<DataCenterOptions>;
  readonly port?: Partial<SandboxPortOptions>;
}

const CREDENTIALS = { username: 'exporter', password: 'bitbucket-secret' };

/** Starts a world around a company, whose runs may differ in more than variables. */
export async function startServerWorld(
  company: Company,
  difference: WorldDifference = {},
): Promise<WorldAround<SandboxDataCenter>> {
  const bitbucket = await startDataCenter({
    company,
    credentials: CREDENTIALS,
    ...difference.bitbucket,
  });
  return await startAround({
    bitbucket,
    clock: createFakeClock(),
    port: difference.port,
    settings: {
      BITBUCKET_BASE_URL: bitbucket.url,
      BITBUCKET_USERNAME: CREDENTIALS.username,
      BITBUCKET_PASSWORD: CREDENTIALS.password,
    },
  });
}

/** Starts a world around a company. */
export async function startWorld(
  company: Company,
  difference: WorldDifference = {},
): Promise<World> {
  const world = await startServerWorld(company, difference);
  return {
    ...world,
    run: (line, env = {}) => world.run(line, { env }),
    runtime: (line, env = {}) => world.runtime(line, { env }),
  };
}
