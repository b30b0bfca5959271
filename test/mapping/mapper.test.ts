import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine, JqOutcome } from '../../src/mapping/engine/engine.js';
import { createMapper } from '../../src/mapping/mapper.js';
import type { RawItem } from '../../src/model/page.js';
import { someEngine } from './real-engines.js';
import { anItem, aResource, mapWith, type ResourceSketch } from './world.js';

/** An engine whose programs answer as they are told. */
function scriptedEngine(...outcomes: readonly JqOutcome[]): JqEngine & { closed: number } {
  const engine = {
    description: 'scripted',
    version: '0',
    closed: 0,
    start: () =>
      Promise.resolve({
        run: () => Promise.resolve(outcomes),
        close: () => {
          engine.closed += 1;
          return Promise.resolve();
        },
      }),
    check: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
  return engine;
}

describe('a mapper', () => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await someEngine();
  });
  afterAll(() => engine.close());

  it('asks nothing of jq for no items', async () => {
    await expect(mapWith(scriptedEngine(), aResource(), [])).resolves.toEqual([]);
  });

  it('keeps the order and the identity of items', async () => {
    const items = ['c', 'a', 'b'].map((slug, index) => anItem({ slug }, index));
    const mapped = await mapWith(engine, aResource(), items);
    expect(mapped.map(({ item }) => item)).toEqual(items);
    expect(mapped.map(({ entities }) => entities[0]?.entity.identifier)).toEqual(['c', 'a', 'b']);
  });

  it('tells each entity by what it was made by and from', async () => {
    const resource = aResource({ entity: [{}, { blueprint: '"service"' }] });
    const noLink: RawItem = { key: 'PAY/api', link: null, value: { slug: 'api' } };
    const [mapped] = await mapWith(engine, resource, [noLink]);
    expect(mapped?.entities.map(({ feed, item }) => [feed, item])).toEqual([
      [resource.feeds[0], 'PAY/api'],
      [resource.feeds[1], 'PAY/api'],
    ]);
  });

  it.each(['error', 'time', 'memory', 'crash'] as const)(
    'fails an item that ended in %s, and no other',
    async (failure) => {
      const scripted = scriptedEngine(
        { ok: true, text: '[[["a"]]]' },
        { ok: false, failure, message: 'x'.repeat(300) },
        { ok: true, text: '[[["c"]]]' },
      );
      const items = [1, 2, 3].map((position) => anItem({}, position));
      const mapped = await mapWith(scripted, aResource(), items);
      expect(mapped.map(({ status }) => status)).toEqual(['mapped', 'failed', 'mapped']);
      expect(mapped[1]?.entities).toEqual([]);
      expect(mapped[1]?.problems).toEqual([
        {
          code: 'item-failed',
          resource: { index: 0, kind: 'repository' },
          item: 'https://bitbucket/2',
          message: `${'x'.repeat(199)}…`,
        },
      ]);
    },
  );

  it('does not take fewer outcomes than items for an answer', async () => {
    await expect(mapWith(scriptedEngine(), aResource(), [anItem({})])).rejects.toThrow(
      'jq gave no outcome for 1',
    );
  });

  it('closes its program', async () => {
    const scripted = scriptedEngine();
    const mapper = await createMapper(scripted, aResource());
    await mapper.close();
    expect(scripted.closed).toBe(1);
  });

  it('knows what its expressions mention', async () => {
    const mapper = await createMapper(
      scriptedEngine(),
      aResource({
        query: '.__selected',
        itemsToParse: '.__list',
        entity: {
          properties: { a: '.["__readme"] | length' },
          relations: {
            r: {
              combinator: '"and"',
              rules: [{ property: '"p"', operator: '"="', value: '.__deep' }],
            },
          },
        },
      }),
    );
    const mentioned = ['__selected', '__list', '__readme', '__deep'];
    expect(mentioned.filter((field) => mapper.mentions(field))).toEqual(mentioned);
    expect(mapper.mentions('__latestCommit')).toBe(false);
  });
});

describe('an item of which something could not be read', () => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await someEngine();
  });
  afterAll(() => engine.close());

  const mapped = async (sketch: ResourceSketch): Promise<object> => {
    const item: RawItem = {
      ...anItem({ slug: 'api', list: [1], __readme: null }),
      unreadable: ['__readme'],
    };
    const [{ status, entities, problems } = { status: '', entities: [], problems: [] }] =
      await mapWith(engine, aResource(sketch), [item]);
    return { status, entities: entities.map(({ entity }) => entity), problems };
  };

  it('says nothing of the fields that rest on it', async () => {
    const sketch: ResourceSketch = {
      entity: {
        title: '.__readme // "none"',
        icon: '.["__readme"]',
        team: '.__readme',
        properties: { readme: '.__readme', broken: '.__readme | error("x")', slug: '.slug' },
        relations: {
          r: '.__readme',
          q: {
            combinator: '"and"',
            rules: [{ property: '"p"', operator: '"="', value: '.__readme' }],
          },
          s: '.slug',
        },
      },
    };
    await expect(mapped(sketch)).resolves.toEqual({
      status: 'mapped',
      problems: [],
      entities: [
        {
          identifier: 'api',
          blueprint: 'repository',
          properties: { slug: 'api' },
          relations: { s: 'api' },
        },
      ],
    });
  });

  it.each<[string, ResourceSketch, object]>([
    ['selector', { query: '.__readme == null' }, { code: 'selector-failed' }],
    ['list', { itemsToParse: '.list + [.__readme]' }, { code: 'items-to-parse-failed' }],
    [
      'identifier',
      { entity: { identifier: '.slug + .__readme' } },
      { code: 'identity-failed', field: 'identifier' },
    ],
    [
      'blueprint',
      { entity: { blueprint: '.__readme // "x"' } },
      { code: 'identity-failed', field: 'blueprint' },
    ],
  ])('fails when its %s rests on it', async (_, sketch, problem) => {
    await expect(mapped(sketch)).resolves.toEqual({
      status: 'failed',
      entities: [],
      problems: [expect.objectContaining({ ...problem, message: '__readme could not be read' })],
    });
  });
});
