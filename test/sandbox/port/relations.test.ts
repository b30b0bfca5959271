import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { aPort, credentials, exporter } from './a-port.js';
import { BULK, PULL_REQUESTS, aPullRequest } from './a-pull-request.js';

describe('relations', () => {
  it.each<[string, JsonObject, number]>([
    ['a list where one is meant', { repository: ['api'] }, 422],
    ['one where a list is meant', { repository: 'api', reviewers: 'ada' }, 422],
    ['an unknown relation', { repository: 'api', author: 'ada' }, 422],
    ['no target where one is required', {}, 422],
    ['null where a target is required', { repository: null }, 422],
    ['a target that does not exist', { repository: 'none' }, 404],
    ['a target of another blueprint', { repository: 'ada' }, 404],
  ])('refuse %s', async (_, relations, status) => {
    const { port, call } = await aPort();
    const answer = await call(`POST ${PULL_REQUESTS}`, {
      query: 'upsert=true',
      body: { ...aPullRequest, relations },
    });
    expect(answer.status).toBe(status);
    expect(port.entities('pullRequest')).toEqual([]);
  });

  it('create missing targets, bare and of the same source, when that is asked for', async () => {
    const { port, call } = await aPort();
    const answer = await call(BULK, {
      query: 'upsert=true&create_missing_related_entities=true',
      body: {
        entities: [
          { ...aPullRequest, relations: { repository: 'web', reviewers: ['ada', 'bob', 'bob'] } },
        ],
      },
    });
    expect(answer).toMatchObject({ status: 200, body: { entities: [{ identifier: 'api-1' }] } });
    expect(port.entity('repository', 'web')).toMatchObject({
      title: null,
      properties: {},
      relations: {},
      datasource: exporter,
      createdBy: credentials.clientId,
    });
    expect(port.writes.map((write) => 'cause' in write && [write.identifier, write.cause])).toEqual(
      [
        ['web', 'related'],
        ['bob', 'related'],
        ['api-1', 'requested'],
      ],
    );
  });

  it('create nothing when the entity itself is refused', async () => {
    const { port, call } = await aPort();
    await call(BULK, {
      query: 'upsert=true&create_missing_related_entities=true',
      body: {
        entities: [
          { ...aPullRequest, properties: { size: 'x' }, relations: { repository: 'web' } },
        ],
      },
    });
    expect(port.entity('repository', 'web')).toBeUndefined();
  });

  it.each([
    ['before', ['parent', 'child'], 200],
    ['only after', ['child', 'parent'], 207],
  ])('to an entity that the same bulk brings %s', async (_, order, status) => {
    const { port, call } = await aPort();
    port.putBlueprint({
      identifier: 'team',
      title: 'Team',
      schema: { properties: {} },
      relations: { parent: { target: 'team', required: false, many: false } },
    });
    const relations: Record<string, JsonObject> = { child: { parent: 'parent' } };
    const entities = order.map((identifier) => ({
      identifier,
      relations: relations[identifier] ?? {},
    }));
    const answer = await call('POST /v1/blueprints/team/entities/bulk', {
      query: 'upsert=true',
      body: { entities },
    });
    expect(answer.status).toBe(status);
  });

  it('may lead to the entity itself', async () => {
    const { port, call } = await aPort();
    port.putBlueprint({
      identifier: 'team',
      title: 'Team',
      schema: { properties: {} },
      relations: { parent: { target: 'team', required: false, many: false } },
    });
    const answer = await call('POST /v1/blueprints/team/entities', {
      query: 'upsert=true',
      body: { identifier: 'top', relations: { parent: 'top' } },
    });
    expect(answer.status).toBe(201);
  });

  it('are found by a query', async () => {
    const { port, call } = await aPort();
    const byTitle = (value: string): JsonObject => ({
      combinator: 'and',
      rules: [{ property: '$title', operator: '=', value }],
    });
    await call(`POST ${PULL_REQUESTS}`, {
      query: 'upsert=true',
      body: { ...aPullRequest, relations: { repository: byTitle('API') } },
    });
    expect(port.entity('pullRequest', 'api-1')?.relations).toEqual({ repository: 'api' });
    const unknown = { ...aPullRequest, relations: { repository: byTitle('none') } };
    expect(
      await call(`POST ${PULL_REQUESTS}`, { query: 'upsert=true', body: unknown }),
    ).toMatchObject({ status: 422, body: { message: 'relation "repository" is required' } });
  });

  it('are found by a query: all that match where many are meant, else exactly one', async () => {
    const { port, call } = await aPort();
    for (const identifier of ['bob', 'bea']) {
      port.putEntity('user', { identifier }, { datasource: exporter });
      port.putEntity('repository', { identifier }, { datasource: exporter });
    }
    const bobAndBea = {
      combinator: 'and',
      rules: [{ property: '$identifier', operator: 'in', value: ['bob', 'bea', 'ben'] }],
    };
    const upsert = async (relations: JsonObject): Promise<number> => {
      const body = { ...aPullRequest, relations };
      return (await call(`POST ${PULL_REQUESTS}`, { query: 'upsert=true', body })).status;
    };
    expect(await upsert({ repository: bobAndBea })).toBe(422);
    expect(await upsert({ unknown: bobAndBea })).toBe(422);
    expect(await upsert({ repository: 'api', reviewers: bobAndBea })).toBe(201);
    expect(port.entity('pullRequest', 'api-1')?.relations).toEqual({
      repository: 'api',
      reviewers: ['bob', 'bea'],
    });
  });
});
