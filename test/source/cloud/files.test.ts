import { afterEach, describe, expect, it } from '@jest/globals';
import type { RawItem } from '../../../src/model/page.js';
import type { RepositoryDifference } from '../../world/a-company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, type ReadResult } from '../server/a-source.js';
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
    [{ filenames: ['port.yml'], repos: ['other'] }, []],
  ])('takes %j for %j', async (files, expected) => {
    const cloud = await start(tree);
    const { items, problems, ends } = await read(cloud, files);
    expect(pathsOf(items)).toEqual(expected);
    expect(problems).toEqual([]);
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

  it('keeps the repository from being told complete when it cannot be listed', async () => {
    const cloud = await start(tree);
    cloud.server.fail({ when: asks('/shop/src/main/'), fault: refusal(403, 'No') });
    const { ends } = await read(cloud, { filenames: ['port.yml'] });
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete files of fernlicht\/shop: /);
  });
});

describe('content of files', () => {
  it('is parsed, text when it shall not be', async () => {
    const cloud = await start({ files: { 'a.yml': 'a: 1\n---\nb: 2\n', 'b.json': '\uFEFF[1]' } });
    const parsed = await read(cloud, { filenames: ['*.yml', '*.json'] });
    const plain = await read(cloud, { filenames: ['*.yml', '*.json'], skipParsing: true });
    expect(parsed.items.map(({ value }) => value.content)).toEqual([[{ a: 1 }, { b: 2 }], [1]]);
    expect(plain.items.map(({ value }) => value.content)).toEqual(['a: 1\n---\nb: 2\n', '[1]']);
  });

  it.each([
    ['broken.json', { text: '{"a":' }, /^not valid JSON: /],
    ['broken.yaml', { text: 'a: [1' }, /^not valid YAML: /],
    ['notes.md', { text: '# Notes' }, /set files\.skipParsing to true/],
  ])('that cannot be read from %s is told, its neighbours stay', async (name, { text }, reason) => {
    const cloud = await start({ files: { [name]: text, 'good.json': '{"a":1}' } });
    const { items, problems } = await read(cloud, { filenames: [name, 'good.json'] });
    const bad = items.find(({ unread }) => unread !== undefined);
    expect(bad).toMatchObject({ value: { content: null, branch: 'main' }, unread: ['content'] });
    expect(items.find(({ unread }) => unread === undefined)?.value.content).toEqual({ a: 1 });
    expect(problems).toMatchObject([
      {
        code: 'attachment-unreadable',
        attachment: 'content',
        reason: expect.stringMatching(reason),
      },
    ]);
  });

  it.each([
    ['binary', { type: 'binary', bytes: new Uint8Array([0, 1]) }, 'a binary file'],
    ['in Git LFS', { type: 'lfs', oid: 'a'.repeat(64), size: 100 }, /kept in Git LFS/],
  ] as const)('that is %s is told without reading it', async (_, special, reason) => {
    const cloud = await start({ files: {}, specialFiles: { 'a.json': special } });
    const { items, problems } = await read(cloud, { filenames: ['*.json'] });
    expect(items).toMatchObject([{ unread: ['content'] }]);
    expect(problems).toMatchObject([{ reason: expect.stringMatching(reason) }]);
    expect(cloud.asked()).toHaveLength(2);
  });

  it('has its references replaced, from its own folder', async () => {
    const cloud = await start({
      files: {
        'apps/web/port.json': JSON.stringify({
          readme: 'file://docs/README.md',
          more: 'file://../api/more.json',
          none: 'file://none.md',
          deep: { stays: 'file://none.md' },
        }),
        'apps/web/docs/README.md': '# Hi',
        'apps/api/more.json': '{"b":2}',
      },
    });
    const { items, problems } = await read(cloud, { filenames: ['port.json'] });
    expect(items[0]?.value.content).toEqual({
      readme: '# Hi',
      more: { b: 2 },
      none: null,
      deep: { stays: 'file://none.md' },
    });
    expect(problems).toEqual([]);
  });

  it('refuses a reference that climbs out of the repository', async () => {
    const cloud = await start({ files: { 'a/port.json': '{"x":"file://../../../user"}' } });
    const { items, problems } = await read(cloud, { filenames: ['port.json'] });
    expect(items[0]?.unread).toEqual(['content']);
    expect(problems).toMatchObject([
      { reason: 'file://../../../user: leads out of the repository' },
    ]);
    expect(cloud.asked()).toHaveLength(3);
  });

  it('is read once, with the files that repositories include', async () => {
    const cloud = await start({ files: { 'port.yml': 'a: 1', 'README.md': '#' } });
    const repositories = open(cloud.source, 'repository', {
      selector: { includedFiles: ['port.yml', 'README.md'] },
      mentions: ['__includedFiles'],
    });
    const files = open(cloud.source, 'file', {
      selector: { files: { filenames: ['*.yml'] }, includedFiles: ['README.md'] },
      mentions: ['content', '__includedFiles'],
    });
    await drain(repositories);
    const { items } = await drain(files);
    expect(items[0]?.value).toMatchObject({
      content: { a: 1 },
      __includedFiles: { 'README.md': '#' },
    });
    expect(cloud.asked().filter((question) => !question.includes('?'))).toHaveLength(2);
  });
});
