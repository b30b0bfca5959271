import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { mergePullRequest, removeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import type { Answer, RecordedRequest } from '../../src/sandbox/loopback.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { aCompany, aMoment } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { shareWorld } from '../world/share-world.js';
import { deletedIn } from '../pipeline/safety-world.js';

const serverPage = z.looseObject({
  values: z.array(z.json()),
  size: z.number(),
  start: z.number(),
  limit: z.number(),
  isLastPage: z.boolean(),
  nextPageStart: z.number().nullish(),
});
type ServerPage = z.output<typeof serverPage>;

const cloudPage = z.looseObject({ values: z.array(z.json()), next: z.string().optional() });
type CloudPage = z.output<typeof cloudPage>;

/** How a page lies; null: this one does not. `first`: the page that the listing began with. */
type Lie<Page> = (page: Page, first: Page) => object | null;

const SERVER_LIES: Readonly<Record<string, Lie<ServerPage>>> = {
  'is the last and names a next one': (page) =>
    page.isLastPage ? null : { ...page, isLastPage: true },
  'names a next page that is a page too far': (page) =>
    page.isLastPage ? null : { ...page, nextPageStart: page.start + 2 * page.limit },
  'names a next page that is a row too far': (page) =>
    page.isLastPage ? null : { ...page, nextPageStart: page.start + page.limit + 1 },
  'gives fewer rows than it says': (page) =>
    page.isLastPage ? null : { ...page, values: page.values.slice(1) },
  'gives its first page again': (page, { values }) =>
    page.start === 0 ? null : { ...page, values, size: values.length },
};

const CLOUD_LIES: Readonly<Record<string, Lie<CloudPage>>> = {
  'names no next page, although there are more': (page) => ({ ...page, next: undefined }),
  'leaves a row out': (page) =>
    page.next === undefined ? null : { ...page, values: page.values.slice(1) },
  'gives its first page again': (page, first) =>
    page === first ? null : { ...page, values: first.values },
};

/** 14 repositories, the first of which has 15 open pull requests: on small pages several of each. */
function company(): Company {
  const builder = aCompany();
  for (let number = 10; number < 24; number += 1) builder.withRepository('PAY', `r${number}`);
  for (let id = 10; id < 25; id += 1) builder.withPullRequest('PAY', 'r10', { id });
  return builder.build();
}

const ROWS = 3;

const LISTINGS: Readonly<Record<string, (path: string) => boolean>> = {
  repositories: (path) => path.endsWith('/repos') || path.endsWith('/repositories/fernlicht'),
  'pull requests': (path) => /\/r10\/pull-?requests$/u.test(path),
};

/** Changes the pages of so many readings of a listing. */
function lie<Page>(
  { bitbucket }: World | CloudWorld,
  isListing: (path: string) => boolean,
  schema: z.ZodType<Page>,
  how: Lie<Page>,
  readings: number,
): void {
  let begun = 0;
  let first: Page | undefined;
  const isProbe = ({ query }: RecordedRequest): boolean =>
    query.get('fields') === 'size,values.uuid';
  bitbucket.fail({
    when: (request) => {
      if (!isListing(request.path) || isProbe(request)) return false;
      const isFirst = !request.query.has('start') && !request.query.has('page');
      if (isFirst) begun += 1;
      if (isFirst) first = undefined;
      return begun <= readings;
    },
    fault: {
      type: 'changed',
      change: (answer: Answer) => {
        const page = schema.parse(answer.body);
        const body = how(page, (first ??= page));
        return body === null ? answer : { ...answer, body };
      },
    },
  });
}

/** Loads everything. */
async function syncedWorld(flavour: 'server' | 'cloud'): Promise<World | CloudWorld> {
  const data = company();
  const small =
    flavour === 'server'
      ? await startWorld(data, { bitbucket: { pageCap: ROWS } })
      : await startCloudWorld(data, { bitbucket: { paging: { mostRows: ROWS } } });
  expect((await small.run('sync')).exitCode).toBe(0);
  small.clock.advance(60_000);
  expect((await small.run('sync')).exitCode).toBe(0);
  small.clock.advance(60_000);
  return small;
}

/** Lets the last repository and the last two pull requests be gone. @returns their entities */
function removeLast({ bitbucket }: World | CloudWorld): readonly string[] {
  const { company: data } = bitbucket;
  const { slug } = data.repositories.at(-1) ?? { slug: 'none' };
  removeRepository(data, 'PAY', slug);
  const [first, ...rest] = data.repositories;
  const open =
    first === undefined
      ? []
      : [...pullRequestsOf(data, first)].filter(({ state }) => state === 'OPEN');
  const ids = open.map(({ id }) => id).slice(-2);
  for (const id of ids) mergePullRequest(data, 'PAY', 'r10', id, aMoment);
  expect(rest.length).toBeGreaterThan(2 * ROWS);
  expect(open.length - ids.length).toBeGreaterThan(ROWS);
  return [...ids.map((id) => `bitbucketPullRequest r10${id}`), `bitbucketRepository ${slug}`];
}

/** What was deleted, whichever way identifiers are written. */
function deleted(small: World | CloudWorld): readonly string[] {
  return deletedIn(small).map((one) => one.replace('r10-', 'r10'));
}

/** A run in which the listing always lies, and one, a minute later, in which it lies once. */
async function runTwice<Page>(
  small: World | CloudWorld,
  isListing: (path: string) => boolean,
  schema: z.ZodType<Page>,
  how: Lie<Page>,
): Promise<readonly { readonly exitCode: number; readonly result: string }[]> {
  const gone = removeLast(small);
  lie(small, isListing, schema, how, Infinity);
  const always = await small.run('sync');
  expect(gone).toEqual(expect.arrayContaining([...deleted(small)]));
  small.bitbucket.reset();
  small.clock.advance(60_000);
  lie(small, isListing, schema, how, 1);
  const once = await small.run('sync');
  expect(once.exitCode).toBe(0);
  expect(deleted(small)).toEqual(gone);
  small.clock.advance(60_000);
  return [always, once];
}

describe.each(Object.entries(LISTINGS))('a listing of %s', (_listing, isListing) => {
  let small: World | CloudWorld;
  const take = (shared: World | CloudWorld): void => {
    small = shared;
  };

  describe('of Data Center', () => {
    shareWorld(() => syncedWorld('server'), take);

    it.each(Object.entries(SERVER_LIES))(
      'that %s deletes nothing alive, and costs nothing when it does so once',
      async (name, how) => {
        const [always] = await runTwice(small, isListing, serverPage, how);
        // Positions may well be left out: rows that the credentials may not see stood there.
        if (name.includes('too far')) return;
        expect(always?.exitCode).toBe(4);
        expect(always?.result).toContain('also when read again');
      },
    );
  });

  describe('of Cloud', () => {
    shareWorld(() => syncedWorld('cloud'), take);

    it.each(Object.entries(CLOUD_LIES))(
      'that %s deletes nothing alive, and costs nothing when it does so once',
      async (_, how) => {
        const [always] = await runTwice(small, isListing, cloudPage, how);
        expect(always?.exitCode).toBe(4);
        expect(always?.result).toContain('also when read again');
      },
    );
  });
});
