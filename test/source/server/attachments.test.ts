import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import type { RawItem } from '../../../src/model/page.js';
import { ReadingRecord } from '../../../src/source/reading/reading-record.js';
import { describeFailure, serverRest } from '../../../src/source/server/describe-failure.js';
import { group } from '../../../src/source/server/kinds/group.js';
import type { ServerKind } from '../../../src/source/server/kinds/kind.js';
import { tag } from '../../../src/source/server/kinds/tag.js';
import { moreOf } from '../../../src/source/server/more.js';
import { Routes } from '../../../src/source/server/routes.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { drain, slugsOf } from '../a-reading.js';
import { aSource, asks, open, type TestSource } from './a-source.js';
import { FakeHttp } from './fake-http.js';
import type { ReadResult } from '../a-reading.js';
import type { TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function start(company: Company, options: TestSourceOptions = {}): Promise<TestSource> {
  return (opened = await aSource(company, options));
}

function company(): Company {
  return aCompany()
    .withRepository('PAY', 'api', {
      files: { 'ReadMe.MD': '# API\n' },
      commits: [aCommit({ message: 'Newest' }), aCommit({ id: 'b'.repeat(40) })],
    })
    .withRepository('PAY', 'bare', { files: {} })
    .withRepository('PAY', 'empty', { empty: true })
    .build();
}

const both = ['__readme', '__latestCommit'];

describe('what else is asked of an item', () => {
  const asked = { since: null, mentions: () => true, reviews: true };
  const at = { index: 0, kind: 'tag' };

  function adding(kind: ServerKind, http: FakeHttp) {
    const record = new ReadingRecord(describeFailure);
    const routes = new Routes(new URL('https://bitbucket.example.com/rest/api/1.0'));
    const add = moreOf(kind, asked, { rest: serverRest(http), routes, resource: at, record });
    return { record, add: (item: RawItem) => add?.({ item }, null) };
  }

  it.each([
    [tag, { id: 'refs/tags/v1', displayId: 'v1', latestCommit: 'abc' }, '__commit'],
    [group, { name: 'web' }, '__members'],
  ])('joins what could not be read before: %#', async (kind, value, field) => {
    const { record, add } = adding(kind, new FakeHttp(() => ({ status: 403 })));

    const added = await add({ key: '1', link: null, value, unreadable: ['__readme'] });

    expect(added?.item.unreadable).toEqual(['__readme', field]);
    expect(record.takeProblems()).toMatchObject([{ attachment: field }]);
  });

  it.each([
    ['NoSuchCommitException', undefined],
    ['NoSuchRepositoryException', ['__commit']],
  ])('of a commit that is answered with %s leaves %j unread', async (exceptionName, unread) => {
    const body = { errors: [{ message: 'None.', exceptionName }] };
    const { add } = adding(tag, new FakeHttp(() => ({ status: 404, body })));
    const value = { id: 'refs/tags/v1', displayId: 'v1', latestCommit: 'abc' };

    const added = await add({ key: '1', link: null, value });

    expect(added?.item.unreadable).toEqual(unread);
    expect(added?.item.value.__commit).toBe(unread === undefined ? null : undefined);
  });
});

describe('readme and latest commit', () => {
  it.each([
    [404 as const, 'not-found' as const],
    [204 as const, 'empty-page' as const],
  ])('are empty where there is none, told by %s and %s', async (missingReadme, commits) => {
    const server = { missingReadme, emptyRepositoryCommits: commits };
    const { source } = await start(company(), { server });
    const { items, problems } = await drain(open(source, 'repository', {}, both));
    expect(slugsOf(items)).toEqual(['api', 'bare', 'empty']);
    expect(items.map(({ value }) => value.__readme)).toEqual(['# API\n', '', '']);
    expect(items.map(({ value }) => value.__latestCommit)).toEqual([
      expect.objectContaining({ message: 'Newest' }),
      expect.objectContaining({ message: 'Begin' }),
      null,
    ]);
    expect(items.every((item) => !('unread' in item))).toBe(true);
    expect(problems).toEqual([]);
  });

  it.each<[readonly string[], readonly ('readme' | 'latestCommit')[], readonly string[]]>([
    [[], ['readme', 'latestCommit'], []],
    [['__readme'], ['readme', 'latestCommit'], ['readme']],
    [['__latestCommit'], ['readme', 'latestCommit'], ['commits?limit=1']],
    [both, ['latestCommit'], ['commits?limit=1']],
    [both, [], []],
  ])('mentioned as %j and allowed as %j ask for %j', async (mentioned, enrich, asked) => {
    const test = await start(company(), { source: { enrich } });
    const reading = open(test.source, 'repository', { projects: ['PAY'] }, mentioned);
    const { items } = await drain(reading);
    const fetched = test.asked().filter((path) => path.startsWith('projects/PAY/repos/'));
    const slugs = ['api', 'bare', 'empty'];
    const expected = asked.flatMap((path) =>
      slugs.map((slug) => `projects/PAY/repos/${slug}/${path}`),
    );
    expect([...fetched].sort()).toEqual(expected.sort());
    expect(reading.requests).toBe(test.asked().length);
    for (const { value } of items) {
      expect('__readme' in value).toBe(asked.includes('readme'));
      expect('__latestCommit' in value).toBe(asked.includes('commits?limit=1'));
    }
  });

  it.each([
    ['side by side', true],
    ['one after the other', false],
  ])('are asked for once when two resources want them %s', async (_case, isParallel) => {
    const { source, asked } = await start(company());
    const readings = [1, 2].map(() => open(source, 'repository', {}, ['__readme']));
    const turns = isParallel ? [readings] : readings.map((reading) => [reading]);
    const results: ReadResult[] = [];
    for (const turn of turns) {
      results.push(...(await Promise.all(turn.map((reading) => drain(reading)))));
    }
    const [one, other] = results;
    expect(one?.items.map(({ value }) => value.__readme)).toEqual(['# API\n', '', '']);
    expect(other?.items).toEqual(one?.items);
    expect(asked().filter((path) => path.endsWith('/readme'))).toHaveLength(3);
  });

  it('leave the shared items as they were', async () => {
    const { source } = await start(company());
    const rich = open(source, 'repository', {}, both);
    const plain = open(source, 'repository');
    await drain(rich);
    const { items } = await drain(plain);
    for (const { value } of items) expect(value).not.toHaveProperty('__readme');
  });

  const refused: Fault = {
    type: 'answer',
    answer: { status: 401, body: { errors: [{ message: 'You may not.' }] } },
  };
  const signIn: Fault = {
    type: 'answer',
    answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
  };
  const gone: Fault = {
    type: 'answer',
    answer: {
      status: 404,
      body: {
        errors: [{ message: 'It is gone.', exceptionName: 'a.b.NoSuchRepositoryException' }],
      },
    },
  };
  const lost: Fault = {
    type: 'answer',
    answer: { status: 404, headers: { 'content-type': 'text/html' }, body: '<html></html>' },
  };
  const unrouted: Fault = {
    type: 'answer',
    answer: { status: 404, body: { message: 'no Route matched with those values' } },
  };
  const huge: Fault = { type: 'answer', answer: { status: 200, body: 'é'.repeat(600_000) } };
  it.each<[string, Fault, string]>([
    [
      'is refused',
      refused,
      'not permitted for these credentials, answered 401 Unauthorized: You may not.',
    ],
    ['is a sign-in page', signIn, 'answered with a web page instead of a readme'],
    ['is larger than 1 MiB', huge, 'larger than 1 MiB'],
    ['is of a repository that is gone', gone, 'answered 404 Not Found: It is gone.'],
  ])('a readme that %s is unread, not empty', async (_case, fault, reason) => {
    const { source, server } = await start(company());
    server.fail({ fault, when: asks('projects/PAY/repos/bare/readme') });
    const { items, problems, ends } = await drain(open(source, 'repository', {}, both));
    expect(slugsOf(items)).toEqual(['api', 'bare', 'empty']);
    expect(items[1]).toMatchObject({ unreadable: ['__readme'] });
    expect(items[1]?.value).not.toHaveProperty('__readme');
    expect(items[1]?.value).toHaveProperty('__latestCommit');
    expect(problems).toEqual([
      {
        code: 'attachment-unreadable',
        resource: { index: 0, kind: 'repository' },
        item: items[1]?.link,
        attachment: '__readme',
        reason,
      },
    ]);
    expect(ends).toContain('repositories: complete (1)');
  });

  it.each([
    ['a page', lost],
    ['the words of a gateway', unrouted],
  ])('a readme that is not found in %s is looked for among the files', async (_, fault) => {
    const { source, server } = await start(company());
    server.fail({ fault, when: ({ path }) => path.endsWith('/readme') });
    const { items, problems } = await drain(open(source, 'repository', {}, ['__readme']));
    expect(items.map(({ value }) => value.__readme)).toEqual([undefined, '', '']);
    expect(items.map(({ unreadable }) => unreadable)).toEqual([['__readme'], undefined, undefined]);
    expect(problems).toMatchObject([{ reason: 'answered 404 Not Found' }]);
  });

  it('a commit that cannot be read is unread as well', async () => {
    const { source, server } = await start(company());
    server.fail({ fault: { type: 'reset' }, when: asks('projects/PAY/repos/api/commits') });
    const reading = open(source, 'repository', {}, both);
    const { items, problems } = await drain(reading);
    expect(items[0]).toMatchObject({ unreadable: ['__latestCommit'] });
    expect(items[0]?.value).toMatchObject({ __readme: '# API\n' });
    expect(problems).toHaveLength(1);
    expect(reading.takeProblems()).toEqual([]);
  });

  it('of many repositories keep their order, in small pages', async () => {
    const builder = aCompany();
    for (let number = 1; number <= 60; number += 1) {
      builder.withRepository('PAY', `r${number}`, { files: { 'README.md': `# ${number}` } });
    }
    const { source } = await start(builder.build());
    const { items, scopes } = await drain(open(source, 'repository', {}, ['__readme']));
    expect(items.map(({ value }) => value.__readme)).toEqual(
      Array.from({ length: 60 }, (_, index) => `# ${index + 1}`),
    );
    expect(scopes).toHaveLength(3);
  });

  it('are not asked for any more once the account is locked', async () => {
    const { source, server, asked } = await start(company(), { source: { concurrency: 1 } });
    const headers = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=x' };
    server.fail({
      fault: { type: 'answer', answer: { status: 401, headers, body: '' } },
      when: asks('projects/PAY/repos/bare/readme'),
    });
    const { ends, problems } = await drain(open(source, 'repository', {}, ['__readme']));
    const locked = 'the account is locked until its CAPTCHA is solved, answered 401 Unauthorized';
    expect(ends).toEqual([
      `projects: root-listing-incomplete projects: ${locked}`,
      `repositories: root-listing-incomplete repositories: ${locked}`,
    ]);
    expect(problems).toEqual([]);
    expect(asked().at(-1)).toBe('projects/PAY/repos/bare/readme');
  });
});
