import { afterEach, describe, expect, it } from '@jest/globals';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, open as openCloud } from '../cloud/a-cloud.js';
import { aSource, open as openServer } from '../server/a-source.js';

const REPOSITORIES = 300;

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** Repositories with ten files each; every third one has code owners, in the first place. */
function company() {
  const builder = aCompany();
  for (let index = 0; index < REPOSITORIES; index += 1) {
    builder.withRepository('ANT', `shop${index}`, {
      files: {
        'port.yml': 'a: 1',
        'docs/port.yml': 'a: 2',
        'README.md': '# Shop',
        ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((file) => [`apps/a${file}/x.ts`, ''])),
        ...(index % 3 === 0 ? { '.bitbucket/CODEOWNERS': '* @a' } : {}),
      },
    });
  }
  return builder.build();
}

/** What the listings of repositories take: on Data Center projects and repositories, on Cloud pages of 100. */
const roots = { 'Data Center': 2, Cloud: 3 };

type Row = readonly [what: string, kind: string, selector: object, mentions: string[], number];

/** Requests besides these listings. The least that there can be, unless it is said otherwise. */
const rows: readonly Row[] = [
  ['one file', 'file', { files: { path: '/', filenames: ['port.yml'] } }, ['content'], 300],
  ['all files of a name', 'file', { files: { filenames: ['port.yml'] } }, ['content'], 300 + 600],
  ['files without content', 'file', { files: { filenames: ['port.yml'] } }, ['metadata'], 300],
  ['folders', 'folder', { folders: [{ path: 'apps/*' }] }, [], 300],
  ['included files', 'repository', { includedFiles: ['README.md'] }, ['__includedFiles'], 300],
  // Where there is none, all three places are looked into.
  ['code owners', 'repository', {}, ['__codeowners'], 100 + 200 * 3],
  ['nothing of them', 'repository', { includedFiles: ['README.md'] }, [], 0],
];

describe.each(['Data Center', 'Cloud'] as const)('300 repositories of %s', (flavour) => {
  it.each(rows)('%s', async (_, kind, selector, mentions, expected) => {
    const test = flavour === 'Cloud' ? await aCloud(company()) : await aSource(company());
    opened.push(test);
    const reading =
      flavour === 'Cloud'
        ? openCloud(test.source, kind, { selector, mentions })
        : openServer(test.source, kind, selector, mentions);
    const { ends } = await drain(reading);
    expect(ends.every((end) => end.includes('complete ('))).toBe(true);
    expect(test.asked()).toHaveLength(roots[flavour] + expected);
  });
});
