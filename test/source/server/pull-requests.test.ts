import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import { aCompany, type PullRequestDifference } from '../../world/a-company.js';
import { drain, keysOf, textsOf } from '../a-reading.js';
import { aSource, asks, open, type TestSource, type TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function start(company: Company, options: TestSourceOptions = {}): Promise<TestSource> {
  return (opened = await aSource(company, options));
}

/** `api` and `web` with four and two open pull requests, `docs` without any, one personal. */
function company(): Company {
  const builder = aCompany()
    .withRepository('PAY', 'api')
    .withRepository('PAY', 'docs')
    .withRepository('WEB', 'web')
    .withRepository('~jdoe', 'notes.md');
  const open: [string, string, number][] = [
    ['PAY', 'api', 4],
    ['WEB', 'web', 2],
    ['~jdoe', 'notes.md', 1],
  ];
  for (const [project, slug, count] of open) {
    for (let id = 1; id <= count; id += 1) builder.withPullRequest(project, slug);
  }
  return builder.build();
}

const listsAll = { listsPersonalProjects: true };
const api = 'projects/PAY/repos/api/pull-requests';
const webKeys = ['3#2', '3#1', '4#1'];
const webEnds = ['WEB/web: complete (1)', '~jdoe/notes.md: complete (1)'];
const rootEnds = ['projects: complete (1)', 'repositories: complete (1)'];

describe('pull requests', () => {
  it('are read repository by repository, each its own scope', async () => {
    const { source, server } = await start(company(), { server: listsAll });
    const reading = open(source, 'pull-request');
    const { items, scopes, ends } = await drain(reading);
    expect(keysOf(items)).toEqual(['1#4', '1#3', '1#2', '1#1', ...webKeys]);
    expect(scopes).toEqual(['PAY/api', 'WEB/web', '~jdoe/notes.md']);
    expect(ends).toEqual([
      ...rootEnds,
      'PAY/api: complete (1)',
      'PAY/docs: complete (1)',
      ...webEnds,
    ]);
    const scope = reading.ends().at(-1)?.scope;
    expect(scope).toMatchObject({ type: 'repository', repository: { key: '4' } });
    expect(items[0]?.link).toBe(`${server.url}/projects/PAY/repos/api/pull-requests/4`);
    expect(reading.requests).toBe(6);
    expect(server.violations).toEqual([]);
  });

  it('tell how many repositories were read through once all are listed', async () => {
    const { source } = await start(company(), { server: { ...listsAll, pageCap: 3 } });
    const reading = open(source, 'pull-request');
    expect(reading.repositories).toBeNull();
    const progress: [string, number | undefined][] = [];
    for await (const { scope } of reading.pages()) {
      progress.push([scope.name, reading.repositories?.done]);
    }
    expect(progress.slice(-2)).toEqual([
      ['WEB/web', 2],
      ['~jdoe/notes.md', 3],
    ]);
    expect(reading.repositories).toEqual({ done: 4, total: 4 });

    const some = open(source, 'pull-request', { projectFilterRegex: 'PAY' });
    await drain(some);
    expect(some.repositories).toEqual({ done: 2, total: 2 });
  });

  it('never tell how many repositories there are where their list broke off', async () => {
    const { source, server } = await start(company(), { server: listsAll });
    server.fail({
      when: asks('repos'),
      fault: { type: 'answer', answer: { status: 500, body: {} } },
    });
    const reading = open(source, 'pull-request');
    await drain(reading);
    expect(reading.repositories).toBeNull();
  });

  const states: PullRequestDifference[] = [
    { state: 'OPEN' },
    { state: 'MERGED' },
    { state: 'DECLINED' },
  ];
  it.each([
    [{}, undefined, ['OPEN']],
    [{ state: 'MERGED' as const }, undefined, ['MERGED']],
    [{ state: 'ALL' as const }, undefined, ['DECLINED', 'MERGED', 'OPEN']],
    [{ state: 'MERGED' as const }, 'DECLINED' as const, ['DECLINED']],
  ])(
    'of the state in %j, overridden by %s, are %j',
    async (selector, pullRequestState, expected) => {
      const builder = aCompany().withRepository('PAY', 'api');
      for (const difference of states) builder.withPullRequest('PAY', 'api', difference);
      const { source } = await start(builder.build(), {
        source: { overrides: { pullRequestState } },
      });
      const { items } = await drain(open(source, 'pull-request', selector));
      expect(textsOf(items, 'state')).toEqual(expected);
    },
  );

  it('are read of the projects that the selector takes', async () => {
    const { source, asked } = await start(company(), { server: listsAll });
    const { items } = await drain(open(source, 'pull-request', { projectFilterRegex: '~' }));
    expect(keysOf(items)).toEqual(['4#1']);
    expect(asked().at(-1)).toBe(
      'projects/~jdoe/repos/notes.md/pull-requests?state=OPEN&limit=1000',
    );
  });

  it('page through gaps and an empty page', async () => {
    const { source, server } = await start(company(), { server: { pageCap: 1, gaps: true } });
    const { items, ends } = await drain(open(source, 'pull-request', { projects: ['PAY'] }));
    expect(keysOf(items)).toEqual(['1#4', '1#3', '1#2', '1#1']);
    expect(ends).toContain('PAY/api: complete (5)');
    expect(server.violations).toEqual([]);
  });

  const refusal = (status: number): Fault => ({
    type: 'answer',
    answer: { status, body: { errors: [{ message: 'Not for you.' }] } },
  });
  const page = (body: unknown): Fault => ({ type: 'answer', answer: { status: 200, body } });
  it.each<[string, Fault, string]>([
    ['a cut-off body', { type: 'cut-off' }, ''],
    ['a cut connection', { type: 'reset' }, ''],
    ['500 until the retries end', refusal(500), 'after 2 attempts: Not for you.'],
    [
      '401',
      refusal(401),
      'not permitted for these credentials, answered 401 Unauthorized: Not for',
    ],
    ['403', refusal(403), 'answered 403 Forbidden: Not for you.'],
    ['404', refusal(404), 'answered 404 Not Found: Not for you.'],
    ['410', refusal(410), 'answered 410 Gone: Not for you.'],
    ['a page without values', page({ isLastPage: true }), 'answered with JSON of another shape'],
    ['half a page', page('{"values": [{"id": 1'), 'answered with JSON that ends early'],
    ['an empty answer', { type: 'answer', answer: { status: 204 } }, 'answered without a page'],
    [
      'a page that names no next one',
      page({ values: [], isLastPage: false }),
      'named no next page',
    ],
    [
      'the same page again',
      page({ values: [], isLastPage: false, nextPageStart: 2 }),
      'named a page that was read before',
    ],
  ])('of one repository fail on %s, its siblings go on', async (_case, fault, reason) => {
    const { source, server } = await start(company(), { server: { ...listsAll, pageCap: 2 } });
    server.fail({ fault, when: asks(api, '2') });
    const { items, ends } = await drain(open(source, 'pull-request'));
    expect(keysOf(items)).toEqual(['1#4', '1#3', ...webKeys]);
    expect(ends.slice(2)).toEqual([
      expect.stringContaining('PAY/api: listing-incomplete pull requests of PAY/api: '),
      'PAY/docs: complete (1)',
      ...webEnds,
    ]);
    expect(ends[2]).toContain(reason);
  });

  it('are asked for a second time when the first answer was cut off', async () => {
    const { source, server } = await start(company(), { server: listsAll });
    server.fail({ fault: { type: 'cut-off' }, when: asks(api), times: 1 });
    const { items, ends } = await drain(open(source, 'pull-request'));
    expect(items).toHaveLength(7);
    expect(ends).toContain('PAY/api: complete (1)');
  });

  it('of the repositories that were shown before their list failed are given', async () => {
    const { source, server } = await start(company(), { server: { ...listsAll, pageCap: 2 } });
    server.fail({ fault: refusal(403), when: asks('repos', '2') });
    const { items, ends } = await drain(open(source, 'pull-request'));
    expect(keysOf(items)).toEqual(['1#4', '1#3', '1#2', '1#1']);
    expect(ends).toEqual([
      'projects: complete (2)',
      'repositories: root-listing-incomplete repositories: answered 403 Forbidden: Not for you.',
      'PAY/api: complete (2)',
      'PAY/docs: complete (1)',
    ]);
  });

  it('are not asked for any more once the account is locked', async () => {
    const { source, server, asked } = await start(company(), {
      server: listsAll,
      source: { concurrency: 1 },
    });
    const headers = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x' };
    server.fail({
      fault: { type: 'answer', answer: { status: 403, headers, body: '' } },
      when: asks('projects/PAY/repos/docs/pull-requests'),
    });
    const { items, ends } = await drain(open(source, 'pull-request'));
    expect(keysOf(items)).toEqual(['1#4', '1#3', '1#2', '1#1']);
    const locked = 'the account is locked until its CAPTCHA is solved, answered 403 Forbidden';
    expect(ends).toEqual([
      `projects: root-listing-incomplete projects: ${locked}`,
      `repositories: root-listing-incomplete repositories: ${locked}`,
      'PAY/api: complete (1)',
      `PAY/docs: listing-incomplete pull requests of PAY/docs: ${locked}`,
    ]);
    expect(asked().at(-1)).toMatch(/^projects\/PAY\/repos\/docs/);
    const before = asked().length;
    expect((await drain(open(source, 'user'))).ends).toEqual([
      `users: root-listing-incomplete users: ${locked}`,
    ]);
    expect(asked()).toHaveLength(before);
  });

  it('leave nothing running when the consumer leaves early', async () => {
    const { source, asked } = await start(company(), { source: { concurrency: 1 } });
    const reading = open(source, 'pull-request');
    for await (const page of reading.pages()) if (page.items.length > 0) break;
    expect(asked().filter((path) => path.includes('WEB/repos/web'))).toEqual([]);
    expect(reading.ends().filter(({ scope }) => scope.type === 'repository')).toEqual([]);
  });
});
