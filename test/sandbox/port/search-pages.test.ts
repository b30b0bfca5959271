import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../src/model/json.js';
import { SEARCH, aCatalog, entitiesOf, identifiersOf, other } from './a-catalog.js';
import { field, type PortUnderTest } from './a-port.js';

describe('a blueprint search answers', () => {
  it('everything, when nothing is said', async () => {
    const { call, clock } = await aCatalog(1);
    const at = new Date(clock.now() - 1000).toISOString();
    const { body } = await call(SEARCH);
    expect(entitiesOf(body)).toEqual([
      {
        identifier: 'api-1',
        title: 'Change 1',
        icon: null,
        team: ['core'],
        blueprint: 'pullRequest',
        properties: {
          state: 'OPEN',
          size: 1,
          createdOn: '2025-05-01T12:00:00Z',
          labels: ['bug'],
          repositoryLink: 'https://git.example.com/api',
        },
        relations: { repository: 'api', reviewers: ['ada'] },
        createdAt: at,
        createdBy: 'a person',
        updatedAt: at,
        updatedBy: 'a person',
      },
    ]);
  });

  it.each<[string[], JsonObject]>([
    [['$identifier'], {}],
    [['$title', '$team'], { title: 'Change 1', team: ['core'] }],
    [['size'], { properties: { size: 1 } }],
    [['draft'], {}],
    [['reviewers'], { relations: { reviewers: ['ada'] } }],
    [['$updatedBy', '$blueprint'], { updatedBy: 'a person', blueprint: 'pullRequest' }],
    [['repositoryLink'], { properties: { repositoryLink: 'https://git.example.com/api' } }],
    [[], {}],
  ])('only what is included: %j', async (include, expected) => {
    const { call } = await aCatalog(1);
    const { body } = await call(SEARCH, { body: { include } });
    expect(entitiesOf(body)).toEqual([{ identifier: 'api-1', ...expected }]);
  });

  it('all but what is excluded', async () => {
    const { call } = await aCatalog(1);
    const exclude = [
      ...['$title', '$icon', '$team', '$blueprint', '$createdAt', '$createdBy', '$updatedAt'],
      ...['$updatedBy', 'repositoryLink', 'labels', 'createdOn', 'reviewers'],
    ];
    const { body } = await call(SEARCH, { body: { exclude } });
    expect(entitiesOf(body)).toEqual([
      {
        identifier: 'api-1',
        properties: { state: 'OPEN', size: 1 },
        relations: { repository: 'api' },
      },
    ]);
  });
});

describe('the pages of a search', () => {
  async function read(
    { call }: PortUnderTest,
    limit: number,
    betweenPages: () => void = () => undefined,
  ): Promise<string[][]> {
    const pages: string[][] = [];
    let from: JsonObject = {};
    for (;;) {
      const { body } = await call(SEARCH, { body: { limit, ...from } });
      pages.push(identifiersOf(body));
      if (!isJsonObject(body) || !('next' in body)) return pages;
      from = { from: field(body, 'next') };
      betweenPages();
    }
  }

  it.each<[number, number[]]>([
    [2, [2, 2, 1]],
    [5, [5]],
    [6, [5]],
    [1, [1, 1, 1, 1, 1]],
  ])('of %i hold each entity once, and only the last has no next', async (limit, sizes) => {
    const underTest = await aCatalog(5);
    const pages = await read(underTest, limit);
    expect(pages.map(({ length }) => length)).toEqual(sizes);
    expect(pages.flat()).toEqual(['api-1', 'api-2', 'api-3', 'api-4', 'api-5']);
  });

  it('are 200 long when nothing is said', async () => {
    const { call } = await aCatalog(201);
    const { body } = await call(SEARCH);
    expect(entitiesOf(body)).toHaveLength(200);
  });

  it('are shorter than asked for where Port caps them', async () => {
    const underTest = await aCatalog(5, { pageLimit: 2 });
    expect((await read(underTest, 1000)).map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('miss and repeat nothing while rows move', async () => {
    const underTest = await aCatalog(6);
    const { port, call } = underTest;
    let moved = false;
    const pages = await read(underTest, 2, () => {
      if (moved) return;
      moved = true;
      const relations = { repository: 'api' };
      port.putEntity('pullRequest', { identifier: 'api-1', relations }, { datasource: other });
      port.putEntity('pullRequest', { identifier: 'api-7', relations }, { datasource: other });
    });
    expect(pages.flat()).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `api-${number}`));

    const first = await call(SEARCH, { body: { limit: 2 } });
    await call('DELETE /v1/blueprints/pullRequest/entities/api-1', {
      query: 'delete_dependents=false',
    });
    await call('DELETE /v1/blueprints/pullRequest/entities/api-3', {
      query: 'delete_dependents=false',
    });
    const second = await call(SEARCH, { body: { limit: 2, from: field(first.body, 'next') } });
    expect(identifiersOf(second.body)).toEqual(['api-4', 'api-5']);
  });

  it('are continued only by a next of the same search', async () => {
    const { call, takeViolations } = await aCatalog(3);
    const { body } = await call(SEARCH, { body: { limit: 1 } });
    const from = field(body, 'next');
    for (const wrong of [
      { limit: 1, from: 'made-up' },
      { limit: 1, from, include: ['$title'] },
    ]) {
      expect((await call(SEARCH, { body: wrong })).status).toBe(422);
    }
    expect(takeViolations()).toHaveLength(2);
    const next = await call(SEARCH, { body: { limit: 2, from } });
    expect(identifiersOf(next.body)).toEqual(['api-2', 'api-3']);
  });
});
