import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { aPort, credentials, exporter } from './a-port.js';
import { BULK, PULL_REQUESTS, aPullRequest } from './a-pull-request.js';

describe('an identifier that is a query', () => {
  const byState = {
    combinator: 'and',
    rules: [{ property: 'state', operator: '=', value: 'OPEN' }],
  } satisfies JsonObject;
  const update = { identifier: byState, properties: { size: 9 } };

  it('updates the one entity that it finds', async () => {
    const { port, call } = await aPort();
    port.putEntity('pullRequest', aPullRequest, { datasource: exporter });
    const answer = await call(BULK, {
      query: 'upsert=true&merge=true',
      body: { entities: [update] },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { entities: [{ created: false, identifier: 'api-1' }] },
    });
    expect(port.entity('pullRequest', 'api-1')?.properties).toEqual({ state: 'OPEN', size: 9 });
  });

  it.each([
    [0, 404],
    [2, 422],
  ])('fails when it finds %i', async (count, statusCode) => {
    const { port, call } = await aPort();
    for (let index = 0; index < count; index += 1) {
      const entity = { ...aPullRequest, identifier: `api-${index}` };
      port.putEntity('pullRequest', entity, { datasource: exporter });
    }
    const answer = await call(BULK, { query: 'upsert=true', body: { entities: [update] } });
    expect(answer).toMatchObject({
      status: 207,
      body: { errors: [{ identifier: 'unknown', index: 0, statusCode }] },
    });
  });
});

describe('updating', () => {
  const before = {
    ...aPullRequest,
    icon: 'Git',
    team: 'core',
    relations: { repository: 'api', reviewers: ['ada'] },
  };

  it('with merge keeps what is not sent; null clears', async () => {
    const { port, call } = await aPort();
    port.putEntity('pullRequest', before, { datasource: exporter });
    await call(BULK, {
      query: 'upsert=true&merge=true',
      body: {
        entities: [
          { identifier: 'api-1', properties: { size: null }, relations: { reviewers: null } },
        ],
      },
    });
    expect(port.entity('pullRequest', 'api-1')).toMatchObject({
      title: 'First',
      icon: 'Git',
      team: ['core'],
      properties: { state: 'OPEN', size: null },
      relations: { repository: 'api', reviewers: null },
    });
  });

  it.each([
    [`POST ${PULL_REQUESTS}`, 'upsert=true&merge=false'],
    [`POST ${PULL_REQUESTS}`, 'upsert=true'],
    [`PUT ${PULL_REQUESTS}/api-1`, ''],
  ])('with %s?%s replaces all', async (route, query) => {
    const { port, call } = await aPort();
    port.putEntity('pullRequest', before, { datasource: exporter });
    const body = { identifier: 'api-1', relations: { repository: 'api' } };
    const answer = await call(route, { query, body });
    expect(answer.body).toMatchObject({
      ok: true,
      entity: { identifier: 'api-1', title: null, icon: null, team: [], properties: {} },
    });
    const { title, icon, team, properties, relations } = port.entity('pullRequest', 'api-1') ?? {};
    expect({ title, icon, team, properties, relations }).toEqual({
      title: null,
      icon: null,
      team: [],
      properties: {},
      relations: { repository: 'api' },
    });
  });

  it('with PATCH merges, and null clears the title too', async () => {
    const { port, call } = await aPort();
    port.putEntity('pullRequest', before, { datasource: exporter });
    const answer = await call(`PATCH ${PULL_REQUESTS}/api-1`, {
      body: { title: null, team: null, properties: { size: 4 } },
    });
    expect(answer).toMatchObject({ status: 200, body: { entity: { title: null, team: [] } } });
    expect(port.entity('pullRequest', 'api-1')).toMatchObject({
      icon: 'Git',
      properties: { state: 'OPEN', size: 4 },
      relations: { repository: 'api', reviewers: ['ada'] },
    });
  });

  it.each(['PUT', 'PATCH'])('with %s needs an entity that exists', async (method) => {
    const { call } = await aPort();
    const answer = await call(`${method} ${PULL_REQUESTS}/none`, { body: {} });
    expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } });
  });
});

describe('creating one entity', () => {
  it('answers it as it is now', async () => {
    const { call } = await aPort();
    const answer = await call(`POST ${PULL_REQUESTS}`, {
      query: 'upsert=true',
      body: aPullRequest,
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        ok: true,
        entity: {
          ...aPullRequest,
          blueprint: 'pullRequest',
          relations: { repository: 'api', reviewers: [] },
          createdBy: credentials.clientId,
        },
      },
    });
  });

  it('without an identifier makes one up', async () => {
    const { port, call } = await aPort();
    await call('POST /v1/blueprints/user/entities', { query: 'upsert=false', body: {} });
    await call('POST /v1/blueprints/user/entities', { query: 'upsert=false', body: {} });
    expect(new Set(port.entities('user').map(({ identifier }) => identifier)).size).toBe(3);
  });
});

describe('audit', () => {
  const other = 'port-ocean/bitbucket-server/9.9.9/another/exporter';

  it.each([
    ['creator', exporter],
    ['last-writer', other],
  ] as const)('tells the %s as the data source', async (datasource, expected) => {
    const { port, call, clock } = await aPort({ datasource });
    const createdAt = new Date(clock.now()).toISOString();
    await call(BULK, { query: 'upsert=true', body: { entities: [aPullRequest] } });
    expect(port.entity('pullRequest', 'api-1')?.datasource).toBe(exporter);
    clock.advance(60_000);
    await call(BULK, {
      query: 'upsert=true',
      body: { entities: [aPullRequest] },
      headers: { 'user-agent': other },
    });
    expect(port.entity('pullRequest', 'api-1')).toMatchObject({
      datasource: expected,
      createdAt,
      createdBy: credentials.clientId,
      updatedAt: new Date(clock.now()).toISOString(),
      updatedBy: credentials.clientId,
    });
  });

  it('keeps who created a seeded entity', async () => {
    const { port, call } = await aPort();
    port.putEntity('user', { identifier: 'bob' }, { datasource: null, by: 'a person' });
    await call('POST /v1/blueprints/user/entities', {
      query: 'upsert=true',
      body: { identifier: 'bob', title: 'Bob' },
    });
    expect(port.entity('user', 'bob')).toMatchObject({
      createdBy: 'a person',
      updatedBy: credentials.clientId,
      datasource: null,
    });
  });
});
