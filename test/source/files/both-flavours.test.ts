import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { drain, type ReadResult } from '../a-reading.js';
import { aCloud, at, open as openCloud } from '../cloud/a-cloud.js';
import { aSource, open as openServer } from '../server/a-source.js';

type Flavour = 'Cloud' | 'Data Center';
const flavours: readonly Flavour[] = ['Cloud', 'Data Center'];

const opened: { close(): Promise<void>; server: { violations: readonly unknown[] } }[] = [];

afterEach(async () => {
  const violations = opened.flatMap(({ server }) => server.violations);
  await Promise.all(opened.splice(0).map((one) => one.close()));
  expect(violations).toEqual([]);
});

const everything = ['content', 'metadata', 'branch', '__includedFiles', '__mappedFiles'];

/** Reads a kind of the same company from either Bitbucket. */
async function read(
  flavour: Flavour,
  company: Company,
  kind: string,
  selector: Readonly<Record<string, unknown>>,
  mentions: readonly string[] = everything,
): Promise<ReadResult> {
  if (flavour === 'Cloud') {
    const cloud = await aCloud(company);
    opened.push(cloud);
    return await drain(openCloud(cloud.source, kind, { selector, mentions }));
  }
  const server = await aSource(company);
  opened.push(server);
  return await drain(openServer(server.source, kind, selector, mentions));
}

function fact({ items }: ReadResult, ...path: readonly string[]): readonly unknown[] {
  return items.map(({ value }) => at(value, ...path)).sort();
}

const tree = Object.fromEntries(
  [
    'port.yml',
    'airport.yml',
    'apps/web/port.yml',
    'apps/web/conf/port.yml',
    'apps/api/port.yaml',
    'libs/ui/src/package.json',
    '.github/workflows/ci.yml',
    'docs/a b#c/x.md',
  ].map((path) => [path, path.endsWith('.json') ? '{}' : `path: ${JSON.stringify(path)}`]),
);

function shop(): Company {
  return aCompany()
    .withRepository('ANT', 'shop', {
      name: 'The Shop',
      files: tree,
      branches: {
        'feature/x': {
          files: { 'apps/new/index.ts': '', 'README.md': 'of x' },
          commit: aCommit({ id: 'f'.repeat(40) }),
        },
      },
    })
    .withRepository('ANT', 'empty', { empty: true })
    .build();
}

describe.each(flavours)('files of %s', (flavour) => {
  it.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
    [{ filenames: ['port.yml'] }, ['apps/web/conf/port.yml', 'apps/web/port.yml', 'port.yml']],
    [{ path: '**', filenames: ['package.json'] }, ['libs/ui/src/package.json']],
    [{ path: '/', filenames: ['port.yml'] }, ['port.yml']],
    [{ path: '/', filenames: ['*.yml'] }, ['airport.yml', 'port.yml']],
    [{ path: 'apps/web', filenames: ['port.yml'] }, ['apps/web/port.yml']],
    [
      { path: 'apps/*', filenames: ['port.y*ml'] },
      ['apps/api/port.yaml', 'apps/web/conf/port.yml', 'apps/web/port.yml'],
    ],
    [{ filenames: ['conf/port.yml'] }, ['apps/web/conf/port.yml']],
    [{ path: 'apps/web', filenames: ['port.yml', '*.json'] }, ['apps/web/port.yml']],
    [{ path: 'nowhere', filenames: ['port.yml'] }, []],
    [{ path: 'nowhere', filenames: ['*.yml'] }, []],
    [{ path: 'nowhere/*', filenames: ['port.yml'] }, []],
    [{ filenames: ['port.yml'], path: '/', repos: ['the-shop'] }, ['port.yml']],
    [{ filenames: ['port.yml'], path: '/', repos: ['SHOP'] }, ['port.yml']],
  ])('%j are %j', async (files, expected) => {
    const result = await read(flavour, shop(), 'file', { files });
    expect(fact(result, 'metadata', 'path')).toEqual(expected);
    expect(result.problems).toEqual([]);
    expect(result.ends.every((end) => end.includes('complete ('))).toBe(true);
  });

  it('give the content, its repository and branch, and what was asked for with it', async () => {
    const company = aCompany()
      .withRepository('ANT', 'shop', {
        defaultBranch: 'release/1',
        files: {
          'apps/web/port.yml': 'id: web\ntext: file://../notes.md\nnone: file://none.md\n',
          'apps/notes.md': 'Notes',
          OWNERS: 'me',
        },
      })
      .build();
    const selector = { files: { filenames: ['port.yml'] }, includedFiles: ['OWNERS', 'NONE'] };
    const { items, problems } = await read(flavour, company, 'file', selector);
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      {
        link: expect.stringContaining('apps/web/port.yml'),
        value: {
          content: { id: 'web', text: 'Notes', none: null },
          repo: { slug: 'shop' },
          branch: 'release/1',
          metadata: { type: 'commit_file', path: 'apps/web/port.yml' },
          __includedFiles: { OWNERS: 'me', NONE: null },
        },
      },
    ]);
  });

  it('leave out what cannot be read as text, and say why', async () => {
    const company = aCompany()
      .withRepository('ANT', 'shop', {
        files: { 'a.json': '{}', 'b.json': `"${'x'.repeat(1024 * 1024)}"`, 'e.json': '{' },
        specialFiles: {
          'c.json': { type: 'binary', bytes: Uint8Array.of(123, 0, 125) },
          'd.json': { type: 'lfs', oid: 'c'.repeat(64), size: 5_000 },
        },
      })
      .build();
    const selector = { files: { filenames: ['*.json'] } };
    const { problems, ends } = await read(flavour, company, 'file', selector);
    const told = problems.map((problem) =>
      problem.code === 'attachment-unreadable'
        ? problem.reason
        : problem.code === 'files-skipped' && problem.paths,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        'a binary file',
        expect.stringMatching(/Git LFS/),
        expect.stringMatching(/not valid JSON/),
        ['b.json'],
      ]),
    );
    expect(ends.at(-1)).toBe(`${flavour === 'Cloud' ? 'fernlicht' : 'ANT'}/shop: complete (1)`);
  });

  it('tell of a repository that is named and not there', async () => {
    const files = { filenames: ['port.yml'], repos: ['other', 'shop'] };
    const { problems, items } = await read(flavour, shop(), 'file', { files });
    expect(items).not.toEqual([]);
    expect(problems).toEqual([{ code: 'named-absent', kind: 'repository', name: 'other' }]);
  });
});

describe.each(flavours)('folders of %s', (flavour) => {
  it.each<[string, readonly string[]]>([
    ['*', ['.github', 'apps', 'docs', 'libs']],
    ['apps/*', ['apps/api', 'apps/web']],
    ['/apps/*/', ['apps/api', 'apps/web']],
    ['apps/web', ['apps/web']],
    ['./libs/../apps//web', ['apps/web']],
    ['libs', ['libs']],
    ['*/u?', ['libs/ui']],
    ['*/*/*', ['apps/web/conf', 'libs/ui/src']],
    ['libs/**', ['libs/ui', 'libs/ui/src']],
    ['.github/*', ['.github/workflows']],
    ['{apps,libs}/*', ['apps/api', 'apps/web', 'libs/ui']],
    ['docs/a b#c', ['docs/a b#c']],
    ['nowhere/*', []],
    ['ap', []],
  ])('%s are %j', async (path, expected) => {
    const result = await read(flavour, shop(), 'folder', { folders: [{ path }] });
    expect(fact(result, 'folder', 'path')).toEqual(expected);
    expect(fact(result, 'branch')).toEqual(expected.map(() => 'main'));
    expect(result.problems).toEqual([]);
    expect(result.ends.every((end) => end.includes('complete ('))).toBe(true);
  });

  it('are those of a branch, where there is one of that name', async () => {
    const selector = {
      folders: [
        { path: 'apps/*', repos: [{ name: 'shop', branch: 'feature/x' }] },
        { path: 'libs', repos: [{ name: 'shop', branch: 'gone' }] },
      ],
      includedFiles: ['README.md'],
    };
    const { items, ends } = await read(flavour, shop(), 'folder', selector);
    expect(items.map(({ value }) => value)).toMatchObject([
      {
        folder: { type: 'commit_directory', path: 'apps/new' },
        branch: 'feature/x',
        pattern: 'apps/*',
        __includedFiles: { 'README.md': 'of x' },
      },
    ]);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
  });
});

describe.each(flavours)('repositories of %s', (flavour) => {
  it('come with the files that they include', async () => {
    const selector = { includedFiles: ['port.yml', 'none.md'] };
    const { items, problems } = await read(flavour, shop(), 'repository', selector);
    expect(items.map(({ value }) => [value.slug, value.__includedFiles])).toEqual([
      ['shop', { 'port.yml': 'path: "port.yml"', 'none.md': null }],
      ['empty', { 'port.yml': null, 'none.md': null }],
    ]);
    expect(problems).toEqual([]);
  });

  it('come with their code owners, from the first file that is there, if a mapping uses them', async () => {
    const builder = aCompany();
    const places = ['.bitbucket/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
    for (const [index, path] of places.entries()) {
      const files = Object.fromEntries(places.slice(index).map((each) => [each, `* @of-${index}`]));
      builder.withRepository('ANT', `shop${index}`, {
        files: { ...files, [path]: `* @of-${index}` },
      });
    }
    builder
      .withRepository('ANT', 'long', { files: { CODEOWNERS: `* ${'@a '.repeat(2_000)}` } })
      .withRepository('ANT', 'none')
      .withRepository('ANT', 'empty', { empty: true });
    const { items, problems } = await read(flavour, builder.build(), 'repository', {}, [
      '__codeowners',
    ]);
    const found = items.map(({ value: { slug, __codeowners: owners }, unreadable }) => [
      slug,
      owners === null ? null : [at(owners, 'path'), at(owners, 'default', 'users')],
      unreadable,
    ]);
    expect(found).toEqual([
      ['shop0', ['.bitbucket/CODEOWNERS', ['of-0']], undefined],
      ['shop1', ['CODEOWNERS', ['of-1']], undefined],
      ['shop2', ['docs/CODEOWNERS', ['of-2']], undefined],
      ['long', [null, null], ['__codeowners']],
      ['none', null, undefined],
      ['empty', null, undefined],
    ]);
    expect(problems).toMatchObject([
      {
        code: 'attachment-unreadable',
        attachment: '__codeowners',
        reason: 'line 1: longer than 4096 characters',
      },
    ]);
    const without = await read(flavour, builder.build(), 'repository', {}, []);
    expect(without.items.every(({ value }) => !('__codeowners' in value))).toBe(true);
  });
});
