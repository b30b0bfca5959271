import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { enginesUnderTest, runOnce, told } from './engines.js';

const mebibyte = 1024 * 1024;
const hostileLimits = {
  itemTimeoutMilliseconds: 500,
  memoryBytes: 384 * mebibyte,
  answerBytes: mebibyte,
};

/** Expressions that never end or never stop growing. Which limit ends them first is up to the machine. */
const runaways = ['def f: f; f', 'last(range(1e12))', '[range(1e12)]', 'def f: 1 + f; f'];

/** Expressions that reach for what is not theirs, and what they get. */
const confined: readonly (readonly [string, unknown])[] = [
  ['$ENV', {}],
  ['$ENV.PATH', null],
  ['env', {}],
  ['env.HOME', null],
  ['debug', 'hostile'],
  ['debug("message")', 'hostile'],
  ['stderr', 'hostile'],
  ['input_filename', null],
  ['input_line_number', 0],
  ['get_search_list', []],
];

const refused = [
  'input',
  'inputs',
  '[inputs]',
  'halt',
  'halt_error',
  'halt_error(1)',
  'modulemeta',
];

const among = (expression: string): string => `if . == "hostile" then (${expression}) else . end`;

describe.each(enginesUnderTest)('limits with $name', (machine) => {
  let engine: JqEngine;

  beforeAll(async () => {
    engine = await machine.open(hostileLimits);
  });

  afterAll(() => engine.close());

  it.each(runaways)('fails the item alone that runs away in %s', async (expression) => {
    const outcomes = await runOnce(engine, among(expression), ['before', 'hostile', 'after']);
    expect(outcomes).toEqual([
      { ok: true, text: '"before"' },
      {
        ok: false,
        failure: expect.stringMatching(/^(?:time|memory)$/),
        message: expect.any(String),
      },
      { ok: true, text: '"after"' },
    ]);
  });

  it('ends an expression that takes a lot of memory one way or the other', async () => {
    const inputs = ['before', 'hostile', 'after'];
    const outcomes = await runOnce(engine, among('. * 30000000 | length'), inputs);
    expect(outcomes).toHaveLength(3);
    expect([outcomes[0], outcomes[2]].map(told)).toEqual([{ value: 'before' }, { value: 'after' }]);
  });

  it('fails an item whose answer is too long', async () => {
    const expression = among('"x" * 1500000');
    expect(await runOnce(engine, expression, ['before', 'hostile', 'after'])).toEqual([
      { ok: true, text: '"before"' },
      { ok: false, failure: 'memory', message: 'gave more than 1 MiB' },
      { ok: true, text: '"after"' },
    ]);
  });

  it('goes on after many runaways in a row', async () => {
    const program = await engine.start('if . > 0 then last(range(1e12)) else . end');
    const outcomes = await program.run(['0', '1', '2', '3', '0', '4']);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.text : outcome.failure))).toEqual([
      '0',
      'time',
      'time',
      'time',
      '0',
      'time',
    ]);
    await program.close();
  });

  it.each(confined)('shows %s nothing of the outside', async (expression, value) => {
    const outcomes = await runOnce(engine, among(expression), ['before', 'hostile', 'after']);
    expect(outcomes.map(told)).toEqual([{ value: 'before' }, { value }, { value: 'after' }]);
  });

  it.each(refused)('refuses %s and keeps the neighbours', async (expression) => {
    const outcomes = await runOnce(engine, among(expression), ['before', 'hostile', 'after']);
    expect(outcomes).toEqual([
      { ok: true, text: '"before"' },
      { ok: false, failure: 'error', message: expect.stringContaining('not available') },
      { ok: true, text: '"after"' },
    ]);
  });

  it('fails an input that is not JSON and keeps the neighbours', async () => {
    const program = await engine.start('.');
    const outcomes = await program.run(['1', '{"a":}', '2']);
    expect(outcomes).toMatchObject([{ text: '1' }, { ok: false, failure: 'crash' }, { text: '2' }]);
  });
});
