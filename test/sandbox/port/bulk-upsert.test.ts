import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/model/json.js';
import { aPort } from './a-port.js';
import { BULK, PULL_REQUESTS, aPullRequest } from './a-pull-request.js';

describe('a bulk upsert', () => {
  it('tells what it created and what it updated', async () => {
    const { port, call } = await aPort();
    await call(BULK, { query: 'upsert=true', body: { entities: [aPullRequest] } });
    const second = { ...aPullRequest, identifier: 'api-2' };
    const answer = await call(BULK, {
      query: 'upsert=true',
      body: { entities: [aPullRequest, second] },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ok: true,
        entities: [
          { created: false, identifier: 'api-1', index: 0 },
          { created: true, identifier: 'api-2', index: 1 },
        ],
        errors: [],
      },
    });
    expect(port.writes).toMatchObject([
      { type: 'entity-upserted', blueprint: 'pullRequest', identifier: 'api-1', created: true },
      { type: 'entity-upserted', blueprint: 'pullRequest', identifier: 'api-1', created: false },
      { type: 'entity-upserted', blueprint: 'pullRequest', identifier: 'api-2', created: true },
    ]);
  });

  it('loads the good ones when others fail, and names those by their place', async () => {
    const { port, call } = await aPort();
    const answer = await call(BULK, {
      query: 'upsert=true',
      body: {
        entities: [
          { ...aPullRequest, properties: { size: 'three' } },
          aPullRequest,
          { ...aPullRequest, identifier: 'api-3', relations: { repository: 'none' } },
        ],
      },
    });
    expect(answer).toMatchObject({
      status: 207,
      body: {
        ok: true,
        entities: [{ created: true, identifier: 'api-1', index: 1 }],
        errors: [
          { identifier: 'api-1', index: 0, statusCode: 422, error: 'invalid_request' },
          { identifier: 'api-3', index: 2, statusCode: 404, error: 'not_found' },
        ],
      },
    });
    expect(port.entities('pullRequest')).toHaveLength(1);
  });

  it('into a blueprint that does not exist is not found', async () => {
    const { call } = await aPort();
    const body = { entities: [aPullRequest] };
    const answer = await call('POST /v1/blueprints/none/entities/bulk', {
      query: 'upsert=true',
      body,
    });
    expect(answer).toMatchObject({ status: 404, body: { ok: false, error: 'not_found' } });
  });

  it.each<[string, JsonValue]>([
    ['an identifier with a space', { ...aPullRequest, identifier: 'api 2' }],
    ['an identifier of one dot', { ...aPullRequest, identifier: '.' }],
    ['an identifier in braces', { ...aPullRequest, identifier: '{uuid}' }],
    ['an empty identifier', { ...aPullRequest, identifier: '' }],
    ['an identifier of 1,001 characters', { ...aPullRequest, identifier: 'a'.repeat(1001) }],
    ['no object', 'api-2'],
    ['null', null],
    ['a null within a relation', { ...aPullRequest, relations: { reviewers: ['ada', null] } }],
    ['a target with a space', { ...aPullRequest, relations: { repository: 'a b' } }],
    ['properties that are a list', { ...aPullRequest, properties: [] }],
    ['properties that are null', { ...aPullRequest, properties: null }],
    ['a title that is a number', { ...aPullRequest, title: 7 }],
    ['a title that is null', { ...aPullRequest, title: null }],
    ['an icon that is null', { ...aPullRequest, icon: null }],
    ['a team that is null', { ...aPullRequest, team: null }],
  ])('is refused as a whole for %s', async (_, bad) => {
    const { port, call, takeViolations } = await aPort();
    const answer = await call(BULK, {
      query: 'upsert=true',
      body: { entities: [aPullRequest, bad] },
    });
    expect(answer).toMatchObject({ status: 422, body: { ok: false, error: 'invalid_request' } });
    expect(port.entities('pullRequest')).toEqual([]);
    expect(takeViolations()).toEqual([expect.stringContaining('entities.1')]);
  });

  it.each(['a/b:c@d.e+f=g-h_i\\j', 'Ünïcode', '...', 'a'.repeat(1000)])(
    'takes the identifier %s',
    async (identifier) => {
      const { port, call } = await aPort();
      const answer = await call(BULK, {
        query: 'upsert=true',
        body: { entities: [{ ...aPullRequest, identifier }] },
      });
      expect(answer.status).toBe(200);
      expect(port.entity('pullRequest', identifier)).toBeDefined();
      const path = `${PULL_REQUESTS}/${encodeURIComponent(identifier)}`;
      expect(await call(`GET ${path}`)).toMatchObject({ body: { entity: { identifier } } });
    },
  );

  it('without upsert refuses those that exist', async () => {
    const { port, call } = await aPort();
    const options = { query: 'upsert=false', body: { entities: [aPullRequest] } };
    expect((await call(BULK, options)).status).toBe(200);
    expect(await call(BULK, options)).toMatchObject({
      status: 207,
      body: { entities: [], errors: [{ index: 0, error: 'identifier_taken' }] },
    });
    expect(port.writes).toHaveLength(1);
  });

  it('that only validates answers the same and writes nothing', async () => {
    const { port, call } = await aPort();
    const answer = await call(BULK, {
      query: 'upsert=true&validation_only=true&create_missing_related_entities=true',
      body: {
        entities: [
          { ...aPullRequest, relations: { repository: 'none' } },
          { ...aPullRequest, properties: { unknown: 1 } },
        ],
      },
    });
    expect(answer).toMatchObject({
      status: 207,
      body: { entities: [{ created: true, index: 0 }], errors: [{ index: 1 }] },
    });
    expect(port.writes).toEqual([]);
    expect(port.entities('pullRequest')).toEqual([]);
    expect(port.entity('repository', 'none')).toBeUndefined();
  });
});
