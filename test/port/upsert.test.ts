import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../src/model/json.js';
import { type OutgoingEntity, writtenEntity } from '../../src/port/catalog-entity.js';
import { Blockade } from '../../src/port/bulk.js';
import { upsertEntities, type UpsertOutcome } from '../../src/port/upsert.js';
import {
  startMockPort,
  tokenAnswer,
  type MockAnswer,
  type MockPort,
  type SentCall,
} from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

const entity = (identifier: string): OutgoingEntity => ({
  identifier,
  properties: {},
  relations: {},
});
const named = (...identifiers: string[]): OutgoingEntity[] => identifiers.map(entity);
const numbered = (count: number): OutgoingEntity[] =>
  named(...Array.from({ length: count }, (_, index) => `e${index}`));

/** The identifiers of a bulk call; null for any other call. */
function identifiersOf(call: SentCall): string[] | null {
  if (!call.route.endsWith('/entities/bulk')) return null;
  return (call.body as { entities: { identifier: string }[] }).entities.map(
    ({ identifier }) => identifier,
  );
}

/** What Port answers when it takes all. */
function allCreated(identifiers: readonly string[]): MockAnswer {
  const entities = identifiers.map((identifier, index) => ({ identifier, index, created: true }));
  return { body: { ok: true, entities, errors: [] } };
}

const load = (
  entities: readonly OutgoingEntity[],
  options = { merge: true, createMissingRelatedEntities: true },
): Promise<readonly UpsertOutcome[]> =>
  upsertEntities(port.client, 'service', entities.map(writtenEntity), options);
const types = (outcomes: readonly UpsertOutcome[]): string[] =>
  outcomes.map((outcome) => outcome.type);

/** A Port that turns every bulk down that holds one of `bad`. */
function rejecting(bad: readonly string[], status: number): MockPort {
  return startMockPort({
    answer: (call) => {
      const identifiers = identifiersOf(call);
      if (identifiers === null) return { body: { ok: true, blueprint: {} } };
      return identifiers.some((identifier) => bad.includes(identifier))
        ? status
        : allCreated(identifiers);
    },
  });
}

describe('a bulk', () => {
  it.each([
    { merge: true, createMissingRelatedEntities: false },
    { merge: false, createMissingRelatedEntities: true },
  ])('is sent with %j', async (options) => {
    port = startMockPort({ answer: () => allCreated(['a']) });
    await load(named('a'), options);
    expect(port.calls[0]?.route).toBe('POST /v1/blueprints/service/entities/bulk');
    expect(Object.fromEntries(port.calls[0]?.query ?? [])).toEqual({
      upsert: 'true',
      merge: String(options.merge),
      create_missing_related_entities: String(options.createMissingRelatedEntities),
      validation_only: 'false',
    });
    expect(port.calls[0]?.body).toEqual({
      entities: [{ identifier: 'a', properties: {}, relations: {} }],
    });
  });

  it('makes no call when there is nothing to load', async () => {
    port = startMockPort();
    expect(await load([])).toEqual([]);
    expect(port.calls).toHaveLength(0);
  });

  it('is repeated when its answer was lost', async () => {
    port = startMockPort({
      answer: (_, index) => (index === 0 ? Response.error() : allCreated(['a'])),
    });
    expect(types(await load(named('a')))).toEqual(['created']);
    expect(port.calls).toHaveLength(2);
  });

  const error = (index: number, fields: Record<string, JsonValue> = {}): JsonValue => ({
    identifier: 'unknown',
    index,
    statusCode: 422,
    error: 'invalid_request',
    message: 'no such property',
    ...fields,
  });
  const refusal = {
    type: 'refused',
    status: 422,
    error: 'invalid_request',
    message: 'no such property',
  };

  it.each<[string, number, JsonValue, readonly unknown[]]>([
    [
      'creations and updates',
      200,
      {
        ok: true,
        entities: [
          { identifier: 'a', index: 0, created: true },
          { identifier: 'b', index: 1, created: false },
        ],
        errors: [],
      },
      [{ type: 'created' }, { type: 'updated' }],
    ],
    [
      'a 207 with an error that names no identifier',
      207,
      { ok: false, entities: [{ identifier: 'a', index: 0, created: true }], errors: [error(1)] },
      [{ type: 'created' }, refusal],
    ],
    [
      'an error inside a 200',
      200,
      { ok: true, entities: [{ identifier: 'b', index: 1, created: false }], errors: [error(0)] },
      [refusal, { type: 'updated' }],
    ],
    [
      'answers in another order',
      207,
      { ok: false, entities: [{ identifier: 'b', index: 1, created: true }], errors: [error(0)] },
      [refusal, { type: 'created' }],
    ],
    [
      'success and error for one place: the error counts',
      207,
      {
        ok: false,
        entities: [
          { identifier: 'a', index: 0, created: true },
          { identifier: 'b', index: 1, created: true },
        ],
        errors: [error(1)],
      },
      [{ type: 'created' }, refusal],
    ],
    [
      'silence about one',
      200,
      { ok: true, entities: [{ identifier: 'a', index: 0, created: true }], errors: [] },
      [
        { type: 'created' },
        { type: 'not-loaded', reason: expect.stringContaining('not for this') },
      ],
    ],
    [
      'silence about all',
      200,
      { ok: true },
      [
        expect.objectContaining({ type: 'not-loaded' }),
        expect.objectContaining({ type: 'not-loaded' }),
      ],
    ],
    [
      'members that the reference does not know, and others missing',
      207,
      {
        ok: false,
        entities: [{ index: 0, created: true, additionalData: { a: 1 } }],
        errors: [{ index: 1 }],
        more: 1,
      },
      [{ type: 'created' }, { type: 'refused', status: 0, error: '', message: '' }],
    ],
  ])('is read by place: %s', async (_, status, body, expected) => {
    port = startMockPort({ answer: () => ({ status, body }) });
    expect(await load(named('a', 'b'))).toEqual(expected);
    expect(port.calls).toHaveLength(1);
  });

  it('tells two entities of one identifier apart', async () => {
    const entities = [{ identifier: 'a', index: 0, created: true }];
    const errors = [error(1, { identifier: 'a' })];
    port = startMockPort({
      answer: () => ({ status: 207, body: { ok: false, entities, errors } }),
    });
    expect(await load(named('a', 'a'))).toEqual([{ type: 'created' }, refusal]);
  });

  it.each<[string, () => MockAnswer, number]>([
    ['503', () => 503, 2],
    ['429', () => 429, 11],
    ['403', () => 403, 1],
    ['401', () => 401, 2],
    ['an answer of another shape', () => ({ body: { entities: [{ index: 'x' }] } }), 1],
    ['an answer cut short', () => new Response('{"ok": tr'), 2],
    ['no body', () => new Response(null, { status: 200 }), 1],
  ])('that ends in %s is not loaded, and not divided', async (_, answer, attempts) => {
    port = startMockPort({ answer });
    const outcomes = await load(numbered(4));
    expect(types(outcomes)).toEqual(Array(4).fill('not-loaded'));
    expect(port.calls).toHaveLength(attempts);
  });

  it('is not loaded when the run is stopped', async () => {
    port = startMockPort();
    const client = port.client.withSignal(AbortSignal.abort());
    const options = { merge: true, createMissingRelatedEntities: true };
    const outcomes = await upsertEntities(
      client,
      'service',
      named('a').map(writtenEntity),
      options,
    );
    expect(types(outcomes)).toEqual(['not-loaded']);
  });

  it.each([404, 422])('is not loaded when the token request ends in %i', async (status) => {
    port = startMockPort({ token: () => status });
    expect(types(await load(numbered(4)))).toEqual(Array(4).fill('not-loaded'));
    expect(port.tokenCalls).toHaveLength(1);
  });

  it('goes through when the token expired in the middle', async () => {
    port = startMockPort({
      token: (count) => tokenAnswer(count),
      answer: (call, index) => (index === 0 ? 401 : allCreated(identifiersOf(call) ?? [])),
    });
    expect(types(await load(numbered(4)))).toEqual(Array(4).fill('created'));
  });
});

describe('a bulk that is turned down as a whole', () => {
  it.each([400, 409, 422])('loads all but the bad one when that is a %i', async (status) => {
    port = rejecting(['e13'], status);
    const outcomes = await load(numbered(20));
    expect(outcomes[13]).toEqual({
      type: 'refused',
      status,
      error: `error_${status}`,
      message: `message of ${status}`,
    });
    expect(types(outcomes).filter((type) => type === 'created')).toHaveLength(19);
    const loaded = port.calls
      .map((call) => identifiersOf(call) ?? [])
      .filter((identifiers) => !identifiers.includes('e13'))
      .flat();
    expect(loaded).toEqual(
      numbered(20)
        .map(({ identifier }) => identifier)
        .filter((name) => name !== 'e13'),
    );
  });

  it('takes at most eleven calls to find one bad entity of twenty', async () => {
    for (let place = 0; place < 20; place += 1) {
      port = rejecting([`e${place}`], 422);
      await load(numbered(20));
      expect(port.calls.length).toBeLessThanOrEqual(11);
      port.close();
    }
  });

  it('finds several', async () => {
    port = rejecting(['e0', 'e7', 'e19'], 422);
    const outcomes = await load(numbered(20));
    const refused = types(outcomes).flatMap((type, index) => (type === 'refused' ? [index] : []));
    expect(refused).toEqual([0, 7, 19]);
  });

  it('divides a 404 while the blueprint is there: something that one names is missing', async () => {
    port = rejecting(['e1'], 404);
    const outcomes = await load(numbered(3));
    expect(types(outcomes)).toEqual(['created', 'refused', 'created']);
    expect(outcomes[1]).toMatchObject({ status: 404 });
  });

  it('refuses all at once when the blueprint is gone', async () => {
    port = startMockPort({ answer: () => 404 });
    const outcomes = await load(numbered(20));
    expect(outcomes).toHaveLength(20);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set(['{"type":"refused","status":404,"error":"error_404","message":"message of 404"}']),
    );
    expect(port.calls.map(({ route }) => route)).toEqual([
      'POST /v1/blueprints/service/entities/bulk',
      'GET /v1/blueprints/service',
    ]);
  });

  it('keeps what it loaded when Port fails half-way', async () => {
    port = startMockPort({
      answer: (call, index) => {
        if (index === 0) return 422;
        return index === 1 ? allCreated(identifiersOf(call) ?? []) : 503;
      },
    });
    expect(types(await load(numbered(4)))).toEqual([
      'created',
      'created',
      'not-loaded',
      'not-loaded',
    ]);
  });
});

describe('a bulk that something on the way turns down', () => {
  const page = (status: number): Response =>
    new Response('<html>Request rejected, support id 4711</html>', {
      status,
      headers: { 'content-type': 'text/html' },
    });
  const blocking = (bad: readonly string[], answer: () => Response): MockPort =>
    startMockPort({
      answer: (call) => {
        const identifiers = identifiersOf(call) ?? [];
        const isBlocked = identifiers.some((identifier) => bad.includes(identifier));
        return isBlocked ? answer() : allCreated(identifiers);
      },
    });

  it.each([
    [403, 'answered 403 Forbidden'],
    [400, 'answered 400 Bad Request'],
    [406, 'answered 406 Not Acceptable'],
    [200, expect.stringContaining('answered with a web page instead of data')],
  ])('loads all but the one that it objects to when it says %i', async (status, answer) => {
    port = blocking(['e13'], () => page(status));
    const outcomes = await load(numbered(20));
    expect(outcomes[13]).toEqual({ type: 'blocked', answer });
    expect(types(outcomes).filter((type) => type === 'created')).toHaveLength(19);
    expect(port.calls.length).toBeLessThanOrEqual(11);
  });

  it('is not divided any more once three in a row were blocked to the last entity', async () => {
    let isDown = true;
    const answer = (call: SentCall): MockAnswer =>
      isDown ? page(403) : allCreated(identifiersOf(call) ?? []);
    port = startMockPort({ answer });
    const blockade = new Blockade();
    const options = { merge: true, createMissingRelatedEntities: true, blockade };
    const bulk = (): Promise<readonly UpsertOutcome[]> =>
      upsertEntities(port.client, 'service', numbered(20).map(writtenEntity), options);

    // Several are under way at once, as in a run.
    const outcomes = (await Promise.all(Array.from({ length: 8 }, bulk))).flat();
    expect(types(outcomes).filter((type) => type === 'blocked')).toHaveLength(3 * 20);
    expect(types(outcomes).filter((type) => type === 'not-loaded')).toHaveLength(5 * 20);
    expect(outcomes.at(-1)).toHaveProperty(
      'reason',
      'something on the way to Port refuses all that is sent: it answered 403 Forbidden',
    );
    expect(port.calls).toHaveLength(3 * 39 + 5);

    isDown = false;
    expect(types(await bulk())).toEqual(Array(20).fill('created'));
    port.close();
    port = blocking(['e7'], () => page(403));
    const mixed = await upsertEntities(
      port.client,
      'service',
      numbered(20).map(writtenEntity),
      options,
    );
    expect(types(mixed).filter((type) => type === 'created')).toHaveLength(19);
  });
});

describe('a bulk that is too large', () => {
  it('is halved until it fits', async () => {
    port = startMockPort({
      answer: (call) => {
        const identifiers = identifiersOf(call) ?? [];
        return identifiers.length > 5 ? 413 : allCreated(identifiers);
      },
    });
    expect(types(await load(numbered(20)))).toEqual(Array(20).fill('created'));
    expect(port.calls).toHaveLength(7);
  });

  it('names the one that is too large by itself', async () => {
    port = rejecting(['e2'], 413);
    const outcomes = await load(numbered(4));
    expect(types(outcomes)).toEqual(['created', 'created', 'too-large', 'created']);
    const bytes = Buffer.byteLength(
      '{"entities":[{"identifier":"e2","properties":{},"relations":{}}]}',
    );
    const answer = '413 error_413: message of 413';
    expect(outcomes[2]).toEqual({ type: 'too-large', bytes, answer });
  });

  it('never sends one of more than 1 MiB', async () => {
    port = startMockPort({ answer: (call) => allCreated(identifiersOf(call) ?? []) });
    const huge = { ...entity('huge'), properties: { text: 'ü'.repeat(600 * 1024) } };
    const outcomes = await load([entity('a'), huge, entity('b')]);
    expect(types(outcomes)).toEqual(['created', 'too-large', 'created']);
    expect(outcomes[1]).toHaveProperty('answer', null);
    expect(port.calls.flatMap((call) => identifiersOf(call) ?? [])).toEqual(['a', 'b']);
  });

  it('never sends more than 20 at once', async () => {
    port = startMockPort({ answer: (call) => allCreated(identifiersOf(call) ?? []) });
    expect(types(await load(numbered(50)))).toEqual(Array(50).fill('created'));
    const counts = port.calls.map((call) => identifiersOf(call)?.length ?? 0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });
});
