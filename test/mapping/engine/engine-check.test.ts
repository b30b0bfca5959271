import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { enginesUnderTest } from './engines.js';

const good = [
  '.',
  '.a # comment',
  '.a # comment \\',
  '"a \\(.b | "\\(.c)")"',
  'def f: 1; f',
  '. as $x | $x',
  'if . then (1) else [2] end',
  '"(" + ")"',
  'trim | toarray | abs',
  'env | debug("x") | input',
  '$ENV.PATH',
  '@base64 "x\\(.)"',
];

const bad: readonly (readonly [string, RegExp])[] = [
  ['.a) , (.b', /^syntax error, unexpected INVALID_CHARACTER, expecting/],
  ['.a) # ', /^syntax error/],
  ['.a |', /^syntax error, unexpected (?:end of file|\$end)$/],
  ['.[', /^syntax error, unexpected (?:end of file|\$end)$/],
  ['"open', /^syntax error/],
  ['', /./],
  ['def f: 1;', /./],
  ['import "a" as a; 1', /./],
  ['frobnicate', /^frobnicate\/0 is not defined$/],
  ['. as $x | $y', /^\$y is not defined$/],
  ['.a\n| foo\n| bar', /^foo\/0 is not defined; bar\/0 is not defined$/],
  ["'single'", /^syntax error/],
  ['. \0 .', /NUL/],
];

describe.each(enginesUnderTest)('checking with $name', (machine) => {
  let engine: JqEngine;

  beforeAll(async () => {
    engine = await machine.open();
  });

  afterAll(() => engine.close());

  it.each(good)('accepts %s', async (expression) => {
    expect(await engine.check(expression)).toBeNull();
  });

  it.each(bad)('refuses %j', async (expression, message) => {
    expect(await engine.check(expression)).toMatch(message);
  });

  it('tells the bad ones among many that are checked together', async () => {
    const expressions = Array.from({ length: 60 }, (_, index) => `.field_${index} | tostring`);
    expressions[7] = '.a |';
    expressions[41] = 'frobnicate';
    const messages = await Promise.all(expressions.map((each) => engine.check(each)));
    const refused = messages.flatMap((message, index) => (message === null ? [] : [index]));
    expect(refused).toEqual([7, 41]);
    expect(messages[41]).toBe('frobnicate/0 is not defined');
  });

  it('does not run what it checks', async () => {
    expect(await engine.check('last(range(1e12))')).toBeNull();
  });

  it('checks an expression of 200 KiB', async () => {
    expect(await engine.check(`. # ${'x'.repeat(200 * 1024)}`)).toBeNull();
    expect(await engine.check(`.a | # ${'x'.repeat(200 * 1024)}`)).toMatch(/^syntax error/);
  });
});
