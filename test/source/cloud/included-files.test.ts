import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCommit, aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, asks, open, refusal, type TestCloud, type TestCloudOptions } from './a-cloud.js';

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

const readme = {
  selector: { includedFiles: ['README.md', 'CODEOWNERS'] },
  mentions: ['__includedFiles'],
};

describe('included files of repositories', () => {
  it('are texts, or null where there is none', async () => {
    const company = aCompany()
      .withRepository('ANT', 'my-repo-e', {
        name: 'My "Repo" é',
        files: { 'README.md': '# Hi\r\n' },
      })
      .withRepository('ANT', 'empty', { empty: true })
      .build();
    const { source, asked } = await start(company);
    const { items, problems } = await drain(open(source, 'repository', readme));
    expect(items.map(({ value }) => value.__includedFiles)).toEqual([
      { 'README.md': '# Hi\r\n', CODEOWNERS: null },
      { 'README.md': null, CODEOWNERS: null },
    ]);
    expect(problems).toEqual([]);
    expect(asked().slice(1)).toEqual([
      'R/my-repo-e/src/main/README.md',
      'R/my-repo-e/src/main/CODEOWNERS',
    ]);
  });

  it('are not read when no expression uses them', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api', { files: { 'README.md': '#' } })
      .build();
    const { source, asked } = await start(company);
    const { items } = await drain(open(source, 'repository', { selector: readme.selector }));
    expect(items[0]?.value).not.toHaveProperty('__includedFiles');
    expect(asked()).toHaveLength(1);
  });

  it('come from a branch with a slash, which is resolved once', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api', {
        defaultBranch: 'feature/x',
        files: { 'docs/a b#c.md': 'hash', CODEOWNERS: '* @a' },
      })
      .build();
    const { source, asked } = await start(company);
    const { items } = await drain(
      open(source, 'repository', {
        selector: { includedFiles: ['/docs/a b#c.md', './CODEOWNERS'] },
        mentions: ['__includedFiles'],
      }),
    );
    expect(items[0]?.value.__includedFiles).toEqual({
      '/docs/a b#c.md': 'hash',
      './CODEOWNERS': '* @a',
    });
    expect(asked()[1]).toBe('R/api/refs/branches/feature/x?fields=name,target.hash');
    expect(asked().slice(2)).toEqual([
      expect.stringMatching(/^R\/api\/src\/[0-9a-f]{40}\/docs\/a b#c\.md$/),
      expect.stringMatching(/^R\/api\/src\/[0-9a-f]{40}\/CODEOWNERS$/),
    ]);
  });

  it('are read once for all resources that want them', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api', { files: { 'README.md': '#', 'apps/web/package.json': '{}' } })
      .build();
    const { source, asked } = await start(company);
    const folders = { folders: [{ path: 'apps/*' }], includedFiles: ['README.md'] };
    const readings = [
      open(source, 'repository', readme),
      open(source, 'repository', readme),
      open(source, 'folder', { selector: folders, mentions: ['__includedFiles'] }),
    ];
    for (const reading of readings) await drain(reading);
    expect(asked().filter((question) => question.endsWith('/README.md'))).toHaveLength(1);
  });

  it.each([
    ['cannot be asked for', refusal(500, 'Oops'), /answered 500.*: Oops$/],
    [
      'are larger than 1 MiB',
      { type: 'answer', answer: { status: 200, body: 'x'.repeat(1024 * 1024 + 1) } },
      /^larger than 1 MiB$/,
    ],
    ['are binary', { type: 'answer', answer: { status: 200, body: 'a\0b' } }, /^a binary file$/],
    [
      'are in Git LFS',
      {
        type: 'answer',
        answer: { status: 301, headers: { location: 'https://media.invalid/file' } },
      },
      /another origin, https:\/\/media\.invalid; nothing was sent there; .*Git LFS/,
    ],
  ] as const)('are left out, and told, when they %s', async (_, fault, reason) => {
    const company = aCompany()
      .withRepository('ANT', 'api', { files: { 'README.md': '#', CODEOWNERS: '*' } })
      .build();
    const { source, server } = await start(company, { retries: 0 });
    server.fail({ when: asks('/api/src/main/README.md'), fault });
    const { items, problems, ends } = await drain(open(source, 'repository', readme));
    expect(items[0]).toMatchObject({
      value: { __includedFiles: { CODEOWNERS: '*' } },
      unreadable: ['__includedFiles'],
    });
    expect(problems).toEqual([
      {
        code: 'attachment-unreadable',
        resource: { index: 0, kind: 'repository' },
        item: items[0]?.link,
        attachment: 'README.md',
        reason: expect.stringMatching(reason),
      },
    ]);
    expect(ends).toEqual(['repositories: complete (1)']);
  });

  it('name the one unread file where expressions name it', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api', { files: { CODEOWNERS: '*' } })
      .build();
    const { source, server } = await start(company, { retries: 0 });
    server.fail({ when: asks('/api/src/main/README.md'), fault: refusal(500, 'Oops') });
    const mentions = ['__includedFiles', 'README.md', 'CODEOWNERS'];
    const { items } = await drain(open(source, 'repository', { ...readme, mentions }));
    expect(items[0]?.unreadable).toEqual(['README.md']);
  });

  it('never lead out of the repository', async () => {
    const company = aCompany().withRepository('ANT', 'api').build();
    const { source, asked } = await start(company);
    const { problems } = await drain(
      open(source, 'repository', {
        selector: { includedFiles: ['../../../user'] },
        mentions: ['__includedFiles'],
      }),
    );
    expect(problems).toMatchObject([{ reason: 'leads out of the repository' }]);
    expect(asked()).toHaveLength(1);
  });

  it('keep the order of the listing', async () => {
    const builder = aCompany();
    for (let number = 1; number <= 60; number += 1) {
      builder.withRepository('ANT', `r${number}`, { files: { 'README.md': `${number}` } });
    }
    const { source } = await start(builder.build());
    const { items } = await drain(open(source, 'repository', readme));
    expect(items.map(({ value }) => value.__includedFiles)).toEqual(
      items.map((_, index) => ({ 'README.md': `${index + 1}`, CODEOWNERS: null })),
    );
  });
});

describe('a file that expressions use only where another one is not there', () => {
  const owners = {
    selector: { includedFiles: ['CODEOWNERS', '.bitbucket/CODEOWNERS'] },
    mentions: ['__includedFiles', 'CODEOWNERS', '.bitbucket/CODEOWNERS'],
    standIns: new Map([['CODEOWNERS', '.bitbucket/CODEOWNERS']]),
  };
  const company = () =>
    aCompany()
      .withRepository('ANT', 'both', {
        files: { '.bitbucket/CODEOWNERS': '* @a', CODEOWNERS: '*' },
      })
      .withRepository('ANT', 'root', { files: { CODEOWNERS: '* @b' } })
      .build();

  it('is read there alone', async () => {
    const { source, asked } = await start(company());
    const { items } = await drain(open(source, 'repository', owners));
    expect(items.map(({ value }) => value.__includedFiles)).toEqual([
      { '.bitbucket/CODEOWNERS': '* @a', CODEOWNERS: null },
      { '.bitbucket/CODEOWNERS': null, CODEOWNERS: '* @b' },
    ]);
    expect(asked().slice(1).sort()).toEqual([
      'R/both/src/main/.bitbucket/CODEOWNERS',
      'R/root/src/main/.bitbucket/CODEOWNERS',
      'R/root/src/main/CODEOWNERS',
    ]);
  });

  it('is not read in place of one that could not be read', async () => {
    const { source, server, asked } = await start(company(), { retries: 0 });
    server.fail({
      when: asks('/root/src/main/.bitbucket/CODEOWNERS'),
      fault: refusal(500, 'Oops'),
    });
    const { items } = await drain(open(source, 'repository', owners));
    expect(items.map(({ unreadable }) => unreadable)).toEqual([
      undefined,
      ['.bitbucket/CODEOWNERS'],
    ]);
    expect(asked()).not.toContain('R/root/src/main/CODEOWNERS');
  });
});

describe('files that a mapping names as file://', () => {
  it('count from the root of a repository, and from a folder', async () => {
    const company = aCompany()
      .withRepository('ANT', 'api', {
        files: { 'README.md': 'root', 'apps/web/README.md': 'web' },
        commits: [aCommit()],
      })
      .build();
    const { source } = await start(company);
    const mappedFiles = ['README.md'];
    const repositories = await drain(open(source, 'repository', { mappedFiles }));
    const selector = { folders: [{ path: 'apps/*' }] };
    const folders = await drain(open(source, 'folder', { selector, mappedFiles }));
    expect(repositories.items[0]?.value.__mappedFiles).toEqual({ 'README.md': 'root' });
    expect(folders.items[0]?.value.__mappedFiles).toEqual({ 'README.md': 'web' });
  });
});
