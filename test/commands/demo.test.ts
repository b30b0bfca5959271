import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { demo } from '../../src/commands/demo.js';
import type { FlagValues } from '../../src/settings/declaration.js';
import { startCloudWorld, type DemoWorld } from '../../src/sandbox/demo-world.js';
import { aRuntime } from '../world/a-runtime.js';
import { createFakeClock } from '../world/fake-clock.js';
import { searchPath } from '../worker/search-path.js';

const surroundings = {
  PATH: searchPath,
  ...(process.env.JQ_PATH === undefined ? {} : { JQ_PATH: process.env.JQ_PATH }),
};

async function shown(env: Readonly<Record<string, string>> = {}, flags: FlagValues = {}) {
  const runtime = aRuntime({ env: { ...surroundings, ...env } });
  const exitCode = await demo(runtime, flags);
  return { exitCode, stdout: runtime.written.stdout, stderr: runtime.written.stderr };
}

describe('demo', () => {
  let seen: Awaited<ReturnType<typeof shown>>;

  beforeAll(async () => {
    seen = await shown();
  });

  it('ends well, with both Bitbuckets loaded and changed', () => {
    expect(seen.exitCode).toBe(0);
    expect(seen.stdout.match(/\(exit 0\)/gu)).toHaveLength(4);
    expect(seen.stderr).toContain('Bitbucket Data Center http://127.0.0.1');
    expect(seen.stderr).toContain('Bitbucket Cloud fernlicht');
  });

  it.each([
    ['a slug where Port refuses the name', /^ {2}card-gateway +Card Gateway/mu],
    ['a name that Port takes', /^ {2}Storefront +Storefront +# Storefront/mu],
    ['a slug that does not follow from the name', /^ {2}deploy-scripts +Release Tooling/mu],
    ['who owns the code', /@fernlicht\/riders/u],
    ['who reviews', /^ {2}API4 .* Jonas Okafor, Priya Raman$/mu],
  ])('shows %s in the catalog of Cloud', (_what, pattern) => {
    const cloud = seen.stdout.slice(seen.stdout.lastIndexOf('--- What is in the catalog'));
    expect(cloud).toMatch(pattern);
  });

  it.each([
    ['branches', /^ {2}pay-with-a-phone +2025-06-04T17:15:00\S+ +api$/gimu],
    ['tags', /^ {2}v2\.4\.0 +2025-03-04T18:00:00\S+ +api$/gimu],
    ['services that a file describes', /^ {2}\S+\/services\/charges +Charges +# Pay.* +api$/gimu],
  ])('shows %s in both catalogs', (_what, pattern) => {
    expect(seen.stdout.match(pattern)).toHaveLength(2);
  });

  it('shows groups of Data Center with their members', () => {
    expect(seen.stdout).toMatch(/^ {2}payments aperez@fernlicht\.example/mu);
  });

  it('deletes in the second run of Cloud what went, and nothing in the first', () => {
    const runs = [...seen.stdout.matchAll(/(\d+) deleted/gu)].map(([, count]) => Number(count));
    expect(runs).toHaveLength(4);
    expect(runs[2]).toBe(0);
    // A repository and its branch, and a pull request.
    expect(runs[3]).toBe(3);
  });

  it("shows what Port's Data sources page was told of each second run", () => {
    const pages = seen.stdout.split("--- What Port's Data sources page shows").slice(1);
    expect(pages).toHaveLength(2);
    for (const page of pages) {
      expect(page).toMatch(/^ {2}repository +completed +[1-9]/mu);
      expect(page).toMatch(/^ {2}__reconciliation__ +completed +[1-9]\d*$/mu);
      expect(page).toMatch(/^ {2}and \d\d lines of its log$/mu);
    }
  });

  it('fits into 80 columns, but for addresses, which are not broken', () => {
    const wide = seen.stdout
      .split('\n')
      .filter((line) => line.length > 80 && !/^\s*https?:\S+$/u.test(line));
    expect(wide).toEqual([]);
  });

  it('does not look at the settings of the machine', async () => {
    const { exitCode, stderr } = await shown({
      BITBUCKET_WORKSPACE: 'real',
      BITBUCKET_BASE_URL: 'https://bitbucket.invalid',
      PORT_CLIENT_ID: 'real-client',
      HTTPS_PROXY: 'http://proxy.invalid:3128',
    });

    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/invalid|real/u);
  });
});

describe('the world of Bitbucket Cloud', () => {
  let world: DemoWorld;

  afterEach(async () => {
    await world.close();
  });

  it('names no variable that a pipeline would not set', async () => {
    world = await startCloudWorld(createFakeClock());

    expect(Object.keys(world.variables)).toEqual([
      'OCEAN__PORT__CLIENT_ID',
      'OCEAN__PORT__CLIENT_SECRET',
      'OCEAN__PORT__BASE_URL',
      'OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL',
      'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE',
      'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN',
    ]);
  });
});

it('shows with --webhooks how a merge arrives without a run', async () => {
  const { exitCode, stdout } = await shown({}, { '--webhooks': true });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('webhook');
  expect(stdout).not.toContain('demo-webhook-secret');
  expect(stdout).toMatch(
    /posted pr:merged to Port, which answered 200\n.*was OPEN, and is MERGED\n$/u,
  );
});
