import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { aCatalog, entitiesOf, identifiersOf, rule } from './a-catalog.js';
import { aPort, exporter, field } from './a-port.js';

describe('a search of the whole catalog', () => {
  it('finds in every blueprint, without pages', async () => {
    const { call } = await aCatalog(2);
    const { status, body } = await call('POST /v1/entities/search', {
      query: 'include=blueprint&include=identifier&allow_partial_results=true',
      body: rule({ property: '$datasource', operator: 'contains', value: '/my-integration/' }),
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      matchingBlueprints: ['user', 'repository', 'pullRequest'],
      entities: [
        { identifier: 'ada', blueprint: 'user' },
        { identifier: 'api', blueprint: 'repository' },
        { identifier: 'api-2', blueprint: 'pullRequest' },
      ],
    });
  });

  it.each<[JsonObject, string[]]>([
    [{ property: 'size', operator: 'in', value: [1, 3] }, ['api-1']],
    [
      { property: '$updatedAt', operator: 'between', value: { preset: 'lastDay' } },
      ['ada', 'api', 'api-1', 'api-2'],
    ],
  ])('knows a rule that a blueprint search does not: %j', async (asked, expected) => {
    const { call } = await aCatalog(2);
    const { body } = await call('POST /v1/entities/search', { body: rule(asked) });
    expect(identifiersOf(body)).toEqual(expected);
  });

  it('knows no rules on relations', async () => {
    const { call, takeViolations } = await aPort();
    const answer = await call('POST /v1/entities/search', {
      body: rule({ relation: 'reviewers', operator: 'isEmpty' }),
    });
    expect(answer.status).toBe(422);
    expect(takeViolations()).toHaveLength(1);
  });

  it('finds what depends on an entity, over any number of steps', async () => {
    const { port, call } = await aCatalog(1);
    port.putEntity('user', { identifier: 'bob' }, { datasource: exporter });
    port.putEntity(
      'repository',
      { identifier: 'api', relations: { owner: 'bob' } },
      { datasource: exporter },
    );
    const search = async (
      blueprint: string,
      value: string,
      direction: string,
    ): Promise<string[]> => {
      const query = rule({ operator: 'relatedTo', blueprint, value, direction });
      return identifiersOf((await call('POST /v1/entities/search', { body: query })).body);
    };
    expect(await search('user', 'bob', 'downstream')).toEqual(['api', 'api-1']);
    expect(await search('pullRequest', 'api-1', 'upstream')).toEqual(['ada', 'bob', 'api']);
  });
});

describe('reading by name', () => {
  const ONE = 'GET /v1/blueprints/pullRequest/entities/api-1';

  it('gives one, all, and their number', async () => {
    const { call } = await aCatalog(3);
    expect(await call(ONE)).toMatchObject({
      status: 200,
      body: { ok: true, entity: { identifier: 'api-1', relations: { reviewers: ['ada'] } } },
    });
    const all = await call('GET /v1/blueprints/pullRequest/entities');
    expect(identifiersOf(all.body)).toEqual(['api-1', 'api-2', 'api-3']);
    expect((await call('GET /v1/blueprints/pullRequest/entities-count')).body).toEqual({
      ok: true,
      count: 3,
    });
  });

  it.each<[string, JsonObject]>([
    ['include=identifier', {}],
    ['include=title&include=properties.size', { title: 'Change 1', properties: { size: 1 } }],
    ['include=relations.repository', { relations: { repository: 'api' } }],
    ['include=relations', { relations: { repository: 'api', reviewers: ['ada'] } }],
    [
      'include=properties&exclude_calculated_properties=true&exclude=properties.labels',
      { properties: { state: 'OPEN', size: 1, createdOn: '2025-05-01T12:00:00Z' } },
    ],
  ])('selects by paths: %s', async (query, expected) => {
    const { call } = await aCatalog(1);
    expect((await call(ONE, { query })).body).toEqual({
      ok: true,
      entity: { identifier: 'api-1', ...expected },
    });
  });

  it('follows mirrors to where they lead now', async () => {
    const { port, call } = await aCatalog(1);
    port.putEntity('repository', { identifier: 'api' }, { datasource: exporter });
    expect((await call(ONE, { query: 'include=properties.repositoryLink' })).body).toMatchObject({
      entity: { properties: { repositoryLink: null } },
    });
  });
});

describe('a listing by data source', () => {
  const LISTING = 'POST /v1/blueprints/entities/datasource-entities';
  const ours = {
    datasource_prefix: 'port-ocean/bitbucket-server/',
    datasource_suffix: '/my-integration/exporter',
  };

  it('goes over all blueprints, page by page', async () => {
    const { call } = await aCatalog(4);
    const first = await call(LISTING, { body: { ...ours, limit: 3 } });
    expect(entitiesOf(first.body)).toEqual([
      { identifier: 'ada', blueprint: 'user' },
      { identifier: 'api', blueprint: 'repository' },
      { identifier: 'api-2', blueprint: 'pullRequest' },
    ]);
    const second = await call(LISTING, {
      body: { ...ours, limit: 3, from: field(first.body, 'next') },
    });
    expect(second.body).toEqual({
      ok: true,
      entities: [{ identifier: 'api-4', blueprint: 'pullRequest' }],
    });
  });

  it('leaves out what was written at `before` or after', async () => {
    const { call, clock } = await aCatalog(4);
    const before = new Date(clock.now() - 1000).toISOString();
    const { body } = await call(LISTING, { body: { ...ours, before } });
    expect(identifiersOf(body)).toEqual(['ada', 'api', 'api-2']);
  });

  it.each([{ limit: 5001 }, { limit: 0 }, { datasource_prefix: 1 }, { blueprint: 'user' }])(
    'refuses %j',
    async (difference) => {
      const { call, takeViolations } = await aPort();
      expect((await call(LISTING, { body: { ...ours, ...difference } })).status).toBe(422);
      expect(takeViolations()).toHaveLength(1);
    },
  );
});
