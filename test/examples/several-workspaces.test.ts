import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { ownVersion } from '../../src/cli/version.js';
import { startCloud, type SandboxCloud } from '../../src/sandbox/cloud/cloud.js';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import { aToken, withinTime } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { exampleFolders } from './example-folder.js';
import { aCloud, runIn, type ExampleWorld } from './example-world.js';

// Whole runs, on machines that are busy.
const workflow = z
  .object({
    env: z.object({ BITBUCKET_PORT_VERSION: z.string() }),
    jobs: z.object({
      sync: z.object({
        strategy: z.object({
          'fail-fast': z.literal(false),
          matrix: z.object({
            include: z.array(z.object({ workspace: z.string(), token: z.string() })),
          }),
        }),
        concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.literal(false) }),
        steps: z.array(
          z.object({
            name: z.string().optional(),
            run: z.string().optional(),
            env: z.record(z.string(), z.string()).optional(),
          }),
        ),
      }),
    }),
  })
  .parse(
    parse(
      readFileSync(
        new URL('../../examples/several-workspaces/workflow.yml', import.meta.url),
        'utf8',
      ),
    ),
  );
const { strategy, concurrency, steps } = workflow.jobs.sync;
const entries = strategy.matrix.include;
const step = steps.find(({ name }) => name === 'Sync');
const configFile =
  exampleFolders.find(({ name }) => name === 'several-workspaces')?.configFile ?? '';

type Entry = (typeof entries)[number];

/** The `--timeout` of the workflow, in milliseconds. */
const TIME_LIMIT = 25 * 60_000;

/** The workflow's own command line, with the settings file of the example. */
const argv = (step?.run ?? '')
  .trim()
  .split(/\s+/u)
  .slice(1)
  .map((word) => (word === 'bitbucket-port.yml' ? configFile : word));

/** The variables of the step, as the platform would put secrets and matrix into them. */
function variablesOf(entry: Entry, secrets: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, value]) => [
      name,
      value
        .replace('${{ matrix.workspace }}', entry.workspace)
        .replace('${{ secrets[matrix.token] }}', secrets[entry.token] ?? '')
        .replace(/\$\{\{ secrets\.(\w+) \}\}/u, (_, secret: string) => secrets[secret] ?? ''),
    ]),
  );
}

describe('the workflow of several workspaces', () => {
  const companies = entries.map(() =>
    aCompany().withProject('PAY').withRepository('PAY', 'api').withRepository('PAY', 'web').build(),
  );
  let world: ExampleWorld;
  let bitbuckets: readonly SandboxCloud[];

  beforeEach(async () => {
    world = await aCloud(aCompany().build());
    bitbuckets = await Promise.all(
      entries.map(({ workspace, token }, index) =>
        startCloud({
          company: companies[index]!,
          clock: world.clock,
          workspace: { slug: workspace, name: workspace },
          credentials: [aToken(`secret-of-${token}`)],
        }),
      ),
    );
  });

  afterEach(async () => {
    await Promise.all([world.close(), ...bitbuckets.map((bitbucket) => bitbucket.close())]);
  });

  const sync = (index: number) => {
    const secrets = {
      OCEAN__PORT__CLIENT_ID: world.variables.PORT_CLIENT_ID ?? '',
      OCEAN__PORT__CLIENT_SECRET: world.variables.PORT_CLIENT_SECRET ?? '',
      ...Object.fromEntries(entries.map(({ token }) => [token, `secret-of-${token}`])),
    };
    const addresses = { ...world.addresses, BITBUCKET_HOST_URL: bitbuckets[index]!.url };
    const { clock } = world;
    const variables = variablesOf(entries[index]!, secrets);
    return runIn({ addresses, clock }, argv, variables, withinTime(clock, TIME_LIMIT));
  };
  const repositories = () =>
    world.port
      .entities('bitbucketRepository')
      .map(({ identifier }) => identifier)
      .sort();

  it('keeps the catalogs of its entries apart, and deletes in each what is gone there', async () => {
    expect(await sync(0)).toMatchObject({ exitCode: 0 });
    expect(await sync(1)).toMatchObject({ exitCode: 0 });
    const all = entries.flatMap(({ workspace }) => [`${workspace}/api`, `${workspace}/web`]);
    expect(repositories()).toEqual([...all].sort());

    removeRepository(companies[0]!, 'PAY', 'web');
    expect(await sync(1)).toMatchObject({ exitCode: 0 });
    expect(repositories()).toEqual([...all].sort());
    expect(await sync(0)).toMatchObject({ exitCode: 0 });
    expect(repositories()).toEqual(
      all.filter((name) => name !== `${entries[0]!.workspace}/web`).sort(),
    );
  });

  it('has different workspaces and tokens, and this version', () => {
    expect(entries.length).toBeGreaterThan(1);
    for (const key of ['workspace', 'token'] as const) {
      expect(new Set(entries.map((entry) => entry[key])).size).toBe(entries.length);
    }
    expect(concurrency.group).toContain('${{ matrix.workspace }}');
    expect(workflow.env.BITBUCKET_PORT_VERSION).toBe(ownVersion());
  });
});
