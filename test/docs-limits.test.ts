import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../src/sandbox/company/company.js';
import { templateFiles } from './ci-templates/template-files.js';
import { textOf } from './docs/documents.js';
import { fileReadsOf, hoursOf, requestsOf } from './docs/sizing.js';
import { aCompany } from './world/a-company.js';
import { aToken, startCloudWorld, type CloudWorld } from './world/a-cloud-world.js';
import { startWorld, type World } from './world/a-world.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * What is on its way while the clock leaps over an hour of waiting counts in the next one. The reserve
 * of the smallest limit has room for so many; of more, one may be refused and asked again.
 */
const IN_FLIGHT = 2;

let world: CloudWorld | World;

afterEach(async () => {
  await world.close();
});

/** A company of so many repositories with a pull request each. */
function companyOf(repositories: number, owners = '.bitbucket/CODEOWNERS'): Company {
  const builder = aCompany();
  for (let number = 1; number <= repositories; number += 1) {
    const files = { 'README.md': '# API\n', [owners]: '* @payments\n' };
    builder
      .withRepository('PAY', `api-${number}`, { files })
      .withPullRequest('PAY', `api-${number}`);
  }
  return builder.build();
}

const isRead = ({ path }: { readonly path: string }): boolean => path.includes('/src/');

describe('the formula for Bitbucket Cloud', () => {
  it.each([
    { repositories: 40, ownersElsewhere: 0, tokens: 1, limit: 1_000 },
    { repositories: 40, ownersElsewhere: 40, tokens: 1, limit: 1_000 },
    { repositories: 40, ownersElsewhere: 0, tokens: 1, limit: 20 },
    { repositories: 40, ownersElsewhere: 0, tokens: 2, limit: 20 },
    { repositories: 120, ownersElsewhere: 0, tokens: 1, limit: 50 },
  ])('holds for %j', async (workspace) => {
    const { repositories, ownersElsewhere, tokens, limit } = workspace;
    const owners = ownersElsewhere > 0 ? 'CODEOWNERS' : '.bitbucket/CODEOWNERS';
    const names = Array.from({ length: tokens }, (_, index) => `token-${index + 1}`);
    const cloud = (world = await startCloudWorld(companyOf(repositories, owners), {
      bitbucket: { credentials: names.map((name) => aToken(name, limit)) },
    }));
    const startedAt = cloud.clock.now();

    const { exitCode } = await cloud.run(`sync --concurrency ${IN_FLIGHT}`, {
      env: { OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN: names.join(',') },
    });

    expect(exitCode).toBe(0);
    const { requests } = cloud.bitbucket;
    const reads = requests.filter(isRead).length;
    expect([reads, requests.length - reads]).toEqual([
      fileReadsOf(workspace),
      requestsOf(workspace),
    ]);
    expect(Math.floor((cloud.clock.now() - startedAt) / HOUR)).toBe(hoursOf(workspace));
  });

  it('gives what the page tells of 300 repositories', () => {
    expect(requestsOf({ repositories: 300, tokens: 1 })).toBe(305);
    expect(fileReadsOf({ repositories: 300, ownersElsewhere: 0 })).toBe(600);
    expect(fileReadsOf({ repositories: 300, ownersElsewhere: 300 })).toBe(900);
  });
});

describe('the requests to Bitbucket Data Center', () => {
  it('are those that the page tells', async () => {
    const repositories = 30;
    const data = (world = await startWorld(companyOf(repositories)));
    expect((await data.run('sync')).exitCode).toBe(0);
    const probe = 1;
    expect(data.bitbucket.requests).toHaveLength(probe + 3 + 3 * repositories);

    data.clock.advance(MINUTE);
    data.bitbucket.reset();
    await data.run('sync', { OCEAN__SYNC__ENRICH: '[]' });
    expect(data.bitbucket.requests).toHaveLength(probe + 3 + repositories);
  });
});

it('is about pipelines that end a run after 25 minutes', () => {
  expect(textOf('docs/limits.md')).toContain('end a run after 25 minutes');
  const others = templateFiles.filter(({ text }) => !text.includes('--timeout 25m'));
  expect(others.map(({ name }) => name)).toEqual([]);
});
