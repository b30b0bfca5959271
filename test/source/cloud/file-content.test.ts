import { afterEach, describe, expect, it } from '@jest/globals';
import type { RepositoryDifference } from '../../world/a-company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, type ReadResult } from '../a-reading.js';
import { aCloud, open, type TestCloud } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

async function start(shop: RepositoryDifference): Promise<TestCloud> {
  return (opened = await aCloud(aCompany().withRepository('ANT', 'shop', shop).build()));
}

async function read({ source }: TestCloud, files: unknown): Promise<ReadResult> {
  return await drain(open(source, 'file', { selector: { files }, mentions: ['content'] }));
}

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
    const bad = items.find(({ unreadable }) => unreadable !== undefined);
    expect(bad).toMatchObject({
      value: { content: null, branch: 'main' },
      unreadable: ['content'],
    });
    expect(items.find(({ unreadable }) => unreadable === undefined)?.value.content).toEqual({
      a: 1,
    });
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
    expect(items).toMatchObject([{ unreadable: ['content'] }]);
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
    expect(items[0]?.unreadable).toEqual(['content']);
    expect(problems).toMatchObject([
      { reason: 'file://../../../user: leads out of the repository' },
    ]);
    expect(cloud.asked()).toHaveLength(3);
  });

  it.each([
    ['half a character', '{"x":"file://a\\ud800"}', { x: null }],
    ['a path with a NUL', '{"x":"file://a\\u0000"}', { x: null }],
    ['a directory', '{"x":"file://docs"}', { x: null }],
  ])('takes a reference to %s for one to nothing', async (_, text, content) => {
    const cloud = await start({ files: { 'port.json': text, 'docs/a.md': '#' } });
    const { items } = await read(cloud, { filenames: ['port.json'] });
    expect(items[0]?.value.content).toEqual(content);
  });

  it.each([
    ['a long file many times', Array(12).fill('file://long.md'), /larger than 8 MiB/],
    [
      'many files',
      Array.from({ length: 201 }, (_, index) => `file://${index}.md`),
      'refers to more than 200 other files',
    ],
    ['a file under a long name', [`file://../${'x'.repeat(5_000)}`], /^file:.{0,150}leads out/],
  ])('is no more than can be passed on when it refers to %s', async (_, references, reason) => {
    const text = JSON.stringify(references.map((reference: unknown) => ({ reference })));
    const cloud = await start({ files: { 'a.json': text, 'long.md': 'x'.repeat(1_000_000) } });
    const { items, problems } = await read(cloud, { filenames: ['a.json'] });
    expect(items).toMatchObject([{ value: { content: null }, unreadable: ['content'] }]);
    expect(problems).toMatchObject([{ reason: expect.stringMatching(reason) }]);
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
