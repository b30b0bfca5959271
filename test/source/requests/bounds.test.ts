import { expect, it } from '@jest/globals';
import type { NamedRepository } from '../../../src/source/listing/page.js';
import { ReadingRecord } from '../../../src/source/reading/reading-record.js';
import { everyRepository } from '../../../src/source/reading/repository-listing.js';
import { AllowedRequests } from '../../../src/source/requests/allowed-requests.js';
import { RequestBounds } from '../../../src/source/requests/answers.js';
import { askedIn } from '../../../src/source/requests/asked.js';
import { tryRequest } from '../../../src/source/requests/try-request.js';
import type { TinyRequests } from '../../../src/source/tiny-requests.js';
import { Requests } from '../../../src/source/requests/request-reading.js';

function aRepository(name: string): NamedRepository {
  return { name, segments: [name], item: { key: name, link: null, value: { slug: name } } };
}

it('tells once of all repositories for which a run has no request left', async () => {
  const asked = askedIn({ path: 'a/{repository}', each: 'repository', key: 'id' });
  const allowed = new AllowedRequests(['**'], 'https://bitbucket.example', null);
  const record = new ReadingRecord(({ reason }) => reason);
  const requests = new Requests(
    asked,
    { allowed, bounds: new RequestBounds(2) },
    (listing, count) => {
      async function* pages() {
        count();
        const listed = listing.itemOf({ id: 1 });
        yield await Promise.resolve(listed === null ? [] : [listed]);
      }
      return pages();
    },
  );
  const reading = requests.below({
    root: {
      scopes: [],
      pages: async function* pages() {
        yield await Promise.resolve(['one', 'two', 'three', 'four'].map(aRepository));
      },
      confirm: () => Promise.resolve({ missed: [], ends: [] }),
    },
    record,
    ask: () => Promise.resolve({ status: 'unanswered', reason: '' }),
    queue: everyRepository<NamedRepository>(),
    concurrency: 1,
    endsReading: () => false,
    valuesOf: ({ name }) => ({ repository: name }),
  });
  const keys: string[] = [];
  for await (const { items } of reading.pages()) keys.push(...items.map(({ key }) => key));

  expect(keys).toEqual(['one#1', 'two#1']);
  const problem = {
    code: 'listing-incomplete',
    listing: 'a/{repository} (2 of them)',
    reason: 'a run sends at most 2 requests of the kind request',
  };
  const ends = reading.ends();
  expect(ends.map(({ status }) => status)).toEqual([
    'complete',
    'complete',
    'incomplete',
    'incomplete',
  ]);
  const problems = ends.flatMap((end) => (end.status === 'incomplete' ? [end.problem] : []));
  expect(problems).toEqual([problem, problem]);
  expect(new Set(problems).size).toBe(1);
});

it('is not tried by check where a name is missing that the path takes', async () => {
  const asked = askedIn({ path: 'a/{project}/{repository}', each: 'repository', key: 'id' });
  const allowed = new AllowedRequests(['**'], 'https://bitbucket.example', null);
  const requests: TinyRequests = {
    ask: () => Promise.reject(new Error('nothing is to be asked')),
    first: () => Promise.reject(new Error('nothing is to be asked')),
    headers: null,
  };
  const look = { requests, allowed, smallest: { limit: '1' } };
  const tried = await tryRequest(asked, aRepository('api'), { repository: 'api' }, look);
  expect(tried).toEqual({ status: 'untried' });
});
