import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, scopesOfSeveralPages } from '../a-reading.js';
import {
  aCloud,
  asks,
  open,
  refusal,
  shortened,
  type TestCloud,
  type TestCloudOptions,
} from './a-cloud.js';

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

describe('reading pull requests', () => {
  it('asks for open ones, with the people whom a listing leaves out', async () => {
    const company = aCompany()
      .withUser({ name: 'mia', displayName: 'Mia Weber' })
      .withRepository('ANT', 'api')
      .withPullRequest('ANT', 'api', { reviewers: ['mia'], participants: ['mia'] })
      .withPullRequest('ANT', 'api', { state: 'MERGED' })
      .build();
    const { source, asked } = await start(company);
    const { items, ends } = await drain(open(source, 'pull-request'));
    expect(items).toHaveLength(1);
    expect(items[0]?.value).toMatchObject({ id: 1, reviewers: [{ display_name: 'Mia Weber' }] });
    expect(items[0]?.value.participants).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ user: expect.objectContaining({ display_name: 'Mia Weber' }) }),
      ]),
    );
    expect(ends).toEqual(['repositories: complete (1)', 'fernlicht/api: complete (1)']);
    expect(asked()[1]).toBe(
      'R/api/pullrequests?q=state="OPEN"' +
        '&fields=+values.reviewers,+values.participants&sort=created_on&pagelen=50',
    );
  });

  it('asks for what the selector wants instead', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api')
      .withPullRequest('ANT', 'api')
      .withPullRequest('ANT', 'api', { state: 'MERGED' })
      .build();
    const { source } = await start(company);
    const selector = { pullRequestQuery: 'state = "MERGED"' };
    const { items } = await drain(open(source, 'pull-request', { selector }));
    expect(items.map(({ value }) => value.state)).toEqual(['MERGED']);
  });

  it('keeps a pull request whose author was deleted', async () => {
    const company = aCompany()
      .withUser({ name: 'gone', active: false })
      .withRepository('ANT', 'api')
      .withPullRequest('ANT', 'api', { author: 'gone' })
      .build();
    const { source } = await start(company);
    const { items } = await drain(open(source, 'pull-request'));
    expect(items.map(({ value }) => value.author)).toEqual([null]);
  });

  it('loses one repository without its siblings', async () => {
    const builder = aCompany();
    for (const slug of ['a', 'b', 'c']) {
      builder.withRepository('ANT', slug).withPullRequest('ANT', slug);
    }
    const { source, server } = await start(builder.build());
    server.fail({ when: asks('/b/pullrequests'), fault: refusal(403, 'Forbidden') });
    const { scopes, ends } = await drain(open(source, 'pull-request'));
    expect(scopes).toEqual(['fernlicht/a', 'fernlicht/c']);
    expect(ends).toEqual([
      'repositories: complete (1)',
      'fernlicht/a: complete (1)',
      expect.stringMatching(/^fernlicht\/b: listing-incomplete pull requests of fernlicht\/b: /),
      'fernlicht/c: complete (1)',
    ]);
  });

  it('takes no more requests than the pages there are', async () => {
    const repositories = 300;
    const pullRequests = 2_000;
    const builder = aCompany();
    for (let index = 0; index < repositories; index += 1) {
      builder.withRepository('ANT', `r${index}`);
    }
    // The first has 200, in four pages; the others share the rest, six or seven each.
    for (let index = 0; index < pullRequests; index += 1) {
      const slug = index < 200 ? 'r0' : `r${1 + (index % (repositories - 1))}`;
      builder.withPullRequest('ANT', slug);
    }
    const { source, asked } = await start(builder.build());
    const kinds = ['project', 'repository', 'pull-request'];
    const readings = kinds.map((kind) => open(source, kind));
    const counts: number[] = [];
    for (const reading of readings) counts.push((await drain(reading)).items.length);
    expect(counts).toEqual([1, repositories, pullRequests]);
    // One page of projects, three of repositories, 299 of one page and four of the first repository.
    expect(asked()).toHaveLength(1 + 3 + 299 + 4);
  });
});

describe('confirming pull requests', () => {
  it('reads again what took several pages, and shows what was missed', async () => {
    const builder = aCompany().withRepository('ANT', 'a').withRepository('ANT', 'b');
    for (let index = 0; index < 60; index += 1) builder.withPullRequest('ANT', 'a');
    builder.withPullRequest('ANT', 'b');
    const { source, server, asked, forget } = await start(builder.build());
    server.fail({
      when: asks('/a/pullrequests'),
      times: 2,
      fault: {
        type: 'changed',
        change: (answer) => ({ ...answer, body: shortened(answer.body) }),
      },
    });
    const reading = open(source, 'pull-request');
    const seen = (await drain(reading)).items.map(({ key }) => key);
    expect(seen).toHaveLength(60);
    forget();
    const { missed, ends } = await reading.confirm(scopesOfSeveralPages(reading));
    const found = missed.flatMap(({ items }) => items.map(({ key }) => key));
    expect(found).toHaveLength(1);
    expect(seen).not.toContain(found[0]);
    expect(ends.map(({ scope, status }) => [scope.name, status])).toEqual([
      ['fernlicht/a', 'complete'],
    ]);
    expect(asked().every((question) => question.startsWith('R/a/pullrequests'))).toBe(true);
  });
});
