import { afterEach, describe, expect, it } from '@jest/globals';
import { folder } from '../../../src/source/cloud/kinds/folder.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
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

const files = Object.fromEntries(
  [
    'README.md',
    'apps/web/index.ts',
    'apps/web/src/deep/a.ts',
    'apps/api/index.ts',
    'libs/ui/index.ts',
    '.github/workflows/ci.yml',
    'docs/a b#c/x.md',
  ].map((path) => [path, path]),
);

async function start(options: TestCloudOptions = {}): Promise<TestCloud> {
  const company = aCompany()
    .withRepository('ANT', 'shop', {
      name: 'The Shop',
      files,
      branches: {
        'feature/x': {
          files: { 'apps/new/index.ts': '', 'README.md': 'of x' },
          commit: aCommit({ id: 'f'.repeat(40) }),
        },
      },
    })
    .withRepository('ANT', 'tool', { files: { 'apps/cli/main.ts': '' } })
    .withRepository('ANT', 'empty', { empty: true })
    .build();
  return (opened = await aCloud(company, options));
}

async function foldersOf(
  { source }: TestCloud,
  folders: readonly unknown[],
): Promise<readonly string[]> {
  const { items } = await drain(open(source, 'folder', { selector: { folders } }));
  return items.map(({ value }) =>
    [at(value, 'repo', 'slug'), value.branch, at(value, 'folder', 'path')].join(' '),
  );
}

describe('finding folders', () => {
  it.each([
    ['*', ['.github', 'apps', 'docs', 'libs']],
    ['apps/*', ['apps/api', 'apps/web']],
    ['/apps/*/', ['apps/api', 'apps/web']],
    ['apps/web', ['apps/web']],
    ['./libs/../apps//web', ['apps/web']],
    [
      '**',
      [
        '.github',
        'apps',
        'docs',
        'libs',
        '.github/workflows',
        'apps/api',
        'apps/web',
        'docs/a b#c',
        'libs/ui',
        'apps/web/src',
        'apps/web/src/deep',
      ],
    ],
    ['*/u?', ['libs/ui']],
    ['apps/**/deep', ['apps/web/src/deep']],
    ['.github/*', ['.github/workflows']],
    ['{apps,libs}/*', ['apps/api', 'apps/web', 'libs/ui']],
    ['docs/a b#c', ['docs/a b#c']],
    ['nowhere/*', []],
    ['ap', []],
  ])('takes %s for %j', async (path, expected) => {
    const cloud = await start();
    const found = await foldersOf(cloud, [{ path, repos: [{ name: 'shop' }] }]);
    expect(found).toEqual(expected.map((folder) => `shop main ${folder}`));
  });

  it('asks for as little of the tree as patterns need, for all repositories or those named', async () => {
    const cloud = await start();
    await foldersOf(cloud, [{ path: 'apps/*' }]);
    await foldersOf(cloud, [
      { path: 'apps/web', repos: ['The Shop'] },
      { path: 'apps/*/src/**', repos: [{ name: 'the-shop', branch: 'default' }] },
    ]);
    await foldersOf(cloud, [{ path: 'libs/ui', repos: ['shop'] }]);
    expect(cloud.asked().slice(1)).toEqual([
      'R/shop/src/main/apps/?max_depth=1&q=type="commit_directory"&pagelen=100',
      'R/tool/src/main/apps/?max_depth=1&q=type="commit_directory"&pagelen=100',
      'R/shop/src/main/apps/?max_depth=10000&q=type="commit_directory"&pagelen=100',
      'R/shop/src/main/libs/?max_depth=1&q=type="commit_directory" AND (path="libs/ui")&pagelen=100',
    ]);
  });

  it('names single folders in its question unless they are many', async () => {
    const cloud = await start();
    const named = (count: number): readonly unknown[] =>
      Array.from({ length: count }, (_, index) => ({ path: `apps/web${index}`, repos: ['tool'] }));
    await foldersOf(cloud, named(20));
    await foldersOf(cloud, named(21));
    const [few, many] = cloud.asked().slice(1);
    expect(few).toContain('OR path="apps/web19"');
    expect(many).toBe('R/tool/src/main/apps/?max_depth=1&q=type="commit_directory"&pagelen=100');
  });

  it.each(['a b', 'a#b', 'a%2Fb', 'a?b&c=d+e', 'é/日本 #%'])(
    'reads a main branch called %s, with files',
    async (defaultBranch) => {
      const company = aCompany().withRepository('ANT', 'shop', { defaultBranch, files });
      const cloud = (opened = await aCloud(company.build()));
      const selector = { folders: [{ path: 'apps/web' }], includedFiles: ['README.md'] };
      const asking = { selector, mentions: ['__includedFiles'] };
      const { items } = await drain(open(cloud.source, 'folder', asking));
      expect(items.map(({ value }) => value)).toMatchObject([
        { branch: defaultBranch, __includedFiles: { 'README.md': 'README.md' } },
      ]);
    },
  );

  it('gives folder, repository, pattern and branch, once for each pattern', async () => {
    const { source } = await start();
    const folders = [{ path: 'apps/w*' }, { path: 'apps/web' }];
    const { items, ends } = await drain(open(source, 'folder', { selector: { folders } }));
    expect(items.map(({ value }) => value)).toMatchObject([
      { folder: { path: 'apps/web' }, repo: { slug: 'shop' }, pattern: 'apps/w*', branch: 'main' },
      { folder: { path: 'apps/web' }, repo: { slug: 'shop' }, pattern: 'apps/web', branch: 'main' },
    ]);
    expect(items[0]?.link).toMatch(/\/fernlicht\/shop\/src\/[0-9a-f]{40}\/apps\/web$/);
    expect(ends).toEqual([
      'repositories: complete (1)',
      'fernlicht/shop: complete (1)',
      'fernlicht/tool: complete (1)',
      'fernlicht/empty: complete (0)',
    ]);
  });

  it('reads a branch with a slash, and files at the commit that its listing names', async () => {
    const cloud = await start();
    const selector = {
      folders: [{ path: 'apps/*', repos: [{ name: 'shop', branch: 'feature/x' }] }],
      includedFiles: ['README.md'],
    };
    const { items } = await drain(
      open(cloud.source, 'folder', { selector, mentions: ['__includedFiles'] }),
    );
    expect(items.map(({ value }) => value)).toMatchObject([
      { branch: 'feature/x', __includedFiles: { 'README.md': 'of x' } },
    ]);
    const commit = 'f'.repeat(40);
    expect(cloud.asked().slice(1)).toEqual([
      'R/shop/refs/branches/feature/x?fields=name,target.hash',
      `R/shop/src/${commit}/apps/?max_depth=1&q=type="commit_directory"&pagelen=100`,
      `R/shop/src/${commit}/README.md`,
    ]);
  });

  it('finds nothing on a branch that does not exist', async () => {
    const cloud = await start();
    for (const branch of ['no', 'no/way']) {
      const folders = [{ path: '*', repos: [{ name: 'shop', branch }] }];
      const { items, ends } = await drain(open(cloud.source, 'folder', { selector: { folders } }));
      expect(items).toEqual([]);
      expect(ends).toContain('fernlicht/shop: complete (0)');
    }
  });

  it('takes a main branch that cannot be listed for a failure', async () => {
    const cloud = await start();
    cloud.server.fail({ when: asks('/shop/src/main/'), fault: refusal(404, 'No such commit') });
    const folders = [{ path: '*', repos: ['shop'] }];
    const { ends } = await drain(open(cloud.source, 'folder', { selector: { folders } }));
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete folders of fernlicht\/shop: not/);
  });

  it('goes folder by folder where all at once takes Bitbucket too long', async () => {
    const cloud = await start({ server: { deepestListing: 1 } });
    const found = await foldersOf(cloud, [{ path: '**/deep', repos: ['shop'] }]);
    expect(found).toEqual(['shop main apps/web/src/deep']);
    expect(cloud.clock.waits).toEqual([]);
  });

  it('needs no confirmation for a listing of several pages of one commit', async () => {
    const builder = aCompany().withRepository('ANT', 'many', {
      files: Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`d${index}/a`, ''])),
    });
    const cloud = (opened = await aCloud(builder.build()));
    const reading = open(cloud.source, 'folder', { selector: { folders: [{ path: '*' }] } });
    const { items, ends } = await drain(reading);
    expect(items).toHaveLength(250);
    expect(ends).toContain('fernlicht/many: complete (1)');
    expect(cloud.asked()).toHaveLength(4);
  });
});

describe('the selector of folders', () => {
  it.each([
    [{ folders: [{ path: 'a' }] }, true],
    [{ query: 'true', folders: [{ path: 'a', repos: [{ name: 'x', branch: 'y' }, 'z'] }] }, true],
    [{ userRole: 'admin', repoQuery: 'a', includedFiles: ['a'], folders: [{ path: 'a' }] }, true],
    [{}, false],
    [{ folders: [] }, false],
    [{ folders: [{ path: '' }] }, true],
    [{ folders: [{ path: '/' }] }, true],
    [{ folders: [{ path: '.' }] }, true],
    [{ folders: [{ path: 'a/../b' }] }, true],
    [{ folders: [{ path: '../b' }] }, false],
    [{ folders: [{ path: 'a/../../*' }] }, false],
    [{ folders: [{ path: 'a', branch: 'b' }] }, false],
    [{ folders: [{ path: 'a' }], userRole: 'king' }, false],
  ])('%j: %s', (selector, isValid) => {
    expect(folder.selector.safeParse(selector).success).toBe(isValid);
  });
});
