import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import type { MappedItem } from '../../../src/mapping/mapper.js';
import type { JsonObject } from '../../../src/model/json.js';
import { anItem, aResource, mapWith } from '../world.js';
import { enginesUnderTest } from './engines.js';

const mebibyte = 1024 * 1024;
const limits = { itemTimeoutMilliseconds: 500, memoryBytes: 512 * mebibyte };
const allowedMilliseconds = 10_000;
const nested = (depth: number): JsonObject =>
  JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as JsonObject;

/** Each takes all the time or memory there is, or more depth than jq has. */
const runaways = [
  '[range(1e12)]',
  'def f: f; f',
  'def f: 1 + f; f',
  '"x" * (1e8 + (.slug | length))',
  '[limit(100000000; repeat("x"))] | add',
  'until(false; [., .]) | tojson',
  '. as $whole | until(false; $whole | tojson)',
  '[repeat(.)]',
  'last(repeat(.))',
  'recurse(.) | empty',
  '[recurse([., .])]',
  'last(.slug | recurse([.]))',
  'while(true; .) | empty',
  'any(repeat(false); .)',
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
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await machine.open(limits);
  });
  afterAll(() => engine.close());

  /** Maps a hostile item between two others. */
  async function mapAmong(expression: string): Promise<readonly MappedItem[]> {
    const start = performance.now();
    const resource = aResource({
      entity: { properties: { p: `if .isHostile then (${expression}) else .slug end` } },
    });
    const items = [{ slug: 'a' }, { slug: 'b', isHostile: true }, { slug: 'c' }];
    const mapped = await mapWith(
      engine,
      resource,
      items.map((value, index) => anItem(value, index)),
    );
    expect(performance.now() - start).toBeLessThan(allowedMilliseconds);
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
    return mapped;
  }

  it.each(runaways)(
    'fails the one item of %s in time, and loads the others',
    async (expression) => {
      const mapped = await mapAmong(expression);
      expect(mapped[1]).toMatchObject({
        status: 'failed',
        entities: [],
        problems: [
          {
            code: 'item-failed',
            message: expect.stringMatching(/^took longer than 0\.5 s|memory|gave more than 64 MiB/),
          },
        ],
      });
    },
  );

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
  it('is given up long before it has run away on each of 1,000 items', async () => {
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
    await engine.close();
  });

  it('costs the resources after it nothing', async () => {
    const engine = await machine.open({ ...limits, itemTimeoutMilliseconds: 100 });
    const hostile = aResource({ query: 'last(range(1e12))' });
    const items = Array.from({ length: 40 }, (_, index) => anItem({ slug: `s${index}` }, index));
    await mapWith(engine, hostile, items);
    const mapped = await mapWith(engine, aResource(), items);
    expect(mapped.map(({ status }) => status)).toEqual(items.map(() => 'mapped'));
    await engine.close();
  });
});
