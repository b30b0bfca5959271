import { afterEach, describe, expect, it } from '@jest/globals';
import { deleteEntities } from '../../src/port/delete.js';
import { startMockPort, type MockAnswer, type MockPort, type SentCall } from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

const bodyOf = (call: SentCall): string[] =>
  (call.body as { entities: string[] } | null)?.entities ?? [];
const isDeletion = (call: SentCall): boolean => call.route.endsWith('/bulk/entities/delete');
const deleted = (deletedEntities: readonly string[]): MockAnswer => ({
  body: { ok: true, deletedEntities },
});
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `e${index}`);

/** A Port that turns every deletion down that holds one of `bad`. */
function rejecting(bad: readonly string[], status: number): MockPort {
  return startMockPort({
    answer: (call) => {
      if (!isDeletion(call)) return { body: { ok: true, blueprint: {} } };
      const identifiers = bodyOf(call);
      return identifiers.some((identifier) => bad.includes(identifier))
        ? status
        : deleted(identifiers);
    },
  });
}

describe('deleting', () => {
  it('asks for at most 100 at once, and never for their dependents', async () => {
    port = startMockPort({ answer: (call) => deleted(bodyOf(call)) });
    const outcomes = await deleteEntities(port.client, 'service', numbered(250));
    expect(outcomes).toEqual(Array(250).fill({ type: 'deleted' }));
    expect(port.calls.map((call) => bodyOf(call).length)).toEqual([100, 100, 50]);
    for (const { route, query } of port.calls) {
      expect(route).toBe('POST /v1/blueprints/service/bulk/entities/delete');
      expect([...query]).toEqual([['delete_dependents', 'false']]);
    }
    expect(port.calls.flatMap(bodyOf)).toEqual(numbered(250));
  });

  it.each<[string, number, MockAnswer, number]>([
    ['is answered: no other hundred goes', 250, deleted([]), 1],
    ['fails: it is not repeated', 1, 503, 1],
    ['is turned down: it is not divided', 4, 422, 1],
  ])('after a stop ends once the call under way %s', async (_, count, answer, calls) => {
    const stop = new AbortController();
    port = startMockPort({
      answer: (call) => {
        if (!isDeletion(call)) return { body: { ok: true, blueprint: {} } };
        stop.abort();
        return answer;
      },
    });
    const options = { withDependents: false, stop: stop.signal };
    const outcomes = await deleteEntities(port.client, 'service', numbered(count), options);
    expect(outcomes).toHaveLength(count);
    expect(outcomes.at(-1)).toMatchObject({ type: 'failed' });
    expect(port.calls.filter(isDeletion)).toHaveLength(calls);
  });

  it('makes no call for nothing', async () => {
    port = startMockPort();
    expect(await deleteEntities(port.client, 'service', [])).toEqual([]);
    expect(port.calls).toHaveLength(0);
  });

  it('takes what the answer does not list for gone', async () => {
    port = startMockPort({ answer: () => deleted(['b']) });
    expect(await deleteEntities(port.client, 'service', ['a', 'b'])).toEqual([
      { type: 'gone' },
      { type: 'deleted' },
    ]);
  });

  it('asks again when the answer was lost', async () => {
    port = startMockPort({ answer: (_, index) => (index === 0 ? Response.error() : deleted([])) });
    expect(await deleteEntities(port.client, 'service', ['a'])).toEqual([{ type: 'gone' }]);
    expect(port.calls).toHaveLength(2);
  });

  it.each([400, 409, 422])('deletes all but the one that is refused with %i', async (status) => {
    port = rejecting(['e42'], status);
    const outcomes = await deleteEntities(port.client, 'service', numbered(100));
    expect(outcomes[42]).toEqual({
      type: 'refused',
      reason: `${status} error_${status}: message of ${status}`,
    });
    expect(outcomes.filter(({ type }) => type === 'deleted')).toHaveLength(99);
    expect(port.calls.length).toBeLessThanOrEqual(15);
  });

  it.each([
    [401, 2],
    [403, 1],
    [429, 11],
    [500, 2],
  ])('does not divide a call that ends in %i', async (status, attempts) => {
    port = rejecting(['e1'], status);
    const outcomes = await deleteEntities(port.client, 'service', numbered(3));
    const reason = `${status} error_${status}: message of ${status}`;
    const request = expect.objectContaining({ method: 'POST', status });
    expect(outcomes).toEqual(Array(3).fill({ type: 'failed', reason, request }));
    expect(port.calls).toHaveLength(attempts);
  });

  it('finds the one to which something on the way objects', async () => {
    port = startMockPort({
      answer: (call) =>
        bodyOf(call).includes('e42')
          ? new Response('<html>no</html>', { status: 403 })
          : deleted(bodyOf(call)),
    });
    const outcomes = await deleteEntities(port.client, 'service', numbered(100));
    expect(outcomes[42]).toEqual({ type: 'refused', reason: 'answered 403 Forbidden' });
    expect(outcomes.filter(({ type }) => type === 'deleted')).toHaveLength(99);
  });

  it('fails when the answer says something else', async () => {
    port = startMockPort({ answer: () => ({ body: { ok: true } }) });
    const [outcome] = await deleteEntities(port.client, 'service', ['a']);
    expect(outcome?.type).toBe('failed');
  });

  it('takes a single 404 for gone, and deletes the others', async () => {
    port = rejecting(['e1'], 404);
    const outcomes = await deleteEntities(port.client, 'service', numbered(3));
    expect(outcomes.map(({ type }) => type)).toEqual(['deleted', 'gone', 'deleted']);
  });

  it('takes all for gone when the blueprint is', async () => {
    port = startMockPort({ answer: () => 404 });
    const outcomes = await deleteEntities(port.client, 'service', numbered(3));
    expect(outcomes).toEqual(Array(3).fill({ type: 'gone' }));
    expect(port.calls).toHaveLength(2);
  });

  it('takes nothing for gone when the blueprint cannot be looked up', async () => {
    port = startMockPort({ answer: (call) => (isDeletion(call) ? 404 : 403) });
    const outcomes = await deleteEntities(port.client, 'service', numbered(3));
    expect(outcomes.map(({ type }) => type)).toEqual(Array(3).fill('failed'));
  });
});
