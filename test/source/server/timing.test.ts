import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createServerSource } from '../../../src/source/server/create-server-source.js';
import { drain, type ReadResult } from '../a-reading.js';
import { open } from './a-source.js';
import { FakeHttp, lastPage, pageBefore, type Reply } from './fake-http.js';

const project = { id: 1, key: 'PAY' };
const sizes = [3, 0, 1, 2, 4, 1, 0, 2];

/** Eight repositories in pages of three, their pull requests one a page; the fifth fails half-way. */
function answer(path: string, start: number): Reply {
  if (path === 'projects') return lastPage([project]);
  if (path === 'repos') {
    const values = sizes
      .map((_size, id) => ({ id, slug: `r${id}`, project }))
      .slice(start, start + 3);
    return start + 3 >= sizes.length ? lastPage(values) : pageBefore(start + 3, values);
  }
  const repository = Number(/repos\/r(\d)/.exec(path)?.[1]);
  if (path.endsWith('/readme')) {
    return repository === 2 ? { status: 500 } : { body: `# ${repository}` };
  }
  if (repository === 4 && start === 2) return { status: 500 };
  const rest = (sizes[repository] ?? 0) - start;
  const values = rest > 0 ? [{ id: start + 1 }] : [];
  return rest > 1 ? pageBefore(start + 1, values) : lastPage(values);
}

/** Reads both kinds side by side, all answers coming in whatever order `arrive` gives them. */
async function readAll(
  concurrency: number,
  arrive: (reply: Promise<Reply>) => Promise<Reply>,
): Promise<{ results: readonly ReadResult[]; asked: readonly string[] }> {
  const http = new FakeHttp((path, url) =>
    arrive(Promise.resolve(answer(path, Number(url.searchParams.get('start') ?? 0)))),
  );
  const baseUrl = new URL(http.origin);
  const source = createServerSource({ http, baseUrl, concurrency, credentialVariables: [] });
  const readings = [
    open(source, 'repository', {}, ['__readme']),
    open(source, 'pull-request', { state: 'ALL' }),
    open(source, 'repository', { projects: ['PAY'] }, ['__readme']),
  ];
  const results = await Promise.all(readings.map((reading) => drain(reading)));
  return { results, asked: [...http.asked].sort() };
}

it('gives the same items, ends, problems and requests, whatever the order of the answers', async () => {
  const expected = await readAll(1, (reply) => reply);
  expect(expected.results[1]?.items.map(({ key }) => key)).toEqual([
    '0#1',
    '0#2',
    '0#3',
    '2#1',
    '3#1',
    '3#2',
    '4#1',
    '4#2',
    '5#1',
    '7#1',
    '7#2',
  ]);
  expect(expected.results[1]?.ends).toHaveLength(10);
  expect(expected.results[0]?.problems).toHaveLength(1);
  expect(new Set(expected.asked).size).toBe(expected.asked.length);
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 9 }),
      async (scheduler, concurrency) => {
        const reading = readAll(concurrency, (reply) => scheduler.schedule(reply));
        expect(await scheduler.waitFor(reading)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
