import { afterEach, describe, expect, it } from '@jest/globals';
import type { MappedFields } from '../../src/model/entity.js';
import type { JsonValue } from '../../src/model/json.js';
import { readByIdentifier, readOwned } from '../../src/port/catalog.js';
import { readOwnedReferences } from '../../src/port/owned-references.js';
import { collect, startMockPort, type MockAnswer, type MockPort } from './mock-port.js';

let port: MockPort;
afterEach(() => {
  port.close();
});

const fields: MappedFields = {
  title: true,
  icon: false,
  team: true,
  properties: ['url', 'owner'],
  relations: ['project', 'owner'],
};
const nothing: MappedFields = {
  title: false,
  icon: false,
  team: false,
  properties: [],
  relations: [],
};
const ownedRules = [
  { property: '$datasource', operator: 'contains', value: 'port-ocean/bitbucket-server/' },
  { property: '$datasource', operator: 'contains', value: '/my-bitbucket/exporter' },
];
const page = (identifiers: readonly string[], next?: string): MockAnswer => {
  const entities = identifiers.map((identifier) => ({ identifier, blueprint: 'service' }));
  return { body: { ok: true, entities, ...(next === undefined ? {} : { next }) } };
};
const bodies = (): unknown[] => port.calls.map(({ body }) => body);

describe('reading what we own', () => {
  it('asks for the largest page of our own entities, with nothing but the mapped fields', async () => {
    port = startMockPort({ answer: () => page([]) });
    await collect(readOwned(port.client, 'service', fields));
    expect(port.calls[0]?.route).toBe('POST /v1/blueprints/service/entities/search');
    expect(bodies()).toEqual([
      {
        query: { combinator: 'and', rules: ownedRules },
        include: [
          '$identifier',
          '$updatedAt',
          '$createdAt',
          '$title',
          '$team',
          'url',
          'owner',
          'project',
        ],
        limit: 1000,
      },
    ]);
  });

  it('asks for identifier and time alone when nothing is mapped', async () => {
    port = startMockPort({ answer: () => page([]) });
    await collect(readOwned(port.client, 'service', nothing));
    expect(bodies()[0]).toMatchObject({ include: ['$identifier', '$updatedAt', '$createdAt'] });
  });

  it('follows next, as given, over short and empty pages to its absence', async () => {
    const pages = [page(['a', 'b'], 'x=/&'), page([], 'y'), page(['c'], 'z'), page([])];
    port = startMockPort({ answer: (_, index) => pages[index] ?? 500 });
    const read = await collect(readOwned(port.client, 'service', fields));
    expect(read.flat().map(({ identifier }) => identifier)).toEqual(['a', 'b', 'c']);
    expect(port.calls.map(({ body }) => (body as { from?: string }).from)).toEqual([
      undefined,
      'x=/&',
      'y',
      'z',
    ]);
  });

  it('reads a page only when it is asked for', async () => {
    port = startMockPort({ answer: (_, index) => page([`e${index}`], `next-${index}`) });
    for await (const entities of readOwned(port.client, 'service', fields)) {
      expect(entities).toHaveLength(1);
      break;
    }
    expect(port.calls).toHaveLength(1);
  });

  it.each<[string, Record<string, JsonValue>, object]>([
    [
      'an entity without anything',
      {},
      { updatedAt: null, createdAt: null, properties: {}, relations: {} },
    ],
    [
      'all that was asked for',
      {
        title: 'A',
        team: ['ops'],
        updatedAt: '2026-01-02T03:04:05.678Z',
        properties: { url: null, owner: { a: [1] } },
        relations: { project: 'P', owner: ['x', 'y'] },
        blueprint: 'service',
        scorecards: {},
      },
      {
        title: 'A',
        team: ['ops'],
        updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
        createdAt: null,
        properties: { url: null, owner: { a: [1] } },
        relations: { project: 'P', owner: ['x', 'y'] },
      },
    ],
    [
      'nulls',
      { title: null, icon: null, team: null, updatedAt: null, properties: null, relations: null },
      {
        title: null,
        icon: null,
        team: null,
        updatedAt: null,
        createdAt: null,
        properties: {},
        relations: {},
      },
    ],
    [
      'a time that is none',
      { updatedAt: 'yesterday' },
      { updatedAt: null, createdAt: null, properties: {}, relations: {} },
    ],
  ])('gives %s', async (_, told, expected) => {
    const body = { ok: true, entities: [{ identifier: 'a', ...told }] };
    port = startMockPort({ answer: () => ({ body }) });
    const read = await collect(readOwned(port.client, 'service', fields));
    expect(read).toEqual([[{ identifier: 'a', ...expected }]]);
  });

  it.each<[string, readonly MockAnswer[], RegExp]>([
    ['a page fails', [page(['a'], 'x'), 500, 500], /500/],
    ['a page is refused', [page(['a'], 'x'), 403], /403/],
    ['a page is cut short', [page(['a'], 'x'), new Response('{"ok":true,"ent')], /./],
    ['next leads back', [page(['a'], 'x'), page(['b'], 'y'), page(['c'], 'x')], /leads back/],
    ['next leads to itself', [page(['a'], 'x'), page(['a'], 'x')], /leads back/],
    ['a page has no list', [page(['a'], 'x'), { body: { ok: true } }], /shape/],
    ['a page says that it is not well', [{ body: { ok: false, entities: [] } }], /shape/],
    ['an entity has no identifier', [{ body: { ok: true, entities: [{ title: 'A' }] } }], /shape/],
    ['next is no text', [{ body: { ok: true, entities: [], next: 7 } }], /shape/],
    ['the blueprint is gone', [404], /404/],
  ])('never looks complete when %s', async (_, answers, reason) => {
    port = startMockPort({ answer: (_call, index) => answers[index] ?? 500 });
    await expect(collect(readOwned(port.client, 'service', fields))).rejects.toMatchObject({
      problems: [
        {
          code: 'catalog-unreadable',
          blueprint: 'service',
          reason: expect.stringMatching(reason),
        },
      ],
    });
  });

  it('is no problem of the catalog when the run is stopped', async () => {
    port = startMockPort();
    const client = port.client.withSignal(AbortSignal.abort());
    await expect(collect(readOwned(client, 'service', fields))).rejects.toMatchObject({
      failure: 'aborted',
    });
  });
});

describe('reading by identifier', () => {
  it('asks for some at a time, and for who made them', async () => {
    port = startMockPort({ answer: () => page([]) });
    const identifiers = Array.from({ length: 450 }, (_, index) => `e${index}`);
    await collect(readByIdentifier(port.client, 'service', identifiers, nothing));
    const asked = port.calls.map(({ body }) => body as { query: { rules: { value: string[] }[] } });
    expect(asked.map(({ query }) => query.rules.length)).toEqual([1, 1, 1]);
    expect(asked.flatMap(({ query }) => query.rules[0]?.value ?? [])).toEqual(identifiers);
    expect(asked[0]).toMatchObject({
      query: { combinator: 'and', rules: [{ property: '$identifier', operator: 'in' }] },
      include: ['$identifier', '$updatedAt', '$createdAt', '$createdBy', '$updatedBy'],
    });
  });

  it('asks for our own alone where that is wanted', async () => {
    port = startMockPort({ answer: () => page([]) });
    const owned = { ownedOnly: true };
    await collect(readByIdentifier(port.client, 'service', ['a'], nothing, owned));
    const named = { property: '$identifier', operator: 'in', value: ['a'] };
    expect(bodies()[0]).toMatchObject({ query: { rules: [named, ...ownedRules] } });
  });

  it('keeps a call below 1 MiB with the longest identifiers', async () => {
    port = startMockPort({ answer: () => page([]) });
    const identifiers = Array.from({ length: 400 }, () => '漢'.repeat(1000));
    await collect(readByIdentifier(port.client, 'service', identifiers, nothing));
    for (const body of bodies()) {
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(1024 * 1024);
    }
  });

  it('gives what was found', async () => {
    const entities = [{ identifier: 'b', createdBy: 'user-1', updatedBy: 'user-2' }];
    port = startMockPort({ answer: () => ({ body: { ok: true, entities } }) });
    const read = await collect(readByIdentifier(port.client, 'service', ['a', 'b'], nothing));
    expect(read.flat()).toEqual([
      {
        identifier: 'b',
        updatedAt: null,
        createdAt: null,
        createdBy: 'user-1',
        updatedBy: 'user-2',
        properties: {},
        relations: {},
      },
    ]);
  });

  it('makes no call for no identifiers', async () => {
    port = startMockPort();
    expect(await collect(readByIdentifier(port.client, 'service', [], nothing))).toEqual([]);
    expect(port.calls).toHaveLength(0);
  });
});

describe('reading references to all that we own', () => {
  const reference = (identifier: string): object => ({ identifier, blueprint: 'service' });

  it('pages through the route of the data source', async () => {
    const pages = [page(['a'], 'x'), page(['b'])];
    port = startMockPort({ answer: (_, index) => pages[index] ?? 500 });
    const read = await collect(readOwnedReferences(port.client));
    expect(read).toEqual([[reference('a')], [reference('b')]]);
    const asked = {
      datasource_prefix: 'port-ocean/bitbucket-server/',
      datasource_suffix: '/my-bitbucket/exporter',
      limit: 5000,
    };
    expect(port.calls[0]?.route).toBe('POST /v1/blueprints/entities/datasource-entities');
    expect(bodies()).toEqual([asked, { ...asked, from: 'x' }]);
  });

  it('searches the catalog where there is no such route', async () => {
    port = startMockPort({ answer: (_, index) => (index === 0 ? 404 : page(['a'])) });
    expect(await collect(readOwnedReferences(port.client))).toEqual([[reference('a')]]);
    expect(port.calls[1]?.route).toBe('POST /v1/entities/search');
    expect([...(port.calls[1]?.query ?? [])]).toEqual([
      ['exclude_calculated_properties', 'true'],
      ['include', 'identifier'],
      ['include', 'blueprint'],
    ]);
    expect(bodies()[1]).toEqual({ combinator: 'and', rules: ownedRules });
  });

  const failedSearch = { ok: true, entities: [], failedBlueprints: ['service'] };
  it.each<[string, readonly MockAnswer[], string]>([
    ['a page fails', [page(['a'], 'x'), 500, 500], 'server-unavailable'],
    ['a later page is not found', [page(['a'], 'x'), 404], 'server-unavailable'],
    ['next leads back', [page(['a'], 'x'), page(['b'], 'x')], 'server-unavailable'],
    ['it is refused', [403], 'permission-refused'],
    ['the search leaves out a blueprint', [404, { body: failedSearch }], 'server-unavailable'],
  ])('never looks complete when %s', async (_, answers, code) => {
    port = startMockPort({ answer: (_call, index) => answers[index] ?? 500 });
    await expect(collect(readOwnedReferences(port.client))).rejects.toMatchObject({
      problems: [{ code, side: 'port', subject: 'entities of this data source' }],
    });
  });
});
