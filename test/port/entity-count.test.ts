import { afterEach, describe, expect, it } from '@jest/globals';
import { watchedClient } from '../../src/port/watched-client.js';
import { countEntities } from '../../src/port/catalog.js';
import { startMockPort, type MockAnswer, type MockPort } from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

describe('counting the entities of a blueprint', () => {
  it.each<[MockAnswer, number | null]>([
    [{ body: { ok: true, count: 7 } }, 7],
    [{ body: { ok: true, count: 0 } }, 0],
    [{ body: { ok: true } }, null],
    [403, null],
    [404, null],
    [500, null],
  ])('answers for %j: %j', async (answer, expected) => {
    port = startMockPort({ answer: () => answer });
    expect(await countEntities(port.client, 'a/b')).toBe(expected);
    expect(port.calls[0]?.route).toBe('GET /v1/blueprints/a%2Fb/entities-count');
  });

  it('ends when the run is stopped', async () => {
    port = startMockPort();
    const client = port.client.withSignal(AbortSignal.abort());
    await expect(countEntities(client, 'a')).rejects.toMatchObject({ failure: 'aborted' });
  });
});

describe('a counted client', () => {
  it('tells of each call, and those with a signal as well', async () => {
    port = startMockPort({ answer: () => ({ body: { ok: true, count: 7 } }) });
    let calls = 0;
    const client = watchedClient(port.client, () => {
      calls += 1;
    });
    await countEntities(client, 'a');
    await countEntities(client.withSignal(new AbortController().signal), 'a');
    expect(calls).toBe(2);
    expect(client.requests).toBe(3);
  });
});
