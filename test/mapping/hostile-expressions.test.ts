import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { realEngines } from './real-engines.js';

/** Expressions that want out of their place, and what is said of them. `^` marks where. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['.a^) , (.b', /^syntax error/u],
  ['.a # )\n ^)', /^syntax error/u],
  ['.a^; .b', /^syntax error/u],
  ['^) | (', /^syntax error/u],
  ['[.a^) , (.b]', /^syntax error/u],
  ['.a^} , {b: .b', /^syntax error/u],
  ['"\\(.a)" ^"', /^syntax error/u],
  ['^"unclosed', /^syntax error/u],
  ['^"a\\(.b', /^syntax error/u],
  ["^'unclosed", /^syntax error/u],
  ["it^'s", /^syntax error/u],
  ['.a |^', /^syntax error/u],
  ['.a |^ # comment \\', /^syntax error/u],
  ['if .a then .b^', /^syntax error/u],
  ['reduce^', /^syntax error/u],
  ['reduce .[] as $x (0; . +^)', /^syntax error/u],
  ['def f: .;^', /^syntax error, an expression has to follow/u],
  ['def f: .^); def g: (.', /^syntax error/u],
  ['.a\n| .b ^}\n| .c', /^syntax error/u],
  ['.a = ^= .b', /^syntax error/u],
  ['.a | ^frobnicate', /^frobnicate\/0 is not defined$/u],
  ['.a | ^limit(1)', /^limit\/1 is not defined$/u],
  ['. as $x | ^$y', /^\$y is not defined$/u],
  ['. as $x | ^$__prog_args', /^\$__prog_args is not defined$/u],
  ['^import "x" as x; .', /^import is not available in a mapping$/u],
  ['^include "x"; .', /^include is not available in a mapping$/u],
  ['# at first\n^module {}; .', /^module is not available in a mapping$/u],
  ['.a // ^input', /^input is not available in a mapping$/u],
  ['[^inputs]', /^inputs is not available in a mapping$/u],
  ['"x" | ^halt_error', /^halt_error is not available in a mapping$/u],
  ['^halt_error(1)', /^halt_error is not available in a mapping$/u],
  ['^halt', /^halt is not available in a mapping$/u],
  ['"x" | ^modulemeta', /^modulemeta is not available in a mapping$/u],
];

/** What looks odd and harms nobody. */
const ACCEPTED: readonly string[] = [
  'def f: .; f',
  'def input: 1; input',
  '.input | .inputs',
  '{input: 1}',
  '{input}',
  '. as $halt | $halt',
  '"input"',
  'limit(1; .a)',
  '.a # )',
  '.a # backslash \\',
  '.a # "',
  '$ENV',
  '$ENV.PATH',
  'env',
  '$__loc__',
  '@base32d',
  'debug',
  'stderr',
  'input_filename',
  'input_line_number',
  'get_search_list',
  "'single' + .a",
  'try error("x") catch .',
  'label $out | .a, break $out',
];

describe.each(realEngines)('hostile expressions, by $name', ({ start }) => {
  let engine: JqEngine;
  /** What is said of those that harm nobody, which are compiled together. */
  let complaints: readonly (readonly unknown[])[];
  beforeAll(async () => {
    engine = await start();
    complaints = await Promise.all(
      ACCEPTED.map((expression) => checkExpressions(engine, [{ path: ['a'], expression }])),
    );
  });
  afterAll(() => engine.close());

  it.each(REFUSED)('%j is refused at its place', async (marked, message) => {
    const offset = marked.indexOf('^');
    const expression = marked.replace('^', '');
    const mistakes = await checkExpressions(engine, [{ path: ['a'], expression }]);
    expect(mistakes).toEqual([
      { path: ['a'], expression, offset, message: expect.stringMatching(message) },
    ]);
  });

  it.each(ACCEPTED.map((expression, index) => [expression, index] as const))(
    '%j is accepted',
    (_, index) => {
      expect(complaints[index]).toEqual([]);
    },
  );

  it('none changes what is said of its neighbours', async () => {
    const good = ACCEPTED.map((expression) => ({ path: ['good'], expression }));
    const bad = REFUSED.map(([marked]) => ({ path: ['bad'], expression: marked.replace('^', '') }));
    const mixed = bad.flatMap((one, index) => [one, ...good.slice(index, index + 1)]);
    const mistakes = await checkExpressions(engine, mixed);
    expect(mistakes.map(({ expression }) => expression)).toEqual(
      bad.map(({ expression }) => expression),
    );
  });
});
