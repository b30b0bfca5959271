import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { FaultRule, RecordedRequest } from '../../../src/sandbox/loopback.js';
import { aCompany } from '../../world/a-company.js';
import { drain } from '../a-reading.js';
import { aCloud, open, type TestCloud } from './a-cloud.js';

let opened: TestCloud | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

/** A repository with so many open pull requests. */
function company(pullRequests: number): Company {
  const builder = aCompany().withRepository('ANT', 'api');
  for (let index = 0; index < pullRequests; index += 1) builder.withPullRequest('ANT', 'api');
  return builder.build();
}

const pagelen = ({ query }: RecordedRequest): number => Number(query.get('pagelen'));
const isLater = ({ query }: RecordedRequest): boolean => Number(query.get('page') ?? 1) > 1;

async function read(count: number, status: number, when: FaultRule['when']) {
  const cloud = (opened = await aCloud(company(count), { retries: 5 }));
  const isListing: FaultRule['when'] = (request) =>
    request.path.endsWith('/pullrequests') && when(request);
  cloud.server.fail({ fault: { type: 'answer', answer: { status } }, when: isListing });
  const { items, ends } = await drain(open(cloud.source, 'pull-request'));
  const asked = cloud.server.requests
    .filter(({ path }) => path.endsWith('/pullrequests'))
    .map(
      (request) =>
        `${pagelen(request)}${isLater(request) ? ` page ${request.query.get('page')!}` : ''}`,
    );
  const ids = items.map(({ value }) => value.id);
  expect(new Set(ids).size).toBe(ids.length);
  return { count: ids.length, ends, asked, reported: cloud.reported };
}

const complete = ['repositories: complete (1)', 'fernlicht/api: complete (1)'];
const reduced = (items: number, reason: string): unknown => ({
  code: 'page-size-reduced',
  listing: 'pull requests of fernlicht/api',
  largest: 50,
  items,
  reason,
});

describe('pages of Bitbucket Cloud', () => {
  it('are asked for in halves where it takes too long, after a second try', async () => {
    const outcome = await read(30, 504, (request) => pagelen(request) > 20);
    expect(outcome).toEqual({
      count: 30,
      ends: ['repositories: complete (1)', 'fernlicht/api: complete (3)'],
      asked: ['50', '50', '25', '12', '12 page 2', '12 page 3'],
      reported: [reduced(12, 'answered 504 Gateway Timeout, after 2 attempts')],
    });
  });

  it('are asked for in halves when every try ends in another error of the server', async () => {
    const outcome = await read(3, 500, (request) => pagelen(request) > 25);
    expect(outcome.asked).toEqual(['50', '50', '50', '50', '50', '50', '25']);
    expect(outcome).toMatchObject({ count: 3, ends: complete });
    expect(outcome.reported).toEqual([
      reduced(25, 'answered 500 Internal Server Error, after 6 attempts'),
    ]);
  });

  it('begin again, smaller, when a later one takes too long: its address says no size', async () => {
    const outcome = await read(120, 504, (request) => isLater(request) && pagelen(request) > 25);
    expect(outcome.asked.slice(0, 6)).toEqual([
      '50',
      '50 page 2',
      '50 page 2',
      '25',
      '25 page 2',
      '25 page 3',
    ]);
    expect(outcome.count).toBe(120);
    expect(outcome.reported).toEqual([
      reduced(25, 'answered 504 Gateway Timeout, after 2 attempts'),
    ]);
  });

  it('are no smaller for the next listing than they have to be, and no larger', async () => {
    const cloud = (opened = await aCloud(company(1), { retries: 5 }));
    cloud.server.fail({
      fault: { type: 'answer', answer: { status: 504 } },
      when: (request) => pagelen(request) > 25 && request.path.endsWith('/pullrequests'),
    });
    await drain(open(cloud.source, 'pull-request'));
    await drain(open(cloud.source, 'pull-request'));
    const sizes = cloud.server.requests.map(pagelen);
    expect(sizes).toEqual([100, 50, 50, 25, 25]);
    expect(cloud.reported).toHaveLength(1);
  });

  it('are begun again once at most when no size helps', async () => {
    const outcome = await read(120, 500, isLater);
    expect(outcome.count).toBe(50);
    expect(outcome.ends[1]).toMatch(/incomplete.*answered 500/);
    expect(outcome.asked).toEqual([
      '50',
      ...Array<string>(6).fill('50 page 2'),
      '25',
      ...Array<string>(6).fill('25 page 2'),
    ]);
    expect(outcome.reported).toEqual([]);
  });
});
