import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeRepository, removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { IDENTIFIER, status } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { startServerWorld } from '../world/a-world.js';

let folder: string;
let world: Awaited<ReturnType<typeof startServerWorld>>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'summaries-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** A world that was loaded once, and how it changed since. */
async function loaded(change: (company: Company) => void): Promise<void> {
  const company = aCompany()
    .withRepository('PAY', 'api', { description: 'The | API' })
    .withRepository('PAY', 'shop')
    .build();
  world = await startServerWorld(company);
  expect((await world.run('sync')).exitCode).toBe(0);
  change(company);
}

const run = (line: string, env: Readonly<Record<string, string>> = {}) =>
  world.run(line, { cwd: folder, env });
const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

describe('plan --summary-file', () => {
  it('writes the changes first, and is short', async () => {
    await loaded((company) => {
      removeRepository(company, 'PAY', 'shop');
      changeRepository(company, 'PAY', 'api', { description: 'Payments' });
    });

    const { exitCode } = await run('plan --summary-file plan.md');

    expect(exitCode).toBe(0);
    const text = await textOf('plan.md');
    expect(text.replaceAll(/127\.0\.0\.1:\d+/gu, 'host').replace(/bitbucket-port \S+</u, '<'))
      .toMatchInlineSnapshot(`
      "### Bitbucket to Port: Plan

      Bitbucket Data Center <http://host> → Port <http://host>, integration my-bitbucket-server-integration. Nothing was written.

      | Blueprint | To delete | To update | To create |
      | --- | --: | --: | --: |
      | bitbucketRepository | 1 | 1 | 0 |
      | **All** | **1** | **1** | **0** |

      **bitbucketRepository**

      - − **shop**
      - ~ **api**
        - properties.description: "The &#124; API" → "Payments"

      2 entities are as they should be.

      <sub></sub>
      "
    `);
  });

  it('cuts what is long, and counts it', async () => {
    const company = aCompany();
    for (let index = 0; index < 300; index += 1) {
      company.withRepository('PAY', `r${index}-${'x'.repeat(100)}`);
    }
    world = await startServerWorld(company.build());
    await run('plan --all --summary-file plan.md');
    const text = await textOf('plan.md');
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/- \+ \d+ more to create/u);
  });

  it('adds to the summary of a job on GitHub, also where settings are wrong', async () => {
    await loaded(() => undefined);
    const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder, 'job.md') };
    await writeFile(github.GITHUB_STEP_SUMMARY, 'Before\n');
    await run('plan', github);
    expect(await textOf('job.md')).toMatch(/^Before\n### Bitbucket to Port: Plan\n/u);
    await run('plan --concurrency many', github);
    expect(await textOf('job.md')).toContain('Settings or mapping are wrong (exit 2)');
  });

  it('says that there are no deletions where Port does not let the integration be read', async () => {
    await loaded((company) => {
      removeRepository(company, 'PAY', 'shop');
    });
    await run('mapping pull --file mapping.yml');
    const isIntegration = ({ path: at, method }: { path: string; method: string }): boolean =>
      method === 'GET' && at.startsWith('/v1/integration');
    world.port.fail({ when: isIntegration, fault: status(403) });

    const { exitCode, result } = await run('plan --mapping mapping.yml --summary-file plan.md', {
      OCEAN__INTEGRATION__IDENTIFIER: IDENTIFIER,
    });

    const words = 'Deletions are not shown: Port lets admins and moderators read the integration';
    expect(result).toContain(words);
    expect(await textOf('plan.md')).toContain(words);
    expect(result).toContain(', 0 to delete');
    expect(exitCode).toBe(0);
  });
});

describe('check --summary-file', () => {
  it('writes what is wrong first', async () => {
    await loaded(() => undefined);
    const { exitCode } = await run('check --type nothing --summary-file check.md', {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'wrong',
    });
    const text = await textOf('check.md');
    expect(exitCode).not.toBe(0);
    expect(text).toMatch(
      /^### bitbucket-port check: \d failures?.* \(exit \d\)\n\n- \*\*Error\*\* \(Settings\)/u,
    );
    expect(text).toMatch(/\d+ things are as they should be/u);
  });

  it('adds to the summary of a job on GitHub', async () => {
    await loaded(() => undefined);
    const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder, 'job.md') };
    await run('check', github);
    expect(await textOf('job.md')).toContain('### bitbucket-port check: ');
  });
});
