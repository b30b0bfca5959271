import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { unfolded } from '../../src/mapping/resource-program.js';
import { enginesUnderTest } from './engine/engines.js';
import { anItem, aResource, mapWith } from './world.js';

describe('a program without constants to compute', () => {
  it.each(['.slug', '1 + 2 * 3', '"a" + "b"', '.size * .size'])('is %s itself', (program) => {
    expect(unfolded(program)).toBe(program);
  });

  it.each([
    ['"x" * 1e8', '"x" * (1e8 as $number | $number)'],
    ['.5*"x" # * 2', '(.5 as $number | $number)*"x" # * 2'],
    ['"\\" * 2 \\("x" * 3)"', '"\\" * 2 \\("x" * (3 as $number | $number))"'],
    [
      '.a[10] * .b2 | "\\(. * 1)"',
      '.a[(10 as $number | $number)] * .b2 | "\\(. * (1 as $number | $number))"',
    ],
  ])('reads %s as %s', (program, expected) => {
    expect(unfolded(program)).toBe(expected);
  });
});

describe.each(enginesUnderTest)('a mapping that computes with constants, with $name', (machine) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await machine.open({ itemTimeoutMilliseconds: 500 });
  });
  afterAll(() => engine.close());

  const constants = ['"x" * 100000000', '("x" * 10000) * 10000', '"\\("x" * 1e8)"', '1e8 * "x"'];

  it.each(constants)('is checked in no time: %s', async (expression) => {
    const start = performance.now();
    expect(await checkExpressions(engine, [{ path: [], expression }])).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each(constants)('costs the item alone on which it runs: %s', async (expression) => {
    const entity = {
      properties: { p: `if .slug == "b" then (${expression} | length) else 1 end` },
    };
    const items = ['a', 'b', 'c'].map((slug, index) => anItem({ slug }, index));
    const mapped = await mapWith(engine, aResource({ entity }), items);
    expect([mapped[0]?.status, mapped[2]?.status]).toEqual(['mapped', 'mapped']);
  });

  it.each([
    ['"ab" * 2', 'abab'],
    ['[.slug[0:2] * 2, .list[1]]', ['apap', 2]],
    ['path(.list[1]) + ["x" * 1]', ['list', 1, 'x']],
    ['.list[0] as $n | "\\($n * 1.5e1) -1"', '15 -1'],
    ['-1 * .list[1] | "\\(.)"', '-2'],
  ])('gives what jq gives for %s', async (expression, value) => {
    const resource = aResource({ entity: { properties: { p: expression } } });
    const [mapped] = await mapWith(engine, resource, [anItem({ slug: 'api', list: [1, 2] })]);
    expect(mapped?.problems).toEqual([]);
    expect(mapped?.entities[0]?.entity.properties.p).toEqual(value);
  });
});
