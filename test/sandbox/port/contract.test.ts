import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { portRoutes } from '../../../src/sandbox/port/routes/index.js';
import { createPortState } from '../../../src/sandbox/port/state.js';
import { createFakeClock } from '../../world/fake-clock.js';
import { anEmptyPort, aPort, credentials, exporter } from './a-port.js';

/** Operations of the public reference. */
const documented = [
  'POST /v1/auth/access_token',
  'GET /v1/organization',
  'GET /v1/blueprints',
  'POST /v1/blueprints',
  'GET /v1/blueprints/{identifier}',
  'PUT /v1/blueprints/{identifier}',
  'PATCH /v1/blueprints/{identifier}',
  'DELETE /v1/blueprints/{identifier}',
  'GET /v1/blueprints/{blueprint_identifier}/entities',
  'POST /v1/blueprints/{blueprint_identifier}/entities',
  'POST /v1/blueprints/{blueprint_identifier}/entities/bulk',
  'POST /v1/blueprints/{blueprint_identifier}/entities/search',
  'GET /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}',
  'PUT /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}',
  'PATCH /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}',
  'DELETE /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}',
  'GET /v1/blueprints/{blueprint_identifier}/entities-count',
  'DELETE /v1/blueprints/{blueprint_identifier}/all-entities',
  'POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete',
  'POST /v1/entities/search',
  'GET /v1/integration',
  'GET /v1/integration/{identifier}',
  'PATCH /v1/integration/{identifier}',
  'DELETE /v1/integration/{identifier}',
  'PATCH /v1/integration/{identifier}/config',
  'GET /v1/webhooks',
  'POST /v1/webhooks',
  'GET /v1/webhooks/{identifier}',
  'PUT /v1/webhooks/{identifier}',
  'PATCH /v1/webhooks/{identifier}',
  'DELETE /v1/webhooks/{identifier}',
];

/** Operations that Port's own exporter uses and the reference does not show. */
const seenInUse = [
  'POST /v1/integration',
  'PATCH /v1/integration/{identifier}/resync-state',
  'POST /v1/integration/{identifier}/kinds/{kind}/examples',
  'POST /v1/blueprints/entities/datasource-entities',
];

const ENTITIES = '/v1/blueprints/user/entities';
const users = (count: number): { identifier: string }[] =>
  Array.from({ length: count }, (_, index) => ({ identifier: `u${index}` }));

describe('the operations', () => {
  it('are those of the contract, and no others', () => {
    const state = createPortState({ ...credentials, clock: createFakeClock() });
    const routes = portRoutes(state).map(({ method, path }) => `${method} ${path}`);
    expect([...routes].sort()).toEqual([...documented, ...seenInUse].sort());
  });

  it.each([...documented, ...seenInUse])('answer: %s', async (operation) => {
    const { call, takeViolations } = await aPort();
    await call(operation.replaceAll(/\{\w+\}/g, 'some'));
    expect(takeViolations().join()).not.toContain('no such route');
  });

  it.each([
    'GET /v1/nothing',
    'DELETE /v1/blueprints',
    'POST /v1/entities/search/',
    'GET /v1/blueprints//entities',
    'GET /v1/blueprints/%ZZ',
  ])('do not include %s', async (route) => {
    const { call, takeViolations } = await aPort();
    expect(await call(route)).toMatchObject({
      status: 404,
      body: { ok: false, error: 'not_found' },
    });
    expect(takeViolations()).toEqual([expect.stringContaining('no such route')]);
  });
});

describe('limits', () => {
  it.each([
    ['20 entities in a bulk', users(20), 200],
    ['21 entities in a bulk', users(21), 422],
    ['no entity in a bulk', [], 422],
  ])('%s', async (_, entities, status) => {
    const { call, takeViolations } = await aPort();
    const answer = await call(`POST ${ENTITIES}/bulk`, {
      query: 'upsert=true',
      body: { entities },
    });
    expect(answer.status).toBe(status);
    expect(takeViolations()).toHaveLength(status === 200 ? 0 : 1);
  });

  it.each([
    ['100 identifiers in a deletion', 100, 200],
    ['101 identifiers in a deletion', 101, 422],
    ['no identifier in a deletion', 0, 422],
  ])('%s', async (_, count, status) => {
    const { call, takeViolations } = await aPort();
    const answer = await call('POST /v1/blueprints/user/bulk/entities/delete', {
      query: 'delete_dependents=false',
      body: { entities: users(count).map(({ identifier }) => identifier) },
    });
    expect(answer.status).toBe(status);
    expect(takeViolations()).toHaveLength(status === 200 ? 0 : 1);
  });

  it.each([
    [1, 200],
    [1000, 200],
    [0, 422],
    [1001, 422],
  ])('a search page of %i', async (limit, status) => {
    const { call, takeViolations } = await aPort();
    expect((await call(`POST ${ENTITIES}/search`, { body: { limit } })).status).toBe(status);
    expect(takeViolations()).toHaveLength(status === 200 ? 0 : 1);
  });

  it.each([
    ['1 MiB', 1_048_576, 200],
    ['one byte more', 1_048_577, 413],
  ])('a body of %s', async (_, bytes, status) => {
    const { call } = await aPort();
    const around = JSON.stringify({ entities: [{ identifier: 'u', note: '' }] });
    const note = 'x'.repeat(bytes - around.length);
    const answer = await call(`POST ${ENTITIES}/bulk`, {
      query: 'upsert=true',
      body: { entities: [{ identifier: 'u', note }] },
    });
    expect(answer.status).toBe(status);
  });

  it('counts the bytes of a body, not its characters', async () => {
    const { call } = await aPort();
    const answer = await call(`POST ${ENTITIES}/bulk`, {
      query: 'upsert=true',
      body: { entities: [{ identifier: 'u', note: 'é'.repeat(600_000) }] },
    });
    expect(answer).toMatchObject({
      status: 413,
      body: { ok: false, error: 'request_too_large' },
    });
  });
});

describe('what the contract does not allow is refused and noted', () => {
  const one = { entities: [{ identifier: 'u' }] };
  const webhook = (identifier: string, properties?: JsonObject): JsonObject => {
    const entity = { identifier: '.body.id', ...(properties === undefined ? {} : { properties }) };
    const mappings = [{ blueprint: 'user', operation: 'delete', entity }];
    return { identifier, title: 'Users', enabled: true, mappings };
  };
  it.each([
    ['a missing `upsert`', `POST ${ENTITIES}/bulk`, '', one],
    ['a missing `upsert` on one entity', `POST ${ENTITIES}`, 'merge=true', { identifier: 'u' }],
    ['a missing `delete_dependents`', `DELETE ${ENTITIES}/ada`, '', undefined],
    ['an unknown parameter', `POST ${ENTITIES}/bulk`, 'upsert=true&dry_run=true', one],
    ['a flag that is neither true nor false', `POST ${ENTITIES}/bulk`, 'upsert=yes', one],
    ['a flag twice', `POST ${ENTITIES}/bulk`, 'upsert=true&upsert=true', one],
    ['an unknown field of the body', `POST ${ENTITIES}/bulk`, 'upsert=true', { ...one, merge: 1 }],
    ['a body where none belongs', `DELETE ${ENTITIES}/ada`, 'delete_dependents=true', { a: 1 }],
    ['no body where one belongs', `POST ${ENTITIES}/bulk`, 'upsert=true', undefined],
    ['broken JSON', `POST ${ENTITIES}/bulk`, 'upsert=true', '{"entities":'],
    ['an unknown field of a search', `POST ${ENTITIES}/search`, '', { page: 2 }],
    ['`include` in the query of a blueprint search', `POST ${ENTITIES}/search`, 'include=x', {}],
    ['an unknown field in a PATCH', `PATCH ${ENTITIES}/ada`, '', { blueprint: 'user' }],
    ['a webhook of 31 characters', 'POST /v1/webhooks', '', webhook('w'.repeat(31))],
    ['a deletion that sets a property', 'POST /v1/webhooks', '', webhook('w', { state: '.b' })],
    ['a renaming PUT', `PUT ${ENTITIES}/ada`, '', { identifier: 'bob' }],
  ])('%s', async (_, route, query, body) => {
    const { call, port, takeViolations } = await aPort();
    const options = body === undefined ? { query } : { query, body };
    expect(await call(route, options)).toMatchObject({
      status: 422,
      body: { ok: false, error: 'invalid_request' },
    });
    expect(port.writes).toEqual([]);
    expect(takeViolations()).toHaveLength(1);
  });

  it('JSON that does not say so', async () => {
    const { call, takeViolations } = await aPort();
    const answer = await call(`POST ${ENTITIES}/search`, {
      body: {},
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(422);
    expect(takeViolations()).toEqual([expect.stringContaining('text/plain')]);
  });
});

describe('what the contract allows is refused without a note', () => {
  it.each([
    ['GET /v1/blueprints/none', 404],
    [`GET ${ENTITIES}/none`, 404],
    ['GET /v1/blueprints/none/entities', 404],
    ['GET /v1/integration/none', 404],
    ['GET /v1/webhooks/none', 404],
  ])('%s', async (route, status) => {
    const { call } = await aPort();
    expect((await call(route)).status).toBe(status);
  });
});

describe('parameters that tie a write to a run', () => {
  it('are taken', async () => {
    const { call } = await aPort();
    const answer = await call(`POST ${ENTITIES}/bulk`, {
      query: 'upsert=true&run_id=r&ocean_info_event_type=resync&ocean_info_resync_id=1',
      body: { entities: [{ identifier: 'u' }] },
    });
    expect(answer.status).toBe(200);
  });
});

describe('faults and records', () => {
  it('can be set on a route, and a reset forgets them with everything recorded', async () => {
    const { port, call } = await aPort();
    port.fail({
      fault: { type: 'answer', answer: { status: 503, body: {} } },
      when: ({ path }) => path.endsWith('/bulk'),
      times: 1,
    });
    const upsert = { query: 'upsert=true', body: { entities: [{ identifier: 'u' }] } };
    expect((await call(`POST ${ENTITIES}/bulk`, upsert)).status).toBe(503);
    expect(port.entity('user', 'u')).toBeUndefined();
    expect((await call(`POST ${ENTITIES}/bulk`, upsert)).status).toBe(200);
    expect(port.requests.at(-1)?.headers['user-agent']).toBe(exporter);
    expect(port.writes).toHaveLength(1);
    port.reset();
    expect(port.requests).toHaveLength(0);
    expect(port.writes).toHaveLength(0);
    expect(port.entity('user', 'u')).toBeDefined();
  });

  it('know nothing of what was put past HTTP', async () => {
    const { port } = await anEmptyPort();
    port.putBlueprint({ identifier: 'user', title: 'User', schema: { properties: {} } });
    port.putEntity('user', { identifier: 'ada' }, { datasource: null, by: 'a person' });
    expect(port.writes).toEqual([]);
    expect(port.entities('user')).toMatchObject([{ datasource: null, createdBy: 'a person' }]);
    expect(() => {
      port.putEntity('user', { identifier: 'no spaces' }, { datasource: null });
    }).toThrow();
    expect(() => {
      port.putEntity('user', { identifier: 'a', properties: { age: 1 } }, { datasource: null });
    }).toThrow('no property "age"');
  });
});
