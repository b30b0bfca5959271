import { afterEach, describe, expect, it } from '@jest/globals';
import type { RawItem } from '../../../src/model/page.js';
import type { Fault } from '../../../src/sandbox/loopback.js';
import { file } from '../../../src/source/cloud/kinds/file.js';
import type { RepositoryDifference } from '../../world/a-company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, type ReadResult } from '../a-reading.js';
import {
  aCloud,
  asks,
  at,
  open,
  refusal,
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

async function start(
  shop: RepositoryDifference,
  options: TestCloudOptions = {},
): Promise<TestCloud> {
  const company = aCompany()
    .withRepository('ANT', 'shop', { name: 'The Shop', ...shop })
    .withRepository('ANT', 'empty', { empty: true })
    .build();
  return (opened = await aCloud(company, options));
}

async function read(
  { source }: TestCloud,
  files: unknown,
  {
    mentions = ['content'],
    ...selector
  }: { mentions?: readonly string[]; includedFiles?: string[] } = {},
): Promise<ReadResult> {
  return await drain(open(source, 'file', { selector: { files, ...selector }, mentions }));
}

function pathsOf(items: readonly RawItem[]): readonly unknown[] {
  return items.map(({ value }) => at(value, 'metadata', 'path'));
}

const tree = {
  files: {
    'port.yml': 'a: 1',
    'airport.yml': 'a: 2',
    'apps/web/port.yml': 'a: 3',
    'apps/web/conf/port.yml': 'a: 4',
    'apps/api/port.yaml': 'a: 5',
    'libs/ui/package.json': '{"name":"ui"}',
  },
};

describe('finding files', () => {
  it.each([
    [{ filenames: ['port.yml'] }, ['port.yml', 'apps/web/port.yml', 'apps/web/conf/port.yml']],
    [{ path: '**', filenames: ['package.json'] }, ['libs/ui/package.json']],
    [{ path: '/', filenames: ['port.yml'] }, ['port.yml']],
    [{ path: 'apps/web', filenames: ['port.yml'] }, ['apps/web/port.yml']],
    [
      { path: 'apps/*', filenames: ['port.y*ml'] },
      ['apps/api/port.yaml', 'apps/web/port.yml', 'apps/web/conf/port.yml'],
    ],
    [
      { path: '*', filenames: ['*.yaml', 'package.json'] },
      ['apps/api/port.yaml', 'libs/ui/package.json'],
    ],
    [{ filenames: ['conf/port.yml'] }, ['apps/web/conf/port.yml']],
    [{ path: 'apps/web', filenames: ['port.yml', '*.json'] }, ['apps/web/port.yml']],
    [{ path: 'nowhere', filenames: ['port.yml'] }, []],
    [{ path: 'nowhere/*', filenames: ['port.yml'] }, []],
  ])('takes %j for %j', async (files, expected) => {
    const cloud = await start(tree);
    const { items, problems, ends } = await read(cloud, files);
    expect(pathsOf(items)).toEqual(expected);
    expect(problems).toEqual([]);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
  });

  it('tells of a repository that is named and not there', async () => {
    const cloud = await start(tree);
    const files = { filenames: ['port.yml'], repos: ['other', 'shop'] };
    const { items, problems, ends } = await read(cloud, files);
    expect(items).not.toEqual([]);
    expect(problems).toEqual([{ code: 'named-absent', kind: 'repository', name: 'other' }]);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
  });

  it.each(['shop', 'SHOP', 'The Shop', 'the-shop'])('knows a repository as %s', async (name) => {
    const cloud = await start(tree);
    const { items } = await read(cloud, { filenames: ['package.json'], repos: [name] });
    expect(items).toHaveLength(1);
  });

  it('lists folders, and never searches code', async () => {
    const cloud = await start(tree);
    await read(cloud, { path: 'apps/*', filenames: ['*.yaml', 'port.yml'] });
    expect(cloud.asked().slice(1, 2)).toEqual([
      'R/shop/src/main/apps/?max_depth=10000' +
        '&q=type="commit_file" AND (path~".yaml" OR path~"port.yml")&pagelen=100',
    ]);
    expect(cloud.asked().slice(2)).toEqual([
      expect.stringMatching(/src\/[0-9a-f]{40}\/apps\/api\/port\.yaml$/),
      expect.stringMatching(/src\/[0-9a-f]{40}\/apps\/web\/port\.yml$/),
      expect.stringMatching(/src\/[0-9a-f]{40}\/apps\/web\/conf\/port\.yml$/),
    ]);
  });

  it('reads a literal path without a listing', async () => {
    const cloud = await start({ ...tree, defaultBranch: 'release/1' });
    const { items } = await read(cloud, { path: '/apps/web/', filenames: ['port.yml'] });
    expect(items.map(({ value }) => value)).toMatchObject([
      { content: { a: 3 }, repo: { slug: 'shop' }, branch: 'release/1' },
    ]);
    expect(cloud.asked().slice(1)).toEqual([
      'R/shop/refs/branches/release/1?fields=name,target.hash',
      expect.stringMatching(/^R\/shop\/src\/[0-9a-f]{40}\/apps\/web\/port\.yml$/),
    ]);
  });

  it('asks what a listing would say of a literal path where a mapping uses it', async () => {
    const cloud = await start(tree);
    const { items } = await read(
      cloud,
      { path: 'apps/web', filenames: ['port.yml'] },
      { mentions: ['content', 'metadata'] },
    );
    expect(items[0]?.value).toMatchObject({
      content: { a: 3 },
      metadata: {
        path: 'apps/web/port.yml',
        size: 4,
        commit: { repository: { name: 'The Shop' } },
      },
    });
  });

  it('reads no content that no mapping uses', async () => {
    const cloud = await start(tree);
    const { items } = await read(cloud, { filenames: ['*.yml'] }, { mentions: ['metadata'] });
    expect(pathsOf(items)).toHaveLength(4);
    expect(cloud.asked()).toHaveLength(2);
  });

  it('leaves out links, submodules and files above 1 MiB, the last with a count', async () => {
    const cloud = await start({
      files: { 'a.json': '{}', 'b.json': `"${'x'.repeat(1024 * 1024)}"` },
      specialFiles: {
        'c.json': { type: 'symlink', target: 'a.json' },
        'd.json': { type: 'submodule', commit: 'c'.repeat(40) },
      },
    });
    const { items, problems, ends } = await read(cloud, { filenames: ['*.json'] });
    expect(pathsOf(items)).toEqual(['a.json']);
    expect(problems).toMatchObject([
      { code: 'files-skipped', count: 1, limitBytes: 1024 * 1024, paths: ['b.json'] },
    ]);
    expect(ends[1]).toBe('fernlicht/shop: complete (1)');
  });

  it.each<readonly [string, Fault]>([
    ['is refused', refusal(403, 'No')],
    ['fails', refusal(500, 'Oops')],
    ['is not there', refusal(404, 'No such file or directory: apps')],
    [
      'lies elsewhere',
      {
        type: 'changed',
        change: (answer) => ({ ...answer, body: { values: [], next: 'https://example.invalid/' } }),
      },
    ],
  ])('tells no listing complete whose second page %s', async (_, fault) => {
    const paths = Array.from({ length: 150 }, (_entry, index) => `apps/d${index}/a.yml`);
    const cloud = await start({ files: Object.fromEntries(paths.map((path) => [path, ''])) });
    cloud.server.fail({ when: ({ query }) => query.has('page'), fault });
    const files = { path: 'apps/*', filenames: ['a.yml'] };
    const { items, ends } = await read(cloud, files, { mentions: [] });
    expect(items).toHaveLength(100);
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete files of fernlicht\/shop: /);
  });

  it('makes no item of a single file that may not be there', async () => {
    const cloud = await start(tree, { retries: 0 });
    cloud.server.fail({
      when: asks('/shop/src/main/apps/web/port.yml'),
      fault: refusal(500, 'Oops'),
    });
    const { items, ends } = await read(cloud, { path: 'apps/web', filenames: ['port.yml'] });
    expect(items).toEqual([]);
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete files of fernlicht\/shop: /);
  });

  it('counts a single file among those left out that is longer than any answer', async () => {
    const cloud = await start(tree);
    cloud.server.fail({
      when: asks('/shop/src/main/apps/web/port.yml'),
      fault: { type: 'answer', answer: { status: 200, body: 'x'.repeat(65 * 1024 * 1024) } },
    });
    const { items, problems } = await read(cloud, { path: 'apps/web', filenames: ['port.yml'] });
    expect(items).toEqual([]);
    expect(problems).toMatchObject([{ code: 'files-skipped', paths: ['apps/web/port.yml'] }]);
  });

  it('keeps the repository from being told complete when it cannot be listed', async () => {
    const cloud = await start(tree);
    cloud.server.fail({ when: asks('/shop/src/main/'), fault: refusal(403, 'No') });
    const { ends } = await read(cloud, { filenames: ['port.yml'] });
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete files of fernlicht\/shop: /);
  });
});

describe('the selector of files', () => {
  it.each([
    [{ filenames: ['a'] }, true],
    [{ path: 'a/../b', filenames: ['a'], repos: ['b'], skipParsing: true }, true],
    [{ path: null, filenames: ['a'], repos: null, skipParsing: null }, true],
    [{ path: '../b', filenames: ['a'] }, false],
    [{ path: '../*', filenames: ['a'] }, false],
    [{ filenames: [] }, true],
    [{ filenames: [''] }, false],
    [{ path: 'a' }, false],
    [{ filenames: ['a'], branch: 'b' }, false],
  ])('%j: %s', (files, isValid) => {
    expect(file.selector.safeParse({ files }).success).toBe(isValid);
  });
});
