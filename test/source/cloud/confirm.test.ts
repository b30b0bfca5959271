import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCompany } from '../../world/a-company.js';
import { drain, scopesOf, scopesOfSeveralPages, slugsOf, told } from '../a-reading.js';
import { aCloud, asks, open, refusal, shortened, type TestCloud } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

/**
 * A workspace of 120 repositories, whose first page misses a row the first time it is read, and whose
 * pages do not say how many there are.
 */
async function start(): Promise<TestCloud> {
  const cloud = (opened = await aCloud(company()));
  cloud.server.fail({
    when: asks(''),
    times: 2,
    fault: {
      type: 'changed',
      change: (answer) => ({ ...answer, body: shortened(answer.body) }),
    },
  });
  return cloud;
}

function company(): Company {
  const builder = aCompany();
  for (let number = 1; number <= 120; number += 1) {
    builder.withRepository('ANT', `r${number}`, { files: { 'README.md': `${number}` } });
  }
  return builder.build();
}

describe('confirming', () => {
  it('shows the repository that the first reading missed, with its files', async () => {
    const { source } = await start();
    const selector = { includedFiles: ['README.md'] };
    const reading = open(source, 'repository', { selector, mentions: ['__includedFiles'] });
    expect((await drain(reading)).items).toHaveLength(119);
    const { missed, ends } = await reading.confirm(scopesOf(reading));
    const items = missed.flatMap((page) => page.items);
    expect(slugsOf(items)).toEqual(['r1']);
    expect(items[0]?.value.__includedFiles).toEqual({ 'README.md': '1' });
    expect(ends.map(told)).toEqual(['repositories: complete (2)']);
  });

  it('tells of a new repository that nobody has looked into it', async () => {
    const { source, asked, forget } = await start();
    const reading = open(source, 'pull-request');
    const other = open(source, 'repository');
    await drain(reading);
    await drain(other);
    forget();
    const { missed, ends } = await reading.confirm(scopesOfSeveralPages(reading));
    await other.confirm(scopesOfSeveralPages(other));
    expect(missed).toEqual([]);
    expect(ends.map(told)[1]).toBe(
      'fernlicht/r1: listing-incomplete pull requests of fernlicht/r1: ' +
        'not read: the list of repositories showed it only when it was read again',
    );
    // Both stand on the same second reading.
    expect(asked()).toHaveLength(2);
  });

  it('says so when the second reading fails', async () => {
    const { source, server } = await start();
    const reading = open(source, 'repository');
    await drain(reading);
    server.fail({ when: asks(''), fault: refusal(403, 'No more') });
    const { missed, ends } = await reading.confirm(scopesOf(reading));
    expect(missed).toEqual([]);
    expect(ends.map(told)).toEqual([expect.stringMatching(/root-listing-incomplete .*No more$/)]);
  });

  it('reads a listing of one page again where it is asked to', async () => {
    const cloud = (opened = await aCloud(aCompany().withRepository('ANT', 'api').build()));
    for (const [kind, requests] of [
      ['project', 1],
      ['repository', 1],
      // The repositories were read a second time already.
      ['pull-request', 1],
    ] as const) {
      const reading = open(cloud.source, kind);
      const { ends } = await drain(reading);
      cloud.forget();
      const confirmed = await reading.confirm(scopesOf(reading));
      expect(confirmed.missed).toEqual([]);
      expect(confirmed.ends.map(told)).toEqual(ends);
      expect(cloud.asked()).toHaveLength(requests);
    }
  });

  it('asks for nothing where nothing is named', async () => {
    const cloud = (opened = await aCloud(aCompany().withRepository('ANT', 'api').build()));
    const reading = open(cloud.source, 'pull-request');
    await drain(reading);
    cloud.forget();
    expect(await reading.confirm([])).toEqual({ missed: [], ends: [] });
    expect(cloud.asked()).toEqual([]);
  });
});
