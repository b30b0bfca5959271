import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { startLoopbackServer } from '../../../src/sandbox/loopback.js';
import { aCompany } from '../../world/a-company.js';
import { drain, slugsOf, textsOf } from '../a-reading.js';
import { aCloud, asks, open, refusal, type TestCloud, type TestCloudOptions } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

async function start(company: Company, options: TestCloudOptions = {}): Promise<TestCloud> {
  return (opened = await aCloud(company, options));
}

function repositories(count: number): Company {
  const builder = aCompany();
  for (let number = 1; number <= count; number += 1) builder.withRepository('ANT', `r${number}`);
  return builder.build();
}

describe('reading repositories', () => {
  it('asks for the largest pages, oldest first, and follows next to the end', async () => {
    const { source, asked } = await start(repositories(230));
    const { items, ends } = await drain(open(source, 'repository'));
    expect(items).toHaveLength(230);
    expect(ends).toEqual(['repositories: complete (3)']);
    expect(asked()).toHaveLength(3);
    expect(asked()[0]).toBe('R?sort=created_on&pagelen=100');
  });

  it('shows names that differ from slugs, and repositories without a branch, as they are', async () => {
    const company = aCompany()
      .withRepository('ANT', 'my-repo-e', { name: 'My "Repo" é' })
      .withRepository('ANT', 'empty', { empty: true })
      .build();
    const { source } = await start(company);
    const { items } = await drain(open(source, 'repository'));
    expect(slugsOf(items)).toEqual(['my-repo-e', 'empty']);
    expect(textsOf(items, 'name')).toEqual(['My "Repo" é', 'empty']);
    expect(items[0]).toMatchObject({ key: items[0]?.value.uuid });
    expect(items[0]?.link).toContain('/fernlicht/my-repo-e');
  });

  it('are read once for every kind that needs the same ones', async () => {
    const { source, asked } = await start(repositories(2));
    const readings = ['repository', 'pull-request', 'repository'].map((kind) => open(source, kind));
    for (const reading of readings) await drain(reading);
    expect(asked().filter((question) => question.startsWith('R?'))).toHaveLength(1);
    expect(readings.map(({ requests }) => requests)).toEqual([1, 2, 0]);
  });

  it('are read apart when the selectors differ', async () => {
    const { source, asked } = await start(repositories(2));
    const selectors = [
      {},
      { repoQuery: 'name="r1"' },
      { userRole: 'admin', repoQuery: 'name="r1"' },
    ];
    const found: string[][] = [];
    for (const selector of selectors) {
      const { items } = await drain(open(source, 'repository', { selector }));
      found.push([...slugsOf(items)]);
    }
    expect(found).toEqual([['r1', 'r2'], ['r1'], ['r1']]);
    expect(asked()).toEqual([
      'R?sort=created_on&pagelen=100',
      'R?q=name="r1"&sort=created_on&pagelen=100',
      'R?role=admin&q=name="r1"&sort=created_on&pagelen=100',
    ]);
  });

  it('goes on after an empty page', async () => {
    const { source } = await start(repositories(150), { server: { paging: { emptyPages: true } } });
    const { items, ends } = await drain(open(source, 'repository'));
    expect(items).toHaveLength(150);
    expect(ends).toEqual(['repositories: complete (3)']);
  });

  it('halves a page size that Bitbucket refuses, once in a run', async () => {
    const { source, asked } = await start(repositories(30), {
      server: { paging: { pagelen: { others: 30 } } },
    });
    const { items } = await drain(open(source, 'repository'));
    await drain(open(source, 'project'));
    expect(items).toHaveLength(30);
    expect(asked()).toEqual([
      'R?sort=created_on&pagelen=100',
      'R?sort=created_on&pagelen=50',
      'R?sort=created_on&pagelen=25',
      expect.stringContaining('R?page=2'),
      'workspaces/fernlicht/projects?pagelen=25',
    ]);
  });

  it('asks for the smallest page that Bitbucket documents before it gives up', async () => {
    const { source, asked } = await start(repositories(15), {
      server: { paging: { pagelen: { others: 10 } } },
    });
    const { items } = await drain(open(source, 'repository'));
    expect(items).toHaveLength(15);
    expect(asked().map((question) => /pagelen=(\d+)/.exec(question)?.[1])).toEqual([
      '100',
      '50',
      '25',
      '12',
      '10',
      '10',
    ]);
  });

  it.each(['same', 'new'] as const)(
    'ends as incomplete when pages go in circles under the %s address',
    async (next) => {
      const listing = (path: string): boolean => path.endsWith('/repositories/fernlicht');
      const { source, asked } = await start(repositories(2), {
        server: { paging: { repeated: { listing, next } } },
      });
      const { items, ends } = await drain(open(source, 'repository'));
      expect(items).toHaveLength(2);
      expect(ends).toEqual([expect.stringMatching(/^repositories: root-listing-incomplete/)]);
      expect(asked().length).toBeLessThan(30);
    },
  );

  it.each([404, 410, 403])('takes %d on the list for a failure of the root', async (status) => {
    const { source, server } = await start(repositories(2));
    server.fail({ when: asks(''), fault: refusal(status, 'No workspace') });
    const reading = open(source, 'pull-request');
    const { items, ends } = await drain(reading);
    expect(items).toEqual([]);
    expect(ends).toEqual([
      expect.stringMatching(/^repositories: root-listing-incomplete .*No workspace$/),
    ]);
  });

  it('sends nothing to another origin that a next names', async () => {
    const elsewhere = await startLoopbackServer(() => ({ status: 200, body: { values: [] } }));
    const { source, server } = await start(repositories(2));
    const values = [{ uuid: '{1}', slug: 'one', type: 'repository' }];
    server.fail({
      when: asks(''),
      fault: { type: 'answer', answer: { status: 200, body: { values, next: elsewhere.url } } },
    });
    const { items, ends } = await drain(open(source, 'repository'));
    await elsewhere.close();
    expect(slugsOf(items)).toEqual(['one']);
    expect(ends).toEqual([expect.stringContaining('leads to another origin')]);
    expect(elsewhere.requests).toEqual([]);
  });

  it('stops asking once the credentials are refused', async () => {
    const { source, server, asked } = await start(repositories(40));
    server.fail({ when: asks('/r3/pullrequests'), fault: refusal(401, 'Token is expired') });
    const { ends } = await drain(open(source, 'pull-request'));
    expect(ends[0]).toMatch(/^repositories: root-listing-incomplete .*answered 401/);
    expect(asked().length).toBeLessThan(12);
  });
});

describe('reading projects', () => {
  it('shows those of the workspace', async () => {
    const company = aCompany().withProject('ANT').withProject('BEE').build();
    const { source, asked } = await start(company);
    const { items, ends } = await drain(open(source, 'project'));
    expect(textsOf(items, 'key')).toEqual(['ANT', 'BEE']);
    expect(ends).toEqual(['projects: complete (1)']);
    expect(asked()).toEqual(['workspaces/fernlicht/projects?pagelen=100']);
  });
});
