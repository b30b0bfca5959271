import type { Clock } from '../../src/clock.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { run } from '../../src/run.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import { aRuntime, type TestRuntime } from './a-runtime.js';
import type { FakeClock } from './fake-clock.js';
import { searchPath } from '../worker/search-path.js';
import { jqOfWorker } from '../worker/shared-jq.js';

/** What a run ended with. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** All that stdout says, on one line, however it was broken into lines. */
  readonly result: string;
}

/** What is different about a run. */
export interface RunDifference {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A built-in Bitbucket, as far as it does not matter which. */
export interface BuiltInBitbucket {
  /** Requests that the contract does not know. */
  readonly violations: readonly string[];
  /** Forgets faults and what was recorded. */
  reset(): void;
  close(): Promise<void>;
}

/** A Bitbucket, a Port, and the command between them, over real HTTP. */
export interface WorldAround<Bitbucket extends BuiltInBitbucket> {
  readonly bitbucket: Bitbucket;
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  /** Variables that a pipeline would set. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line as a user would: `sync --no-delete`. */
  run(line: string, difference?: RunDifference): Promise<RunResult>;
  /** A runtime for a command line, to be run by the test itself. */
  runtime(line: string, difference?: RunDifference): TestRuntime;
  /** Identifiers in a blueprint, sorted. */
  identifiers(blueprint: string): readonly string[];
  /**
   * Lets the next test of this world begin: faults, requests and writes are forgotten, the catalog stays.
   * @throws when either server met a request that the contract does not know
   */
  forget(): void;
  /** Stops the servers. @throws when either met a request that the contract does not know */
  close(): Promise<void>;
}

/** What a world is made of. */
export interface WorldParts<Bitbucket extends BuiltInBitbucket> {
  readonly bitbucket: Bitbucket;
  readonly clock: FakeClock;
  readonly port: Partial<SandboxPortOptions> | undefined;
  /** Variables that lead to the Bitbucket, without what they all begin with. */
  readonly settings: Readonly<Record<string, string>>;
}

const CLIENT = { clientId: 'port-client', clientSecret: 'port-secret' };

/** What Port maps events of webhooks with. */
export function findJq(): Promise<JqEngine> {
  const jqPath = process.env.JQ_PATH;
  return jqOfWorker.find({ jqPath, searchPath: undefined, onProblem: () => undefined });
}

/** Starts a Port beside a Bitbucket. */
export async function startAround<Bitbucket extends BuiltInBitbucket>(
  parts: WorldParts<Bitbucket>,
): Promise<WorldAround<Bitbucket>> {
  const { bitbucket, clock, settings } = parts;
  const port = await startPort({ ...CLIENT, clock, jq: findJq, ...parts.port });
  const env = {
    PATH: searchPath,
    ...(process.env.JQ_PATH === undefined ? {} : { JQ_PATH: process.env.JQ_PATH }),
    OCEAN__PORT__CLIENT_ID: CLIENT.clientId,
    OCEAN__PORT__CLIENT_SECRET: CLIENT.clientSecret,
    OCEAN__PORT__BASE_URL: port.url,
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        `OCEAN__INTEGRATION__CONFIG__${name}`,
        value,
      ]),
    ),
  };
  const runtime = (line: string, { env: changes = {}, ...rest }: RunDifference = {}): TestRuntime =>
    aRuntime({ argv: line.split(' '), env: { ...env, ...changes }, clock, ...rest });
  const expectNoViolations = (violations: readonly string[]): void => {
    if (violations.length > 0) throw new Error(violations.join('\n'));
  };
  const violations = (): readonly string[] => [...bitbucket.violations, ...port.violations];
  return {
    bitbucket,
    port,
    clock,
    env,
    runtime,
    run: async (line, difference) => {
      const process = runtime(line, difference);
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
    forget: () => {
      const met = violations();
      bitbucket.reset();
      port.reset();
      expectNoViolations(met);
    },
    close: async () => {
      const met = violations();
      await Promise.all([bitbucket.close(), port.close()]);
      expectNoViolations(met);
    },
  };
}
