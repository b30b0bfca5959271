import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { createMapper, type MappedItem } from '../../../src/mapping/mapper.js';
import type { JsonObject } from '../../../src/model/json.js';
import { anItem, aResource, mapWith, type ResourceSketch } from '../world.js';
import { enginesUnderTest } from './engines.js';
import { HurriedClock } from './hurried-clock.js';

const mebibyte = 1024 * 1024;
const limits = { itemTimeoutMilliseconds: 500, memoryBytes: 512 * mebibyte };
const allowedMilliseconds = 10_000;
const nested = (depth: number): JsonObject =>
  JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as JsonObject;

/** Each takes all the time there is, and grows slowly if at all. */
const endless = [
  '[range(1e12)]',
  'def f: f; f',
  'def f: 1 + f; f',
  'until(false; [., .]) | tojson',
  '. as $whole | until(false; $whole | tojson)',
  '[repeat(.)]',
  'last(repeat(.))',
  'recurse(.) | empty',
  '[recurse([., .])]',
  'last(.slug | recurse([.]))',
  'while(true; .) | empty',
  'any(repeat(false); .)',
];

/** Each takes all the time or memory there is, whichever comes first. */
const greedy = [
  '"x" * (1e8 + (.slug | length))',
  '[limit(100000000; repeat("x"))] | add',
  'reduce range(1e7) as $n (.slug; . + .)',
];

/** They end in an error or a value, and soon, in each engine in its own way. */
const strange = [
  '"\\("a" * 60)!" | test("(a+)+$")',
  '"\\("x" * 1000)" | test("((((x*)*)*)*)*y")',
  'reduce range(10000) as $n (null; [.])',
  'reduce range(10000) as $n (null; {a: .})',
  '"[" * 20000 | fromjson',
  'null | setpath([range(20000) | "a"]; 1) | tojson | length',
  '[1e1000] | implode',
  '1e1000 | todate',
  '[1e18, 1, 1, 1, 1, 1, 1, 1] | mktime',
  'now | gmtime | mktime | type',
  'error({__jq: 0})',
  'label $out | error({__jq: 0})',
  'first(first(try . catch 1) | .slug)',
  'input_filename?',
  'try halt_error catch .',
  'debug(repeat(1)) | stderr | .slug',
  'error("x" * (10000000 + (.slug | length))) | .slug',
  '[inputs?] | length',
  'get_search_list, input_line_number',
  'env, $ENV | tojson',
];

describe.each(enginesUnderTest)('hostile expressions with $name', (machine) => {
  const clock = new HurriedClock();
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await machine.open({ ...limits, clock });
  });
  afterAll(() => engine.close());

  const among = (expression: string, otherwise: string): string =>
    `if .isHostile then (${expression}) else ${otherwise} end`;
  const asProperty = (expression: string): ResourceSketch => ({
    entity: { properties: { p: among(expression, '.slug') } },
  });
  const items = [
    anItem({ slug: 'a' }, 0),
    anItem({ slug: 'b', isHostile: true }, 1),
    anItem({ slug: 'c' }, 2),
  ] as const;

  /** Maps a hostile item between two others. */
  async function mapAmong(expression: string): Promise<readonly MappedItem[]> {
    const start = performance.now();
    const mapped = await mapWith(engine, aResource(asProperty(expression)), items);
    expect(performance.now() - start).toBeLessThan(allowedMilliseconds);
    expectNeighbours(mapped);
    return mapped;
  }

  /** Maps one that never ends. While jq is busy with that alone, its time goes by faster. */
  async function mapAmongInHurry(sketch: ResourceSketch): Promise<readonly MappedItem[]> {
    const mapper = await createMapper(engine, aResource(sketch));
    const [before, hostile, after] = items;
    const first = await mapper.map([before]);
    const others = [mapper.map([hostile]), mapper.map([after])] as const;
    const mapped = [...first, ...(await clock.until(others[0])), ...(await others[1])];
    await mapper.close();
    expectNeighbours(mapped);
    return mapped;
  }

  function expectNeighbours(mapped: readonly MappedItem[]): void {
    expect(mapped).toHaveLength(3);
    for (const [index, slug] of [
      [0, 'a'],
      [2, 'c'],
    ] as const) {
      expect(mapped[index]?.problems).toEqual([]);
      expect(mapped[index]?.entities[0]?.entity).toMatchObject({
        identifier: slug,
        properties: { p: slug },
      });
    }
  }

  const failedWith = (message: RegExp) => ({
    status: 'failed',
    entities: [],
    problems: [{ code: 'item-failed', message: expect.stringMatching(message) }],
  });

  it.each(greedy)('fails the one item of %s in time, and loads the others', async (expression) => {
    const mapped = await mapAmong(expression);
    expect(mapped[1]).toMatchObject(
      failedWith(/^took longer than 0\.5 s|memory|gave more than 64 MiB/),
    );
  });

  it.each(endless)('fails the one item of %s in time, and loads the others', async (expression) => {
    const mapped = await mapAmongInHurry(asProperty(expression));
    expect(mapped[1]).toMatchObject(
      failedWith(/^took longer than 0\.5 s|memory|gave more than 64 MiB/),
    );
  });

  it('fails the one item whose query never ends, and loads the others', async () => {
    const query = among('last(range(1e12))', 'true');
    const mapped = await mapAmongInHurry({ query, entity: { properties: { p: '.slug' } } });
    expect(mapped[1]).toMatchObject(failedWith(/^took longer than 0\.5 s/));
  });

  it.each(strange)('loads the others in time whatever comes of %s', async (expression) => {
    await mapAmong(expression);
  });

  it('fails an item that is nested 10,000 deep, and loads the others', async () => {
    const items = [{ slug: 'a' }, { slug: 'b', deep: nested(10_000) }, { slug: 'c' }];
    const resource = aResource({ entity: { properties: { p: '.deep' } } });
    const mapped = await mapWith(engine, resource, items.map(anItem));
    expect(mapped.map(({ status }) => status)).toEqual(['mapped', 'failed', 'mapped']);
    expect(mapped[1]?.problems).toMatchObject([
      { code: 'item-failed', message: 'the item is nested too deeply' },
    ]);
  });

  it('loads or fails an item that is nested 2,000 deep, and loads the others', async () => {
    const items = [{ slug: 'a' }, { slug: 'b', deep: nested(2_000) }, { slug: 'c' }];
    const resource = aResource({ entity: { properties: { p: '.deep' } } });
    const mapped = await mapWith(engine, resource, items.map(anItem));
    expect([mapped[0]?.status, mapped[2]?.status]).toEqual(['mapped', 'mapped']);
  });

  it.each([300, 3_000, 20_000])(
    'tells of an item that is nested %i deep what became of it, and loads the others',
    async (depth) => {
      const items = [{ slug: 'a' }, { slug: 'b', deep: nested(depth) }, { slug: 'c' }];
      const resource = aResource({ entity: { properties: { p: '.deep' } } });
      const mapped = await mapWith(engine, resource, items.map(anItem));
      expect([mapped[0]?.status, mapped[2]?.status]).toEqual(['mapped', 'mapped']);
      const told = mapped[1]?.problems.map((problem) => 'message' in problem && problem.message);
      expect(told).toEqual([
        expect.stringMatching(
          /^the item is nested too deeply$|^the value is nested too deeply to be printed$/,
        ),
      ]);
    },
  );

  it('loads an item however deep it is where nothing is mapped from', async () => {
    const items = [{ slug: 'a' }, { slug: 'b', deep: nested(20_000) }, { slug: 'c' }];
    const mapped = await mapWith(engine, aResource(), items.map(anItem));
    expect(mapped.map(({ status }) => status)).toEqual(['mapped', 'mapped', 'mapped']);
  });
});

describe.each(enginesUnderTest)('a hostile mapping with $name', (machine) => {
  it('is given up long before it has run away on each of 1,000 items, and costs those after it nothing', async () => {
    const engine = await machine.open({ ...limits, itemTimeoutMilliseconds: 100 });
    const resource = aResource({ entity: { properties: { p: 'last(range(1e12))' } } });
    const items = Array.from({ length: 1_000 }, (_, index) => anItem({ slug: `s${index}` }, index));
    const start = performance.now();
    const mapped = await mapWith(engine, resource, items);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(mapped.map(({ status }) => status)).toEqual(items.map(() => 'failed'));
    const codes = mapped.flatMap(({ problems }) => problems.map(({ code }) => code));
    const tried = codes.lastIndexOf('item-failed') + 1;
    expect(tried).toBeLessThanOrEqual(15);
    expect(codes.slice(tried)).toEqual(items.slice(tried).map(() => 'item-given-up'));
    expect(mapped.at(-1)?.problems).toMatchObject([
      {
        message: expect.stringMatching(
          /^\d+ items before it kept jq busy for \d+ s without an answer/,
        ),
      },
    ]);
    const after = await mapWith(engine, aResource(), items);
    expect(after.map(({ status }) => status)).toEqual(items.map(() => 'mapped'));
    await engine.close();
  });
});
