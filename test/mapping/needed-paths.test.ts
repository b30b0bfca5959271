import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { jqText } from '../../src/mapping/jq-tokens.js';
import { addNeed, cut, noNeed, type Need } from '../../src/mapping/needed-paths.js';
import { expressionProgram, resourceProgram } from '../../src/mapping/resource-program.js';
import type { JsonObject, JsonValue } from '../../src/model/json.js';
import { expressionCases } from './language/expressions.js';
import { realEngines } from './real-engines.js';
import { aResource } from './world.js';

function needOf(...expressions: readonly string[]): Need {
  const need = noNeed();
  for (const expression of expressions) addNeed(need, jqText(expression));
  return need;
}

/** `.a[].b` for what is needed whole, `.a?` for what is asked for its type or truth alone. */
function pathsIn({ isWhole, keys, each }: Need, path = ''): readonly string[] {
  if (isWhole) return [path === '' ? '.' : path];
  const below = [
    ...[...keys].flatMap(([key, inner]) => pathsIn(inner, `${path}.${key}`)),
    ...(each === null ? [] : pathsIn(each, `${path}[]`)),
  ];
  return below.length > 0 || path === '' ? below : [`${path}?`];
}

describe('what an expression needs of an item', () => {
  it.each([
    ['.title', ['.title']],
    ['.links.self[0].href', ['.links.self[].href']],
    ['.["a b"]."c".d', ['.a b.c.d']],
    ['.a.["b"][]?', ['.a.b[]']],
    ['"repository"', []],
    ["'it' + .a", ['.a']],
    ['true, null, 5, $ENV.HOME, $__loc__.line, now', []],
    ['.a // .b // "none"', ['.a', '.b']],
    ['(.a | .b), .c', ['.a.b', '.c']],
    ['.a == null and (.b.c | not) or .d > 1', ['.a', '.b.c?', '.d']],
    ['.a + .b * -.c', ['.a', '.b', '.c']],
    ['[.people[]?.user.mail | values]', ['.people[].user.mail']],
    ['[.people[] | select(.isIn).name]', ['.people[].isIn?', '.people[].name']],
    ['.people | map(.name) | join(", ")', ['.people[].name']],
    ['[.people[] | select(.name == "Ann")]', ['.people[]']],
    ['first(.people[] | .name), (.people | last.mail)', ['.people[].name', '.people[].mail']],
    ['if .a then .b elif .c == 1 then "x" else .d end', ['.a?', '.b', '.c', '.d']],
    ['if .a then "x" end', ['.']],
    ['.a as $x | [.b[] | . + $x]', ['.a', '.b[]']],
    ['. as $whole | .b', ['.']],
    ['try .a.b catch .c', ['.a.b']],
    ['(.a | tonumber)? // -1', ['.a']],
    ['.date | (tonumber / 1000 | strftime("%Y"))', ['.date']],
    ['"\\(.n) of \\(.l | length) \\("in" + .m)"', ['.n', '.l', '.m']],
    ['@uri "q=\\(.q | trim)"', ['.q']],
    ['.q | @base64', ['.q']],
    ['{a, "b": .c, (.d): .e | .f, $ENV, "g"}', ['.a', '.c', '.d', '.e.f', '.g']],
    ['.l[1:3], .m[.n], .o[-1]', ['.l', '.m', '.n', '.o']],
    ['.a | type', ['.a?']],
    // In other ways that are not understood, all is needed.
    ['.', ['.']],
    ['..', ['.']],
    ['tojson', ['.']],
    ['.a | getpath(["b"])', ['.a']],
    ['getpath(["a", "b"])', ['.']],
    ['def f: .a; f', ['.']],
    ['reduce .l[] as $x (0; . + $x)', ['.']],
    ['.a |= . + 1', ['.']],
    ['.a.b = 1', ['.']],
    ['. as {a: $a} | $a', ['.']],
    ['.a as [$a] ?// $a | .b', ['.']],
    ['label $out | .a', ['.']],
    ['limit(1; .a)', ['.']],
    ['.a # comment', ['.']],
    ['.__proto__', ['.']],
    ['."a\\(.b)"', ['.']],
    ['{a: 1', ['.']],
    ['.a)', ['.']],
    ['('.repeat(2_000), ['.']],
  ])('%s', (expression, paths) => {
    expect(pathsIn(needOf(expression))).toEqual(paths);
  });

  it('is all that any expression of the resource needs', () => {
    const entity = {
      identifier: '.slug',
      title: '.project.name',
      properties: { p: '.n | tostring' },
    };
    const { need } = resourceProgram(aResource({ entity, query: '.isOpen == true' }));
    expect(pathsIn(need)).toEqual(['.isOpen', '.slug', '.project.name', '.n']);
  });

  it('is the whole item where a list is parsed', () => {
    const { need } = resourceProgram(aResource({ itemsToParse: '.list' }));
    expect(pathsIn(need)).toEqual(['.']);
  });
});

describe('cut', () => {
  const item = {
    title: 'T',
    author: { name: 'Ann', mail: 'a', constructor: 1 },
    list: [{ a: 1, b: 2 }, 3, null, [4]],
    odd: null,
  };

  it.each([
    [['.title', '.missing.deeper'], { title: 'T' }],
    [['.author.name', '.odd.x'], { author: { name: 'Ann' }, odd: null }],
    [['.author.toString', '.author.constructor'], { author: { constructor: 1 } }],
    [['.list[].a'], { list: [{ a: 1 }, 3, null, []] }],
    [['.list | type', '.title.x'], { list: [], title: 'T' }],
    [['.author[]'], { author: item.author }],
    [['.list', '.list[].a'], { list: item.list }],
  ])('leaves of an item what %j need', (expressions, left) => {
    expect(cut(item, needOf(...expressions))).toEqual(left);
  });
});

const key = fc.constantFrom('a', 'b', 'c');
const { object } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, true, false, 0, 1, -2.5, 'x', '12', '', 'a'),
    fc.array(tie('value'), { maxLength: 3 }),
    { weight: 3, arbitrary: tie('object') },
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));

/** Expressions of all that is understood, and of some that is not. */
const { expression } = fc.letrec<{ expression: string; term: string }>((tie) => {
  const [e, t] = [tie('expression'), tie('term')];
  const written = (
    parts: readonly fc.Arbitrary<string>[],
    write: (...texts: readonly string[]) => string,
  ): fc.Arbitrary<string> => fc.tuple(...parts).map((texts) => write(...texts));
  const path = fc
    .array(
      fc.oneof(
        key.map((name) => `.${name}`),
        key.map((name) => `."${name}"`),
        fc.constantFrom('.["b"]', '.[0]', '.[]', '.[]?', '.[1:]', '.[-1]'),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((steps) => steps.join('').replace(/(?<=.)\.\[1:\]/gu, '[1:]'));
  const word = fc.constantFrom(
    ...'values not type length keys first last add tostring tojson numbers strings objects'.split(
      ' ',
    ),
    ...'to_entries empty null true . 1 "x" -1 @json has("a") test("x") join("-") [] {}'.split(' '),
  );
  return {
    term: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'jq' },
      { weight: 5, arbitrary: path },
      word,
      written([e], (x) => `(${x})`),
      written([e], (x) => `[${x}]`),
      written([e], (x) => `{k: (${x}), a, "b": .c}`),
      written([e], (x) => `(${x})?`),
      written([e, key], (x, k) => `(${x}).${k}`),
      written([e], (x) => `"<\\(${x})>"`),
      written([e], (x) => `select(${x})`),
      written([e], (x) => `map(${x})`),
      written([e], (x) => `first(${x})`),
      written([e], (x) => `any(${x})`),
      written([e, e, e], (x, y, z) => `if ${x} then ${y} else ${z} end`),
      written([t, t], (x, y) => `try ${x} catch ${y}`),
      written([e], (x) => `reduce (${x}) as $n (0; . + 1)`),
    ),
    expression: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'jq' },
      { weight: 3, arbitrary: t },
      written([e, e], (x, y) => `${x} | ${y}`),
      written([t, e], (x, y) => `${/^try|^reduce|\?$/u.test(x) ? `(${x})` : x} as $v | ${y}`),
      written([t, t], (x, y) => `${x} // ${y}`),
      written([t, t], (x, y) => `${x}, ${y}`),
      written([t, t], (x, y) => `${x} == ${y}`),
      written([t, t], (x, y) => `${x} + ${y}`),
      written([t, t], (x, y) => `${x} and ${y}`),
      written([e, e], (x, y) => `def f: ${x}; f | ${y}`),
    ),
  };
});

describe.each(realEngines)('an item that was cut, by $name', ({ start }) => {
  let engine: JqEngine;
  let spoilt = 0;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  /**
   * What expressions give for the whole items, and for what they need of them, by one program for all
   * of them: a jq takes longer to start than to work.
   * @param rows of each, an item for each expression
   * @returns null for what does not compile, or of which one spoils the answers of all
   */
  async function bothWays(
    expressions: readonly string[],
    rows: readonly (readonly JsonObject[])[],
  ): Promise<{ readonly whole: unknown; readonly ofCut: unknown } | null> {
    const outcome = (expression: string, index: number): string =>
      `(.[${index}] | try [limit(9; ${expression}\n)] catch {failed: .})`;
    const text = expressionProgram(`[${expressions.map(outcome).join(', ')}]`);
    const program = await engine.start(text).catch(() => null);
    if (program === null) return null;
    const needs = expressions.map((each) => needOf(each));
    const cutRow = (row: readonly JsonObject[]): readonly JsonValue[] =>
      row.map((item, index) => cut(item, needs[index]!));
    const whole = await program.run(rows.map((row) => JSON.stringify(row)));
    const ofCut = await program.run(rows.map((row) => JSON.stringify(cutRow(row))));
    await program.close();
    if (expressions.length > 1 && whole.some(({ ok }) => !ok)) return null;
    return { whole, ofCut };
  }

  /** Whatever jq makes of them: random ones may not compile, and then give nothing to compare. */
  async function expectSame(
    expressions: readonly string[],
    rows: readonly (readonly JsonObject[])[],
  ): Promise<void> {
    const given = await bothWays(expressions, rows);
    if (given !== null) expect([expressions, given.ofCut]).toEqual([expressions, given.whole]);
    else if (expressions.length > 1) {
      const half = Math.ceil(expressions.length / 2);
      for (const [from, to] of [[0, half] as const, [half, undefined] as const]) {
        await expectSame(
          expressions.slice(from, to),
          rows.map((row) => row.slice(from, to)),
        );
      }
    } else spoilt += 1;
  }

  it('gives what the whole one gives, in each case of the mapping language', async () => {
    const cases = expressionCases.filter((each) => !/\bnow\b/u.test(each.expression));
    for (let from = 0; from < cases.length; from += 20) {
      const some = cases.slice(from, from + 20);
      const written = some.map((each) => each.expression);
      await expectSame(written, [some.map(({ raw }) => raw)]);
    }
  });

  it('gives what the whole one gives, for any expression', async () => {
    const knowsAll = (await engine.check('.a.[0]')) === null;
    let compared = 0;
    spoilt = 0;
    let smaller = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(expression, { minLength: 20, maxLength: 40 }),
        fc.array(object, { minLength: 4, maxLength: 8 }),
        async (all, items) => {
          const expressions = all.filter((each) => knowsAll || !/[^\s([{]\.\[/u.test(each));
          await expectSame(
            expressions,
            items.map((item) => expressions.map(() => item)),
          );
          compared += expressions.length;
          smaller += expressions.filter((each) => !needOf(each).isWhole).length;
        },
      ),
      { numRuns: 30 },
    );
    // Expressions that all need the whole item, or do not compile, would prove nothing.
    expect(smaller).toBeGreaterThan(compared / 5);
    expect(spoilt).toBeLessThan(compared / 50);
  });
});
