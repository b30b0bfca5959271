import { describe, expect, it } from '@jest/globals';
import type { RunEvent } from '../../src/model/event.js';
import type { Problem } from '../../src/problems/problem.js';
import { ResourceRun } from '../../src/stages/resource-run.js';
import { samples } from '../problems/samples.js';
import {
  aContext,
  aResource,
  aRun,
  complete,
  incomplete,
  repositories,
  repositoryScope,
} from './a-run.js';

const api = repositoryScope('PAY/api');
const item = (key: string) => ({ key, link: null, value: {} });

describe('ResourceRun', () => {
  it('is complete when every page was taken and every scope came to its end', async () => {
    const resource = aResource('pull-request', ['pullRequest']);
    const ends = [complete(repositories), complete(api)];
    expect((await aRun({ resource, ends })).isComplete).toBe(true);
    const broken = await aRun({ resource, ends: [...ends, incomplete(api)] });
    expect(broken).toMatchObject({ isComplete: false, isFinished: true });
    const stopped = await aRun({ resource, ends, isStopped: true });
    expect(stopped).toMatchObject({ isComplete: false, isFinished: false });
  });

  it('remembers what relations say of repositories, not of root listings', async () => {
    const resource = aResource('pull-request', ['pullRequest']);
    const map = () => [
      { blueprint: 'pullRequest', identifier: '1', relations: { repository: 'api' } },
    ];
    const below = await aRun({ resource, map, pages: [{ scope: api, items: [item('1')] }] });
    expect(below.sightings('pullRequest').get('repository')).toEqual(new Map([['PAY/api', 'api']]));
    const above = await aRun({
      resource,
      map,
      pages: [{ scope: repositories, items: [item('1')] }],
    });
    expect(above.sightings('pullRequest').size).toBe(0);
  });

  it.each([
    ['a file was left out for its size, as its entity may still be in Port', 'files-skipped', true],
    ['something else went wrong', 'best-effort-failed', false],
  ] as const)('when %s: protects its blueprint accordingly', async (_, code, isProtected) => {
    const problems: Problem[] = [samples[code]];
    const run = new ResourceRun(
      aResource('file', ['service']),
      {
        pages: async function* () {
          yield await Promise.resolve({ scope: api, items: [] });
        },
        ends: () => [complete(api)],
        confirm: () => Promise.reject(new Error('nobody asked')),
        ask: () => Promise.reject(new Error('nobody asked')),
        absent: () => [],
        requests: 1,
        repositories: null,
        takeProblems: () => problems.splice(0),
      },
      {
        map: () => Promise.resolve([]),
        mentions: () => false,
        fieldCounts: () => [],
        neverFilled: () => [],
        close: () => Promise.resolve(),
      },
      aContext(),
    );

    await run.run(() => Promise.resolve());

    expect(run.hasFailedItem).toBe(isProtected);
  });

  it('hands entities on in order, counts and reports', async () => {
    const resource = aResource('pull-request', ['pullRequest']);
    const problem: Problem = {
      code: 'nulls-dropped',
      resource: resource.reference,
      item: '2',
      field: 'relations.a',
      dropped: 1,
    };
    const endProblem = incomplete(api);
    const events: RunEvent[] = [];
    const problems: Problem[] = [];
    const taken: string[] = [];
    const context = aContext({
      emit: (event) => events.push(event),
      report: (one) => problems.push(one),
    });
    const run = new ResourceRun(
      resource,
      {
        pages: async function* () {
          yield await Promise.resolve({ scope: api, items: [item('1'), item('2')] });
          yield { scope: api, items: [item('3'), item('4')] };
        },
        ends: () => [endProblem],
        confirm: () => Promise.reject(new Error('nobody asked')),
        ask: () => Promise.reject(new Error('nobody asked')),
        absent: () => [],
        requests: 3,
        repositories: { done: 1, total: 2 },
        takeProblems: () => [],
      },
      {
        map: (items) =>
          Promise.resolve(
            items.map((one) => ({
              item: one,
              status: one.key === '3' ? 'unselected' : one.key === '4' ? 'failed' : 'mapped',
              lost: {
                unselected: one.key === '3' ? 1 : 0,
                unidentified: 0,
                failed: one.key === '4' ? 1 : 0,
              },
              problems: one.key === '2' ? [problem] : [],
              entities: resource.feeds.flatMap((feed) =>
                Number(one.key) > 2
                  ? []
                  : [
                      {
                        feed,
                        item: `link ${one.key}`,
                        entity: {
                          blueprint: 'pullRequest',
                          identifier: one.key,
                          properties: {},
                          relations: {},
                        },
                      },
                    ],
              ),
            })),
          ),
        mentions: () => false,
        fieldCounts: () => [],
        neverFilled: () => [],
        close: () => Promise.resolve(),
      },
      context,
    );
    await run.run((_feed, made) => {
      for (const { entity, item } of made) taken.push(`${entity.identifier} ${item}`);
      return Promise.resolve();
    });
    expect(taken).toEqual(['1 link 1', '2 link 2']);
    expect(run.tally.counts(run.reading.requests)).toMatchObject({
      fetched: 4,
      mapped: 2,
      unselected: 1,
      failed: 1,
      requests: 3,
    });
    expect(run.hasFailedItem).toBe(true);
    expect(problems).toEqual([
      problem,
      ...(endProblem.status === 'incomplete' ? [endProblem.problem] : []),
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      'resource-started',
      'resource-progressed',
      'resource-progressed',
    ]);
    expect(events.at(-1)).toMatchObject({ repositories: { done: 1, total: 2 } });
  });
});
