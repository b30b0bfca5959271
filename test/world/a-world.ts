import { run } from '../../src/run.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import {
  startDataCenter,
  type DataCenterOptions,
  type SandboxDataCenter,
} from '../../src/sandbox/server/data-center.js';
import { aRuntime, type TestRuntime } from './a-runtime.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';

/** What a run ended with. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** All that stdout says, on one line, however it was broken into lines. */
  readonly result: string;
}

/** A Bitbucket Data Center, a Port, and the command between them, over real HTTP. */
export interface World {
  readonly bitbucket: SandboxDataCenter;
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  /** Variables that a pipeline would set. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line as a user would: `sync --no-delete`. */
  run(line: string, env?: Readonly<Record<string, string | undefined>>): Promise<RunResult>;
  /** A runtime for a command line, to be run by the test itself. */
  runtime(line: string, env?: Readonly<Record<string, string | undefined>>): TestRuntime;
  /** Identifiers in a blueprint, sorted. */
  identifiers(blueprint: string): readonly string[];
  /** Stops the servers. @throws when either met a request that the contract does not know */
  close(): Promise<void>;
}

/** What is different about a world. */
export interface WorldDifference {
  readonly bitbucket?: Partial<DataCenterOptions>;
  readonly port?: Partial<SandboxPortOptions>;
}

const CREDENTIALS = { username: 'exporter', password: 'bitbucket-secret' };
const CLIENT = { clientId: 'port-client', clientSecret: 'port-secret' };

/** Starts a world around a company. */
export async function startWorld(
  company: Company,
  difference: WorldDifference = {},
): Promise<World> {
  const clock = createFakeClock();
  const bitbucket = await startDataCenter({
    company,
    credentials: CREDENTIALS,
    ...difference.bitbucket,
  });
  const port = await startPort({ ...CLIENT, clock, ...difference.port });
  const env = {
    PATH: process.env.PATH ?? '',
    ...(process.env.JQ_PATH === undefined ? {} : { JQ_PATH: process.env.JQ_PATH }),
    OCEAN__PORT__CLIENT_ID: CLIENT.clientId,
    OCEAN__PORT__CLIENT_SECRET: CLIENT.clientSecret,
    OCEAN__PORT__BASE_URL: port.url,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL: bitbucket.url,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: CREDENTIALS.username,
    OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: CREDENTIALS.password,
  };
  const runtime: World['runtime'] = (line, changes = {}) =>
    aRuntime({ argv: line.split(' '), env: { ...env, ...changes }, clock });
  return {
    bitbucket,
    port,
    clock,
    env,
    runtime,
    run: async (line, changes) => {
      const process = runtime(line, changes);
      const exitCode = await run(process);
      // A moment passes between runs, as entities carry the time of their last change.
      clock.advance(60_000);
      const { stdout, stderr } = process.written;
      return { exitCode, stdout, stderr, result: stdout.replace(/\s+/gu, ' ') };
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
