import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultRule } from '../../../src/sandbox/loopback.js';
import { aCompany, type RepositoryDifference } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, asks, open, refusal, type Asking, type TestCloud } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  const violations = opened?.server.violations;
  await opened?.close();
  opened = undefined;
  expect(violations ?? []).toEqual([]);
});

async function start(difference: RepositoryDifference = {}): Promise<TestCloud> {
  const files = { 'apps/web/port.yml': 'a: 1', 'README.md': '#' };
  const company = aCompany().withRepository('ANT', 'shop', { files, ...difference });
  return (opened = await aCloud(company.build()));
}

/** Everything below the one repository, itself included. */
const inShop: FaultRule['when'] = ({ path }) => path.includes('/shop');

const otherBranch = (branch: string): Asking => ({
  selector: { folders: [{ path: 'apps/*', repos: [{ name: 'shop', branch }] }] },
});
const folders: Asking = { selector: { folders: [{ path: 'apps/*' }] } };
const oneFile: Asking = {
  selector: { files: { path: 'apps/web', filenames: ['port.yml'] } },
  mentions: ['content'],
};
const describedFile: Asking = { ...oneFile, mentions: ['content', 'metadata'] };
const readme: Asking = {
  selector: { includedFiles: ['README.md', 'none.md'] },
  mentions: ['__includedFiles'],
};

describe('a repository that answers 404', () => {
  it.each([
    ['folder', folders],
    ['folder', otherBranch('develop')],
    ['folder', otherBranch('feature/x')],
    ['file', oneFile],
    ['file', describedFile],
  ] as const)('leaves the reading of its %s incomplete, of %j', async (kind, asking) => {
    const cloud = await start();
    cloud.server.fail({ when: inShop, fault: refusal(404, 'Repository fernlicht/shop not found') });
    const { items, ends } = await drain(open(cloud.source, kind, asking));
    expect(items).toEqual([]);
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete .*not found$/);
  });

  it('leaves its included files unread', async () => {
    const cloud = await start();
    cloud.server.fail({ when: inShop, fault: refusal(404, 'Repository fernlicht/shop not found') });
    const { items, problems } = await drain(open(cloud.source, 'repository', readme));
    expect(items).toMatchObject([
      { value: { __includedFiles: {} }, unreadable: expect.anything() },
    ]);
    expect(problems).toHaveLength(2);
    // For both files together, it is asked once whether the branch and the repository are there.
    expect(cloud.asked()).toHaveLength(1 + 2 + 2);
  });
});

describe('a main branch that is not there', () => {
  it.each([
    ['folder', folders],
    ['file', oneFile],
    ['file', describedFile],
  ] as const)('leaves the reading of its %s incomplete, of %j', async (kind, asking) => {
    const cloud = await start({ defaultBranch: 'release/1' });
    cloud.server.fail({
      when: ({ path }) => /\/shop\/(src|refs)\//.test(path),
      fault: refusal(404, 'Commit not found'),
    });
    const { items, ends } = await drain(open(cloud.source, kind, asking));
    expect(items).toEqual([]);
    expect(ends[1]).toMatch(/^fernlicht\/shop: listing-incomplete /);
  });

  it('has no included files, as nothing was pushed to it', async () => {
    const cloud = await start();
    cloud.server.fail({
      when: ({ path }) => path.includes('/shop/src/'),
      fault: refusal(404, 'Commit not found'),
    });
    cloud.server.fail({
      when: ({ path }) => path.endsWith('/shop/refs/branches'),
      fault: { type: 'answer', answer: { status: 200, body: { pagelen: 10, values: [] } } },
    });
    const { items, problems } = await drain(open(cloud.source, 'repository', readme));
    expect(items[0]?.value.__includedFiles).toEqual({ 'README.md': null, 'none.md': null });
    expect(problems).toEqual([]);
  });

  it('keeps its files unread while the list of branches has it', async () => {
    const cloud = await start();
    cloud.server.fail({
      when: ({ path }) => path.includes('/shop/src/'),
      fault: refusal(404, 'Commit not found'),
    });
    const { items, problems } = await drain(open(cloud.source, 'repository', readme));
    expect(items[0]?.unreadable).toEqual(['__includedFiles', '__includedFiles']);
    expect(problems).toHaveLength(2);
  });

  it.each(['main', 'release/1'])(
    'keeps its files unread when %s was renamed meanwhile',
    async (name) => {
      const cloud = await start({ defaultBranch: name });
      cloud.server.fail({
        when: asks(''),
        fault: {
          type: 'changed',
          change: (answer) => ({
            ...answer,
            body: JSON.stringify(answer.body).replaceAll(`"name":"${name}"`, '"name":"old/main"'),
          }),
        },
      });
      const { items, problems } = await drain(open(cloud.source, 'repository', readme));
      expect(items[0]?.unreadable).toEqual(['__includedFiles', '__includedFiles']);
      expect(problems).toMatchObject([{ attachment: 'README.md' }, { attachment: 'none.md' }]);
    },
  );
});

describe('a path that is not there', () => {
  it('takes no further request when Bitbucket says so', async () => {
    const cloud = await start();
    const selector = { folders: [{ path: 'none/*' }] };
    const { ends } = await drain(open(cloud.source, 'folder', { selector }));
    expect(ends[1]).toBe('fernlicht/shop: complete (0)');
    expect(cloud.asked()).toHaveLength(2);
  });

  it('is told from a missing branch when Bitbucket words it otherwise', async () => {
    const cloud = await start();
    cloud.server.fail({ when: asks('/shop/src/main/none/'), fault: refusal(404, 'Nothing') });
    cloud.server.fail({ when: asks('/shop/src/main/none.md'), fault: refusal(404, 'Nothing') });
    const selector = { folders: [{ path: 'none/*' }] };
    const { ends } = await drain(open(cloud.source, 'folder', { selector }));
    const { items } = await drain(open(cloud.source, 'repository', readme));
    expect(ends[1]).toBe('fernlicht/shop: complete (0)');
    expect(items[0]?.value.__includedFiles).toEqual({ 'README.md': '#', 'none.md': null });
    expect(cloud.asked().filter((question) => question.startsWith('R/shop/src/main/?'))).toEqual([
      'R/shop/src/main/?pagelen=10&fields=pagelen',
    ]);
  });

  it('is one that names a directory, where a file is asked for', async () => {
    const cloud = await start();
    const selector = { includedFiles: ['apps', 'apps/web/', 'README.md'] };
    const asking = { selector, mentions: ['__includedFiles'] };
    const { items } = await drain(open(cloud.source, 'repository', asking));
    expect(items[0]?.value.__includedFiles).toEqual({
      apps: null,
      'apps/web/': null,
      'README.md': '#',
    });
  });
});
