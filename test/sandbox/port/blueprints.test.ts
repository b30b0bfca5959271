import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import {
  aPort,
  anEmptyPort,
  credentials,
  exporter,
  pullRequestBlueprint,
  repositoryBlueprint,
  userBlueprint,
} from './a-port.js';

const team = {
  identifier: 'team',
  title: 'Team',
  schema: { properties: { size: { type: 'number' } } },
} satisfies JsonObject;

describe('creating a blueprint', () => {
  it('answers it whole, with its audit fields', async () => {
    const { port, call, clock } = await anEmptyPort();
    const answer = await call('POST /v1/blueprints', {
      query: 'create_catalog_page=false',
      body: team,
    });
    const at = new Date(clock.now()).toISOString();
    const blueprint = {
      ...team,
      relations: {},
      mirrorProperties: {},
      calculationProperties: {},
      aggregationProperties: {},
      createdAt: at,
      createdBy: credentials.clientId,
      updatedAt: at,
      updatedBy: credentials.clientId,
    };
    expect(answer).toMatchObject({ status: 201, body: { ok: true, blueprint } });
    expect(port.blueprint('team')).toEqual(blueprint);
    expect(port.writes).toEqual([{ type: 'blueprint-created', blueprint: 'team' }]);
  });

  it('is refused for one that exists', async () => {
    const { port, call } = await aPort();
    expect(
      await call('POST /v1/blueprints', { body: { ...team, identifier: 'user' } }),
    ).toMatchObject({ status: 422, body: { ok: false, error: 'identifier_taken' } });
    expect(port.blueprint('user')?.title).toBe('User');
  });

  it.each<[string, JsonObject]>([
    ['a relation to no blueprint', { relations: { of: relation('none') } }],
    ['a mirror over no relation', { mirrorProperties: { m: { path: 'none.url' } } }],
    [
      'a mirror of no property',
      { relations: { of: relation('repository') }, mirrorProperties: { m: { path: 'of.none' } } },
    ],
    [
      'a mirror over two relations, the second of which is none',
      {
        relations: { of: relation('repository') },
        mirrorProperties: { m: { path: 'of.none.$title' } },
      },
    ],
    ['a required property that is none', { schema: { properties: {}, required: ['name'] } }],
    [
      'a mirror that is named like a property',
      {
        relations: { of: relation('repository') },
        mirrorProperties: { size: { path: 'of.url' } },
      },
    ],
    [
      'an aggregation over no blueprint',
      {
        aggregationProperties: {
          n: {
            title: 'N',
            target: 'none',
            calculationSpec: { calculationBy: 'entities', func: 'count' },
          },
        },
      },
    ],
  ])('is refused for %s', async (_, difference) => {
    const { port, call } = await aPort();
    expect(await call('POST /v1/blueprints', { body: { ...team, ...difference } })).toMatchObject({
      status: 422,
      body: { error: 'invalid_request' },
    });
    expect(port.blueprint('team')).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['a relation to itself', { relations: { parent: relation('team') } }],
    [
      'a mirror of a title over two relations',
      {
        relations: { of: relation('repository') },
        mirrorProperties: { m: { path: 'of.owner.$title' } },
      },
    ],
    [
      'a mirror of a mirror',
      {
        relations: { of: relation('pullRequest') },
        mirrorProperties: { m: { path: 'of.repositoryLink' } },
      },
    ],
  ])('takes %s', async (_, difference) => {
    const { call } = await aPort();
    const answer = await call('POST /v1/blueprints', { body: { ...team, ...difference } });
    expect(answer.status).toBe(201);
  });

  it.each<[string, JsonObject]>([
    ['an identifier with an equals sign', { identifier: 'a=b' }],
    ['an identifier of two dots', { identifier: '..' }],
    ['an identifier of 101 characters', { identifier: 'a'.repeat(101) }],
    ['an empty title', { title: '' }],
    ['a description of 201 characters', { description: 'a'.repeat(201) }],
    ['an unknown type', { schema: { properties: { a: { type: 'text' } } } }],
    ['a property without a type', { schema: { properties: { a: { title: 'A' } } } }],
    ['a property with a dot', { schema: { properties: { 'a.b': { type: 'string' } } } }],
    [
      'a relation that does not tell `many`',
      { relations: { a: { target: 'user', required: true } } },
    ],
  ])('breaks the contract with %s', async (_, difference) => {
    const { call, takeViolations } = await aPort();
    const answer = await call('POST /v1/blueprints', { body: { ...team, ...difference } });
    expect(answer.status).toBe(422);
    expect(takeViolations()).toHaveLength(1);
  });
});

describe('reading blueprints', () => {
  it('gives all, or one', async () => {
    const { call } = await aPort();
    expect(await call('GET /v1/blueprints')).toMatchObject({
      status: 200,
      body: {
        ok: true,
        blueprints: [{ identifier: 'user' }, { identifier: 'repository' }, pullRequestBlueprint],
      },
    });
    expect(await call('GET /v1/blueprints/repository')).toMatchObject({
      status: 200,
      body: { ok: true, blueprint: repositoryBlueprint },
    });
  });
});

describe('changing a blueprint', () => {
  it('a PATCH keeps the parts that it does not name', async () => {
    const { port, call, clock } = await aPort();
    const createdAt = new Date(clock.now()).toISOString();
    clock.advance(1000);
    const answer = await call('PATCH /v1/blueprints/repository', { body: { title: 'Repo' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { blueprint: { ...repositoryBlueprint, title: 'Repo', createdAt } },
    });
    expect(port.blueprint('repository')?.updatedAt).not.toBe(createdAt);
    expect(port.writes).toEqual([{ type: 'blueprint-updated', blueprint: 'repository' }]);
  });

  it('a PUT drops the parts that it does not name, and entities lose their values', async () => {
    const { port, call } = await aPort();
    port.putEntity(
      'repository',
      { identifier: 'web', relations: { owner: 'ada' } },
      { datasource: exporter },
    );
    const answer = await call('PUT /v1/blueprints/repository', {
      body: { title: 'Repository', schema: repositoryBlueprint.schema },
    });
    expect(answer.status).toBe(200);
    expect(port.blueprint('repository')?.relations).toEqual({});
    expect(port.entity('repository', 'web')?.relations).toEqual({});
    expect(port.entity('repository', 'api')?.properties).toEqual({
      url: 'https://git.example.com/api',
    });
    // Nothing relates to ada any more.
    const deletion = { query: 'delete_dependents=false' };
    expect((await call('DELETE /v1/blueprints/user/entities/ada', deletion)).status).toBe(200);
  });

  it('drops the values of a relation that now holds many or leads elsewhere', async () => {
    const { port, call } = await aPort();
    const relations = { repository: 'api', reviewers: ['ada'] };
    port.putEntity('pullRequest', { identifier: 'api-1', relations }, { datasource: exporter });
    await call('PATCH /v1/blueprints/pullRequest', {
      body: {
        relations: {
          repository: { target: 'repository', required: true, many: true },
          reviewers: { target: 'repository', required: false, many: true },
        },
      },
    });
    expect(port.entity('pullRequest', 'api-1')?.relations).toEqual({});
  });

  it.each(['PUT', 'PATCH'])('%s of one that is not there is not found', async (method) => {
    const { call } = await aPort();
    const answer = await call(`${method} /v1/blueprints/none`, {
      body: { title: 'None', schema: { properties: {} } },
    });
    expect(answer.status).toBe(404);
  });
});

describe('deleting a blueprint', () => {
  it('is refused while it has entities or others relate to it', async () => {
    const { port, call } = await aPort();
    expect((await call('DELETE /v1/blueprints/repository')).status).toBe(422);
    await call('DELETE /v1/blueprints/repository/all-entities');
    expect((await call('DELETE /v1/blueprints/repository')).status).toBe(422);
    expect((await call('DELETE /v1/blueprints/pullRequest')).status).toBe(200);
    expect(await call('DELETE /v1/blueprints/repository')).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect(port.blueprints().map(({ identifier }) => identifier)).toEqual([
      userBlueprint.identifier,
    ]);
  });
});

function relation(target: string): JsonObject {
  return { target, required: false, many: false };
}
