import type { Clock } from '../../src/clock.js';
import { run } from '../../src/run.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { withinTime } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { aRuntime, type TestRuntime } from '../world/a-runtime.js';
import type { World } from '../world/a-world.js';
import { IDENTIFIER } from './safety-world.js';

/** What is under way when a stop comes may take so long, as in src/commands/run-control.ts. */
const GRACE_MILLISECONDS = 5_000;

/** Four repositories with three open pull requests each. */
export function aCompanyOfFour(): Company {
  const builder = aCompany();
  for (const slug of ['api', 'blog', 'shop', 'web']) {
    builder.withRepository('PAY', slug);
    for (const id of [1, 2, 3]) builder.withPullRequest('PAY', slug, { id });
  }
  return builder.build();
}

/** What goes with the repository `shop` of such a company. */
export const GONE_WITH_SHOP = [
  'bitbucketPullRequest shop-1',
  'bitbucketPullRequest shop-2',
  'bitbucketPullRequest shop-3',
  'bitbucketRepository shop',
];

/** What Port was told of the run, first to last. */
export function toldStates({ port }: World): readonly string[] {
  return port.requests
    .filter(({ path }) => path.endsWith(`/integration/${IDENTIFIER}/resync-state`))
    .map(({ body }) => /"status":"(\w+)"/u.exec(body)?.[1] ?? body);
}

/** A request to wait for: by its path, and of several the one with this number, from 1. */
export interface Moment {
  readonly server: 'bitbucket' | 'port';
  readonly path: string;
  readonly number?: number;
}

export const NO_ANSWER: Fault = { type: 'hang' };
export const TRUE_ANSWER: Fault = { type: 'changed', change: (answer) => answer };

/** Does something as soon as a request came in; the request then meets the fault. */
export function at(
  world: World,
  { server, path, number = 1 }: Moment,
  action: () => void,
  fault: Fault = NO_ANSWER,
): void {
  let seen = 0;
  const when = (request: RecordedRequest): boolean => {
    // A probe asks for a single row.
    if (!request.path.endsWith(path) || request.query.get('limit') === '1') return false;
    seen += 1;
    if (seen !== number) return false;
    action();
    return true;
  };
  world[server].fail({ when, fault, times: 1 });
}

/** A clock on which what is under way when a stop comes has all the time that it needs. */
export function patientClock({ clock }: World): Clock {
  return withinTime(clock, GRACE_MILLISECONDS);
}

/** A process that a test can stop. */
export function aProcess(world: World, line: string, clock = patientClock(world)): TestRuntime {
  return aRuntime({ argv: line.split(' '), env: world.env, clock });
}

/** Runs a process to its end; then a moment passes. */
export async function ended(
  { clock }: World,
  process: TestRuntime,
): Promise<{ readonly exitCode: number; readonly result: string }> {
  const exitCode = await run(process);
  clock.advance(60_000);
  return { exitCode, result: process.written.stdout.replace(/\s+/gu, ' ') };
}
