import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JqCompileError, type JqEngine } from '../../../src/mapping/engine/engine.js';
import { enginesUnderTest, runOnce, told } from './engines.js';

interface ValueCase {
  readonly program: string;
  readonly input: unknown;
  readonly value: unknown;
  readonly sinceDialect?: true;
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const valueCases: readonly ValueCase[] = [
  { program: '.', input: null, value: null },
  { program: '.name', input: { name: 'Payments' }, value: 'Payments' },
  { program: '.missing', input: {}, value: null },
  { program: '[.[] | . * 2]', input: [1, 2.5, -3], value: [2, 5, -6] },
  {
    program: '.',
    input: 'Grüße, 日本, 🦊, \u0000, \u2028, "quoted"\\\n',
    value: 'Grüße, 日本, 🦊, \u0000, \u2028, "quoted"\\\n',
  },
  { program: '.', input: 9007199254740991, value: 9007199254740991 },
  { program: '.', input: 1.5e300, value: 1.5e300 },
  { program: '.a.b.c', input: { a: { b: { c: [] } } }, value: [] },
  { program: '. as [$a, {b: $c}] | {$a, $c}', input: [1, { b: 2 }], value: { a: 1, c: 2 } },
  { program: 'def twice(f): f | f; . | twice(. + 1)', input: 1, value: 3 },
  { program: '.x # a comment at the end', input: { x: 1 }, value: 1 },
  { program: '.x # a comment that ends in a backslash \\', input: { x: 1 }, value: 1 },
  { program: '"\\(.n) and \\("in" + "ner")"', input: { n: 1 }, value: '1 and inner' },
  { program: '.a, .b', input: { a: 'first', b: 'second' }, value: 'first' },
  { program: '[.[] | tostring]', input: [1, 'a', null], value: ['1', 'a', 'null'] },
  {
    program: '. / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ")',
    input: 1747730324000,
    value: '2025-05-20T08:38:44Z',
  },
  { program: 'try error({code: 7}) catch .code', input: null, value: 7 },
  { program: 'test("^a.c$")', input: 'abc', value: true },
  { program: '{"v": ., "e": 1}', input: 2, value: { v: 2, e: 1 } },
  { program: '[trim, ltrim, rtrim]', input: ' a b\n', value: ['a b', 'a b\n', ' a b'] },
  { program: 'trim', input: 'line\n inner \nline', value: 'line\n inner \nline' },
  { program: 'map(toarray)', input: [1, [2], null], value: [[1], [2], [null]] },
  { program: 'map(abs)', input: [1, -2.5, 0], value: [1, 2.5, 0] },
  { program: 'trimstr("--")', input: '--flag--', value: 'flag' },
  {
    program: 'pick(.a.b, .c)',
    input: { a: { b: 1, x: 2 }, c: 3, d: 4 },
    value: { a: { b: 1 }, c: 3 },
  },
  { program: 'add(.[].n)', input: [{ n: 1 }, { n: 2 }], value: 3 },
  { program: '[skip(2; .[])]', input: [1, 2, 3, 4], value: [3, 4] },
  { program: '[scan("c(.)"; "i")]', input: 'Ca cb', value: [['a'], ['b']] },
  { program: 'map(toboolean)', input: ['true', false], value: [true, false] },
  { program: 'def trim: "mine"; trim', input: ' a ', value: 'mine' },
  { program: 'if . then "yes" end', input: false, value: false, sinceDialect: true },
  { program: '.a.[0]', input: { a: [1] }, value: 1, sinceDialect: true },
];

describe.each(enginesUnderTest)('values with $name', (machine) => {
  let engine: JqEngine;

  beforeAll(async () => {
    engine = await machine.open();
  });

  afterAll(() => engine.close());

  it.each(valueCases.filter(({ sinceDialect }) => machine.isCurrent || sinceDialect !== true))(
    'gives the value of $program',
    async ({ program, input, value }) => {
      const [outcome] = await runOnce(engine, program, [input]);
      expect(told(outcome)).toEqual({ value });
    },
  );

  it.each([
    ['error("broken")', 'broken'],
    ['error({code: 7})', '{"code":7}'],
    ['.a.b', expect.stringMatching(/^Cannot index number with .*"a"/)],
    ['trim', 'trim input must be a string'],
    ['empty', 'the expression gave no output'],
    ['error({__jq: 0})', expect.any(String)],
  ])('tells the error of %s and goes on', async (program, message) => {
    const outcomes = await runOnce(engine, `if . == 1 then ${program} else . end`, [0, 1, 2]);
    expect(outcomes).toEqual([
      { ok: true, text: '0' },
      { ok: false, failure: 'error', message },
      { ok: true, text: '2' },
    ]);
  });

  it('keeps messages short', async () => {
    const [outcome] = await runOnce(engine, 'error("x" * 5000)', [null]);
    expect(outcome).toMatchObject({ ok: false, message: 'x'.repeat(1_000) });
  });

  it('takes values nested 200 deep, as deep as any jq can', async () => {
    const program = await engine.start('[., .] | tojson | fromjson | .[0]');
    expect(await program.run([nested(200), '1'])).toEqual([
      { ok: true, text: nested(200) },
      { ok: true, text: '1' },
    ]);
  });

  it('fails a value that is nested too deeply and goes on', async () => {
    const program = await engine.start('.');
    const outcomes = await program.run(['1', nested(20_000), '2']);
    expect(outcomes).toMatchObject([
      { ok: true, text: '1' },
      { ok: false },
      { ok: true, text: '2' },
    ]);
  });

  it('carries an item of 20 MiB', async () => {
    const text = 'ä'.repeat(10 * 1024 * 1024);
    const outcomes = await runOnce(engine, '[., length]', [text, 'b']);
    expect(outcomes.map(told)).toEqual([{ value: [text, text.length] }, { value: ['b', 1] }]);
  });

  it('runs a program of 200 KiB', async () => {
    const program = `. # ${'x'.repeat(200 * 1024)}`;
    expect(await runOnce(engine, program, [{ a: 1 }])).toEqual([{ ok: true, text: '{"a":1}' }]);
  });

  it('answers no inputs with no outcomes', async () => {
    expect(await runOnce(engine, '.', [])).toEqual([]);
  });

  it('refuses a program that does not compile, in the words of jq', async () => {
    const start = engine.start('.a | frobnicate(1)');
    await expect(start).rejects.toBeInstanceOf(JqCompileError);
    await expect(start).rejects.toThrow(/^frobnicate\/1 is not defined$/);
  });

  it('rejects what is asked of a closed program', async () => {
    const program = await engine.start('.');
    await program.close();
    await program.close();
    await expect(program.run(['1'])).rejects.toThrow('closed');
  });
});
