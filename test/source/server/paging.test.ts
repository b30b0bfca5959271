import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../../src/http/http-error.js';
import type { JsonObject } from '../../../src/model/json.js';
import { itemOf } from '../../../src/source/kind.js';
import { user } from '../../../src/source/server/kinds/user.js';
import type { Problem } from '../../../src/problems/problem.js';
import { PageSizes } from '../../../src/source/listing/page-sizes.js';
import { readListing } from '../../../src/source/server/paging.js';
import { serverRest } from '../../../src/source/server/describe-failure.js';
import { Routes } from '../../../src/source/server/routes.js';
import { FakeHttp, lastPage, pageBefore, type Reply } from './fake-http.js';

const routes = new Routes(new URL('https://bitbucket.example.com/rest/api/1.0'));

const userOf = (value: JsonObject) => itemOf(user, value);

interface Outcome {
  readonly pages: readonly (readonly string[])[];
  readonly asked: readonly string[];
  readonly failure: string | null;
  readonly requests: number;
  readonly reported: readonly Problem[];
}

async function read(answer: (start: string | null, url: URL) => Reply): Promise<Outcome> {
  const http = new FakeHttp((_path, url) => answer(url.searchParams.get('start'), url));
  const listing = { url: routes.listing(['users']), subject: 'users', itemOf: userOf };
  const pages: string[][] = [];
  const reported: Problem[] = [];
  const sizes = new PageSizes((problem) => reported.push(problem));
  let requests = 0;
  let failure: string | null = null;
  try {
    const count = (): void => {
      requests += 1;
    };
    for await (const page of readListing(serverRest(http, sizes), listing, count)) {
      pages.push(page.map(({ item }) => item.key));
    }
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    failure = error.reason;
  }
  return { pages, asked: http.asked, failure, requests, reported };
}

/** Answers one page after the other, whatever is asked for. */
function script(...replies: readonly Reply[]): () => Reply {
  let position = 0;
  return () => replies[position++] ?? { status: 418 };
}

const one = { id: 1, name: 'ada' };
const two = { id: 2 };
const three = { id: 3 };

describe('a listing', () => {
  it('follows nextPageStart as it is given, and asks for the largest page', async () => {
    const outcome = await read(
      script(pageBefore(37, [one]), pageBefore(1_000_003, [two]), lastPage([three])),
    );
    expect(outcome).toEqual({
      pages: [['1'], ['2'], ['3']],
      asked: ['users?limit=1000', 'users?limit=1000&start=37', 'users?limit=1000&start=1000003'],
      failure: null,
      requests: 3,
      reported: [],
    });
  });

  it.each([
    ['null', null],
    ['nonsense', 'soon'],
  ])('ends on its last page whose next one is %s', async (_case, nextPageStart) => {
    const last = { body: { values: [one], isLastPage: true, nextPageStart } };
    expect(await read(script(last))).toMatchObject({ pages: [['1']], failure: null, requests: 1 });
  });

  const lyingEnd = { body: { values: [one], isLastPage: true, nextPageStart: 1 } };

  it('goes on where a page is the last and names a next one, and is read again', async () => {
    const outcome = await read(script(lyingEnd, lastPage([two]), lastPage([one, two, three])));
    expect(outcome).toMatchObject({
      pages: [['1'], ['2'], ['3']],
      asked: ['users?limit=1000', 'users?limit=1000&start=1', 'users?limit=1000'],
      failure: null,
    });
  });

  it.each([
    [
      'names a next page on the last one',
      lyingEnd,
      lastPage([two]),
      'named a next page, on a page that it called the last',
    ],
    [
      'repeats a page',
      pageBefore(1, [one]),
      pageBefore(2, [one]),
      'gave a page with nothing but what other pages had',
    ],
    [
      'gives fewer rows than the page says',
      pageBefore(2, [one]),
      { body: { values: [two], isLastPage: true, size: 2 } },
      'spoke of 2 in a page and gave 1',
    ],
  ])('fails where it %s, also when read again', async (_case, first, second, failure) => {
    const outcome = await read((start) =>
      start === null
        ? first
        : start === '2' && failure.startsWith('gave')
          ? lastPage([two])
          : second,
    );
    expect(outcome.pages.flat().sort()).toEqual(['1', '2']);
    expect(outcome.failure).toBe(`${failure}, also when read again`);
  });

  it('goes on after an empty page', async () => {
    const outcome = await read(script(pageBefore(5, [one]), pageBefore(9, []), lastPage([two])));
    expect(outcome).toMatchObject({ pages: [['1'], [], ['2']], failure: null });
  });

  it('shows an item once, however often it appears', async () => {
    const outcome = await read(script(pageBefore(2, [one, two, one]), lastPage([two, three])));
    expect(outcome).toMatchObject({ pages: [['1', '2'], ['3']], failure: null });
  });

  it('takes a single page of any size', async () => {
    const values = Array.from({ length: 5_000 }, (_, id) => ({ id }));
    const outcome = await read(script(lastPage(values)));
    expect(outcome.pages[0]).toHaveLength(5_000);
  });

  const unnamed = 'named no next page, on a page that is not the last';
  const repeated = 'named a page that was read before as the next';
  it.each([
    ['names no next page', pageBefore(undefined, [two]), unnamed],
    ['names null', pageBefore(null, [two]), unnamed],
    ['names a word', pageBefore('20', [two]), unnamed],
    ['names a fraction', pageBefore(10.5, [two]), unnamed],
    ['names a negative start', pageBefore(-1, [two]), unnamed],
    ['names itself', pageBefore(10, [two]), repeated],
    ['names the first page', pageBefore(0, [two]), repeated],
    ['names an earlier start', pageBefore(9, [two]), repeated],
  ])('fails, after its items, when a page %s', async (_case, second, failure) => {
    const outcome = await read(
      script(pageBefore(10, [one]), second, pageBefore(10, [one]), second),
    );
    expect(outcome).toMatchObject({
      pages: [['1'], ['2'], [], []],
      failure: `${failure}, also when read again`,
      requests: 4,
    });
  });

  const shape = 'answered with JSON of another shape';
  it.each([
    ['no values', { body: { isLastPage: true } }, shape],
    ['no isLastPage', { body: { values: [two] } }, shape],
    ['isLastPage as a word', { body: { values: [two], isLastPage: 'true' } }, shape],
    ['an array', { body: [two] }, shape],
    ['no body', {}, 'answered without a page'],
    ['401', { status: 401 }, 'answered 401'],
    ['403', { status: 403 }, 'answered 403'],
    ['404', { status: 404 }, 'answered 404'],
  ])('fails, and keeps what it showed before, on %s', async (_case, second, failure) => {
    const outcome = await read(script(pageBefore(10, [one]), second));
    expect(outcome).toMatchObject({ pages: [['1']], failure, requests: 2 });
  });

  it.each([500, 502, 503, 504])(
    'asks for a page in halves where the server fails with %d',
    async (status) => {
      const outcome = await read((start, url) => {
        if (start === null) return pageBefore(1_000, [one]);
        if (Number(url.searchParams.get('limit')) > 250) return { status };
        return start === '1000' ? pageBefore(1_250, [two]) : lastPage([three]);
      });
      expect(outcome).toEqual({
        pages: [['1'], ['2'], ['3']],
        asked: [
          'users?limit=1000',
          'users?limit=1000&start=1000',
          'users?limit=500&start=1000',
          'users?limit=250&start=1000',
          'users?limit=250&start=1250',
        ],
        failure: null,
        requests: 5,
        reported: [
          {
            code: 'page-size-reduced',
            listing: 'users',
            largest: 1_000,
            items: 250,
            reason: `answered ${status}`,
          },
        ],
      });
    },
  );

  it('fails, and keeps what it showed before, when no page is small enough', async () => {
    const outcome = await read((start) =>
      start === null ? pageBefore(10, [one]) : { status: 500 },
    );
    expect(outcome).toMatchObject({ pages: [['1']], failure: 'answered 500', reported: [] });
    expect(outcome.asked.slice(1)).toEqual(
      [1_000, 500, 250, 125, 62, 31, 25].map((limit) => `users?limit=${limit}&start=10`),
    );
  });

  it.each([
    ['a text', ['three'], 'gave an item that lacks its identity; the others were read'],
    [
      'a null, a list and an object without an id',
      [null, [], { name: 'bob' }],
      'gave 3 items that lack their identity; the others were read',
    ],
  ])('gives all items, and fails at its end, when among them is %s', async (_, others, failure) => {
    const outcome = await read(
      script(pageBefore(10, [one, ...others]), pageBefore(20, [two]), lastPage([])),
    );
    expect(outcome).toMatchObject({ pages: [['1'], ['2'], []], failure, requests: 3 });
  });

  it.each([
    ['one page over and over', [one]],
    ['empty pages without end', []],
  ])('gives up on a server that gives %s', async (_case, values) => {
    const outcome = await read((start) => pageBefore(Number(start ?? 0) + 1, values));
    expect(outcome.failure).toBe('gave 20 pages in a row without anything new');
    expect(outcome.requests).toBeLessThan(25);
  });
});

describe('a parameter that a server does not know', () => {
  const listing = {
    url: routes.listing(['repos'], { archived: 'ALL' }),
    subject: 'repositories',
    itemOf: userOf,
    optionalParameter: 'archived',
  };

  it('is left out from then on', async () => {
    const http = new FakeHttp((_path, { searchParams }) => {
      if (searchParams.has('archived')) return { status: 400 };
      return searchParams.has('start') ? lastPage([two]) : pageBefore(7, [one]);
    });
    let requests = 0;
    const pages = readListing(serverRest(http), listing, () => (requests += 1));
    for await (const page of pages) expect(page).toHaveLength(1);
    expect(http.asked).toEqual([
      'repos?archived=ALL&limit=1000',
      'repos?limit=1000',
      'repos?limit=1000&start=7',
    ]);
    expect(requests).toBe(3);
  });

  it('is not blamed for a second refusal', async () => {
    const http = new FakeHttp(() => ({ status: 400 }));
    const pages = readListing(serverRest(http), listing, () => undefined);
    await expect(pages.next()).rejects.toMatchObject({ reason: 'answered 400' });
    expect(http.requests).toBe(2);
  });
});
