import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/model/json.js';
import { aPort } from './a-port.js';
import { BULK, aPullRequest } from './a-pull-request.js';

describe('properties', () => {
  it.each<[string, JsonValue]>([
    ['state', 'OPEN'],
    ['size', 1.5],
    ['draft', false],
    ['link', 'http://localhost:7990/x'],
    ['createdOn', '2025-05-20T12:37:29.000Z'],
    ['createdOn', '2025-05-20T12:37:29+02:00'],
    ['contact', 'ada@example.com'],
    ['assignee', 'no e-mail address'],
    ['labels', ['bug', 'docs']],
    ['labels', []],
    ['raw', { deep: [1, null] }],
    ['state', null],
  ])('%s takes %j', async (name, value) => {
    expect(await upsertProperty(name, value)).toEqual({ status: 200, value });
  });

  it.each<[string, JsonValue]>([
    ['state', 'CLOSED'],
    ['state', 1],
    ['size', '1'],
    ['draft', 'false'],
    ['link', '/relative'],
    ['link', 'https://'],
    ['createdOn', '2025-05-20'],
    ['createdOn', '2025-05-20T12:37:29'],
    ['createdOn', '2025-13-20T12:37:29Z'],
    ['createdOn', 1747744649000],
    ['contact', 'ada'],
    ['assignee', { name: 'ada' }],
    ['labels', 'bug'],
    ['labels', ['bug', 'feature']],
    ['labels', [null]],
    ['raw', []],
    ['unknown', 'x'],
    ['repositoryLink', 'https://git.example.com'],
  ])('%s refuses %j', async (name, value) => {
    expect(await upsertProperty(name, value)).toEqual({ status: 207, value: undefined });
  });

  it('that are required have to be there after the write', async () => {
    const { port, call } = await aPort();
    port.putBlueprint({
      identifier: 'service',
      title: 'Service',
      schema: { properties: { tier: { type: 'string' } }, required: ['tier'] },
    });
    const upsert = async (properties: JsonObject): Promise<number> => {
      const answer = await call('POST /v1/blueprints/service/entities', {
        query: 'upsert=true&merge=true',
        body: { identifier: 's', properties },
      });
      return answer.status;
    };
    expect(await upsert({})).toBe(422);
    expect(await upsert({ tier: 'one' })).toBe(201);
    expect(await upsert({})).toBe(201);
    expect(await upsert({ tier: null })).toBe(422);
  });

  async function upsertProperty(
    name: string,
    value: JsonValue,
  ): Promise<{ status: number; value: JsonValue | undefined }> {
    const { port, call } = await aPort();
    const answer = await call(BULK, {
      query: 'upsert=true',
      body: { entities: [{ ...aPullRequest, properties: { [name]: value } }] },
    });
    return {
      status: answer.status,
      value: port.entity('pullRequest', 'api-1')?.properties[name],
    };
  }
});
