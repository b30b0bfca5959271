import { afterEach, describe, expect, it } from '@jest/globals';
import type { RepositoryDifference } from '../../world/a-company.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { drain, type ReadResult } from '../a-reading.js';
import { at } from '../cloud/a-cloud.js';
import { aSource, asks, open, type TestSource, type TestSourceOptions } from './a-source.js';

let opened: TestSource | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

async function start(
  shop: RepositoryDifference,
  options: TestSourceOptions = {},
): Promise<TestSource> {
  const company = aCompany()
    .withRepository('ANT', 'shop', shop)
    .withRepository('ANT', 'empty', { empty: true })
    .build();
  return (opened = await aSource(company, options));
}

async function read(
  { source }: TestSource,
  kind: string,
  selector: unknown,
  mentions: readonly string[] = ['content'],
): Promise<ReadResult> {
  return await drain(open(source, kind, selector, mentions));
}

const tree = {
  files: { 'port.yml': 'a: 1', 'apps/web/port.yml': 'a: 3', 'apps/api/x/port.yaml': 'a: 5' },
};

const refused = (status: number, exceptionName: string) =>
  ({
    type: 'answer',
    answer: {
      status,
      body: { errors: [{ context: null, message: 'No.', exceptionName }] },
    },
  }) as const;

describe('what Data Center is asked', () => {
  it.each<[string, unknown, readonly string[], readonly string[]]>([
    [
      'file',
      { files: { filenames: ['port.yml'] } },
      ['content'],
      ['files?limit=1000', 'raw/apps/web/port.yml', 'raw/port.yml'],
    ],
    ['file', { files: { path: 'apps/*', filenames: ['*.yaml'] } }, [], ['files/apps?limit=1000']],
    [
      'file',
      { files: { path: 'apps/web', filenames: ['*.yml'] } },
      ['content'],
      ['browse/apps/web?limit=1000', 'raw/apps/web/port.yml'],
    ],
    ['file', { files: { path: '/', filenames: ['port.yml'] } }, ['content'], ['raw/port.yml']],
    [
      'file',
      { files: { path: '/', filenames: ['port.yml'] } },
      ['content', 'metadata', 'branch'],
      ['raw/port.yml', 'default-branch'],
    ],
    ['folder', { folders: [{ path: 'apps/*' }] }, [], ['browse/apps?limit=1000']],
    ['folder', { folders: [{ path: 'apps/**' }] }, [], ['files/apps?limit=1000']],
    ['folder', { folders: [{ path: 'apps' }, { path: 'libs' }] }, [], ['browse?limit=1000']],
    ['repository', { includedFiles: ['port.yml'] }, ['__includedFiles'], ['raw/port.yml']],
    ['repository', { includedFiles: ['port.yml'] }, [], []],
  ])('for %s %j, with %j mapped, is %j', async (kind, selector, mentions, expected) => {
    const test = await start(tree);
    await read(test, kind, selector, mentions);
    const below = 'projects/ANT/repos/shop/';
    const own = test.asked().filter((each) => each.startsWith(below));
    expect(own.map((each) => each.slice(below.length)).sort()).toEqual([...expected].sort());
  });

  it('takes as many pages as there are, and asks an empty repository for its branches once', async () => {
    const paths = Array.from({ length: 5 }, (_, index) => [`d${index}/a.yml`, ''] as const);
    const test = await start({ files: Object.fromEntries(paths) }, { server: { pageCap: 2 } });
    const { items, ends } = await read(test, 'file', { files: { filenames: ['a.yml'] } }, []);
    expect(items).toHaveLength(5);
    expect(ends.slice(-2)).toEqual(['ANT/shop: complete (3)', 'ANT/empty: complete (0)']);
    expect(test.asked().filter((each) => each.includes('/empty/'))).toEqual([
      'projects/ANT/repos/empty/files?limit=1000',
      'projects/ANT/repos/empty/branches?limit=1',
    ]);
  });
});

describe('what Data Center cannot prove', () => {
  it.each([
    ['is hidden', 401, 'com.atlassian.bitbucket.AuthorisationException'],
    ['is refused', 403, 'com.atlassian.bitbucket.AuthorisationException'],
    ['is not there', 404, 'com.atlassian.bitbucket.repository.NoSuchRepositoryException'],
    ['answers in no words', 404, ''],
    ['fails', 500, ''],
  ])('leaves a repository incomplete that %s, and reads the others', async (_, status, name) => {
    const test = await start(tree, { retries: 0 });
    test.server.fail({ when: asks('projects/ANT/repos/shop/files'), fault: refused(status, name) });
    const { items, ends } = await read(test, 'file', { files: { filenames: ['port.yml'] } });
    expect(items).toEqual([]);
    expect(ends.at(-2)).toMatch(/^ANT\/shop: listing-incomplete files of ANT\/shop: /);
    expect(ends.at(-1)).toBe('ANT/empty: complete (0)');
  });

  it('keeps what a main branch held that is gone, as long as there are other branches', async () => {
    const test = await start(tree);
    test.server.fail({
      when: asks('projects/ANT/repos/shop/raw/port.yml'),
      fault: refused(404, 'com.atlassian.bitbucket.repository.NoDefaultBranchException'),
    });
    const selector = { files: { path: '/', filenames: ['port.yml'] } };
    const { items, ends } = await read(test, 'file', selector);
    expect(items).toEqual([]);
    expect(ends.at(-2)).toBe('ANT/shop: listing-incomplete files of ANT/shop: is not there');
  });

  it.each([
    [
      {
        type: 'answer',
        answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      },
    ],
    [{ type: 'answer', answer: { status: 200, body: { errors: [{ message: 'No.' }] } } }],
  ] as const)('takes no sign-in page and no error for the content', async (fault) => {
    const test = await start(tree);
    test.server.fail({ when: asks('projects/ANT/repos/shop/raw/port.yml'), fault });
    const selector = { includedFiles: ['port.yml'] };
    const { items, problems } = await read(test, 'repository', selector, ['__includedFiles']);
    expect(items[0]).toMatchObject({
      value: { __includedFiles: {} },
      unreadable: ['__includedFiles'],
    });
    expect(problems).toMatchObject([{ code: 'attachment-unreadable', attachment: 'port.yml' }]);
  });

  it.each([
    ['file', { files: { path: 'port.yml', filenames: ['*.yml'] } }],
    ['file', { files: { path: 'port.yml/*', filenames: ['*.yml'] } }],
    ['folder', { folders: [{ path: 'port.yml/*' }] }],
    ['folder', { folders: [{ path: 'port.yml/*/x' }] }],
  ])('finds nothing below what is a file: %s %j', async (kind, selector) => {
    const { items, ends } = await read(await start(tree), kind, selector);
    expect(items).toEqual([]);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
  });

  it('tells a submodule from a file where a single folder is looked into', async () => {
    const test = await start({
      files: { 'a/a.json': '{}' },
      specialFiles: { 'a/d.json': { type: 'submodule', commit: 'c'.repeat(40) } },
    });
    const selector = { files: { path: 'a', filenames: ['*.json'] } };
    const { items, problems } = await read(test, 'file', selector);
    expect(items.map(({ value }) => at(value, 'metadata', 'path'))).toEqual(['a/a.json']);
    expect(problems).toEqual([]);
  });

  it('links to a file or, on another branch, to a folder with that branch', async () => {
    const branch = { files: { 'a b/c/d': '' }, commit: aCommit({ id: 'f'.repeat(40) }) };
    const test = await start({ files: { 'a b/port.yml': '' }, branches: { 'x/y': branch } });
    const files = await read(test, 'file', { files: { filenames: ['port.yml'] } }, []);
    const repos = [{ name: 'ANT/shop', branch: 'x/y' }];
    const folders = await read(test, 'folder', { folders: [{ path: 'a b/*', repos }] }, []);
    const page = `${test.server.url}/projects/ANT/repos/shop/browse`;
    expect(files.items[0]?.link).toBe(`${page}/a%20b/port.yml`);
    expect(folders.items[0]?.link).toBe(`${page}/a%20b/c?at=refs%2Fheads%2Fx%2Fy`);
  });
});
