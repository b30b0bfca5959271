import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ownVersion } from '../../src/cli/version.js';
import { canonicalJson, type JsonObject } from '../../src/model/json.js';
import { run } from '../../src/run.js';
import { withinTime } from '../world/a-cloud-world.js';
import { aRuntime, type TestRuntime } from '../world/a-runtime.js';
import { catalogDifference, catalogOf, portRequestsOf, requestsOf, sentTo } from './recording.js';
import type { GoldenWorld, Scenario, Step, StepFault } from './scenario.js';

/** What is under way when a stop comes may take so long; nobody waits for it on a clock of tests. */
const GRACE_MILLISECONDS = 5_000;

const AS_BEFORE = 'as in the step before';

/**
 * Runs a scenario and answers what came of it, with all that differs from machine to machine made
 * the same: addresses, folders, our version.
 * @throws when a fault was met by no request, or a request is unknown to the contract
 */
export async function play(scenario: Scenario): Promise<JsonObject> {
  const world = await scenario.start();
  const folder = await mkdtemp(path.join(tmpdir(), 'golden-'));
  try {
    for (const [name, text] of Object.entries(scenario.files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    scenario.given(world.port);
    for (const line of scenario.before) await prepare(world, folder, line);
    const steps: JsonObject[] = [];
    for (const step of scenario.steps) steps.push(await playStep(world, folder, step));
    return sameEverywhere(world, folder, { steps: steps.map(shortened) });
  } finally {
    await world.close();
    await rm(folder, { recursive: true });
  }
}

async function prepare(world: GoldenWorld, folder: string, line: string): Promise<void> {
  const process = processOf(world, folder, { run: line });
  const exitCode = await ended(world, process);
  const { stdout, stderr } = process.written;
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}\n${stderr}${stdout}`);
  forget(world);
}

async function playStep(world: GoldenWorld, folder: string, step: Step): Promise<JsonObject> {
  const { bitbucket, port } = world;
  step.change?.(world);
  const before = catalogOf(port);
  const filesBefore = new Set(await filesIn(folder));
  const process = processOf(world, folder, step);
  const isMet = arrange(world, step, process);
  const exitCode = await ended(world, process);
  if (!isMet()) throw new Error(`"${step.name}": a fault was met by no request`);
  const written = (await filesIn(folder)).filter((file) => !filesBefore.has(file));
  const catalog = catalogOf(port);
  const sent = sentTo(port.requests, catalog);
  const recording: JsonObject = {
    step: step.name,
    run: step.run,
    ...(step.env === undefined ? {} : { env: nullForUnset(step.env) }),
    exitCode,
    ...(step.result === undefined ? {} : { result: step.result(process.written.stdout) }),
    ...(written.length === 0 ? {} : { files: written }),
    bitbucket: requestsOf(bitbucket.requests),
    port: portRequestsOf(port.requests),
    ...(Object.keys(sent).length === 0 ? {} : { sent }),
    catalog: catalogDifference(before, catalog),
  };
  forget(world);
  return recording;
}

/** Lets things go wrong. @returns whether each was met by a request by now */
function arrange(world: GoldenWorld, step: Step, process: TestRuntime): () => boolean {
  const { faults = [], stopsAt } = step;
  const stop: readonly StepFault[] =
    stopsAt === undefined ? [] : [{ ...stopsAt, fault: { type: 'hang' } }];
  const met = [...faults, ...stop].map(({ at, when, ...rule }) => {
    const hits = { count: 0 };
    world[at].fail({
      ...rule,
      when: (request) => {
        if (!when(request)) return false;
        hits.count += 1;
        if (rule.fault.type === 'hang') process.signal('SIGTERM');
        return true;
      },
    });
    return hits;
  });
  return () => met.every(({ count }) => count > 0);
}

/** Requests like those of the step before stand there only. */
function shortened(step: JsonObject, index: number, steps: readonly JsonObject[]): JsonObject {
  const before = steps[index - 1];
  if (before === undefined) return step;
  const isSame = (name: string): boolean =>
    canonicalJson(step[name] ?? null) === canonicalJson(before[name] ?? null);
  return {
    ...step,
    ...(isSame('bitbucket') ? { bitbucket: AS_BEFORE } : {}),
    ...(isSame('port') ? { port: AS_BEFORE } : {}),
  };
}

function nullForUnset(env: NonNullable<Step['env']>): JsonObject {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? null]));
}

function processOf(
  { env, clock }: GoldenWorld,
  cwd: string,
  { run: line, env: changes = {} }: Pick<Step, 'run' | 'env'>,
): TestRuntime {
  return aRuntime({
    argv: line.split(' '),
    env: { ...env, ...changes },
    cwd,
    clock: withinTime(clock, GRACE_MILLISECONDS),
  });
}

async function ended({ clock }: GoldenWorld, process: TestRuntime): Promise<number> {
  const exitCode = await run(process);
  // A moment passes between runs, as entities carry the time of their last change.
  clock.advance(60_000);
  return exitCode;
}

/** @throws when a request was unknown to the contract: forgetting would hide it */
function forget({ bitbucket, port }: GoldenWorld): void {
  const violations = [...bitbucket.violations, ...port.violations];
  if (violations.length > 0) throw new Error(violations.join('\n'));
  bitbucket.reset();
  port.reset();
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
}

function sameEverywhere(
  { bitbucket, port }: GoldenWorld,
  folder: string,
  recording: JsonObject,
): JsonObject {
  const text = JSON.stringify(recording)
    .replaceAll(new URL(bitbucket.url).origin, 'https://bitbucket.example')
    .replaceAll(port.url, 'https://port.example')
    .replaceAll(folder, '<folder>')
    .replaceAll(`bitbucket-port-${ownVersion()}`, 'bitbucket-port-<version>');
  return z.record(z.string(), z.json()).parse(JSON.parse(text));
}
