import type { JsonValue } from '../../src/model/json.js';
import type { CloudOptions } from '../../src/sandbox/cloud/cloud.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, LoopbackServer, RecordedRequest } from '../../src/sandbox/loopback.js';
import type { SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import type { DataCenterOptions } from '../../src/sandbox/server/data-center.js';
import { startCloudWorld } from '../world/a-cloud-world.js';
import { startWorld } from '../world/a-world.js';
import type { FakeClock } from '../world/fake-clock.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** A Bitbucket of either flavour, a Port, and what leads a run to them. */
export interface GoldenWorld {
  readonly company: Company;
  readonly bitbucket: LoopbackServer;
  readonly port: SandboxPort;
  readonly clock: FakeClock;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Something that goes wrong during one step, as often as it is asked for unless told otherwise. */
export interface StepFault {
  readonly at: 'bitbucket' | 'port';
  readonly when: (request: RecordedRequest) => boolean;
  readonly fault: Fault;
  readonly times?: number;
}

/** A run, and what happened before it. */
export interface Step {
  /** What is different about this run, in a few words: they stand in the recording. */
  readonly name: string;
  readonly change?: (world: GoldenWorld) => void;
  /** A fault that no request met fails the scenario. */
  readonly faults?: readonly StepFault[];
  /** The command line. */
  readonly run: string;
  /** A request that is never answered, as a SIGTERM comes. */
  readonly stopsAt?: Pick<StepFault, 'at' | 'when'>;
  readonly env?: Variables;
  /** Reads a result that is data, such as a plan in JSON. Never words: these may change. */
  readonly result?: (stdout: string) => JsonValue;
}

/** Runs of the command over one company, one after the other. */
export interface Scenario {
  /** Also the name of its file. */
  readonly name: string;
  readonly start: () => Promise<GoldenWorld>;
  /** Files of the folder that the runs start in. */
  readonly files: Readonly<Record<string, string>>;
  /** What Port holds before. */
  readonly given: (port: SandboxPort) => void;
  /** Command lines that make the world what it is. They end with 0 and are not recorded. */
  readonly before: readonly string[];
  readonly steps: readonly Step[];
}

interface Runs {
  readonly files?: Scenario['files'];
  readonly given?: Scenario['given'];
  readonly before?: readonly string[];
  readonly steps: readonly Step[];
}

interface Declaration<BitbucketOptions> extends Runs {
  readonly company: () => Company;
  readonly bitbucket?: Partial<BitbucketOptions>;
  readonly port?: Partial<SandboxPortOptions>;
}

/** Runs over a Bitbucket Data Center. */
export function server(
  name: string,
  { company, bitbucket = {}, port = {}, ...runs }: Declaration<DataCenterOptions>,
): Scenario {
  return scenario(`server-${name}`, runs, async () => {
    const data = company();
    return { ...(await startWorld(data, { bitbucket, port })), company: data };
  });
}

/** Runs over the workspace `fernlicht` of Bitbucket Cloud. */
export function cloud(
  name: string,
  { company, bitbucket = {}, port = {}, ...runs }: Declaration<CloudOptions>,
): Scenario {
  return scenario(`cloud-${name}`, runs, async () => {
    const data = company();
    return { ...(await startCloudWorld(data, { bitbucket, port })), company: data };
  });
}

function scenario(
  name: string,
  { files = {}, given = () => undefined, before = [], steps }: Runs,
  start: Scenario['start'],
): Scenario {
  return { name, start, files, given, before, steps };
}
