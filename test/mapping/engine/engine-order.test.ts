import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JqEngine, JqOutcome, JqProgram } from '../../../src/mapping/engine/engine.js';
import { enginesUnderTest, told } from './engines.js';
import { anyCharacter } from '../../world/any-character.js';

/** Even numbers give themselves, of the odd ones some fail and some give nothing. */
const mixedProgram =
  'if . % 2 == 0 then {n: ., text: ("x" * (. % 50 + 1))} elif . % 3 == 0 then error("odd \\(.)") else empty end';

describe.each(enginesUnderTest)('order with $name', (machine) => {
  let engine: JqEngine;
  let program: JqProgram;

  beforeAll(async () => {
    engine = await machine.open();
    program = await engine.start(mixedProgram);
  });

  afterAll(() => engine.close());

  it('gives the same outcomes however the inputs are cut into calls', async () => {
    const inputs = fc.array(fc.nat(1_000), { maxLength: 700 });
    const cuts = fc.array(fc.nat(700), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(inputs, cuts, async (numbers, places) => {
        const texts = numbers.map((number) => String(number));
        const whole = await program.run(texts);
        expect(whole).toHaveLength(texts.length);
        expect(await runInPieces(program, texts, places)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  it('answers each input with its own outcome', async () => {
    const outcomes = await program.run(Array.from({ length: 1_500 }, (_, index) => String(index)));
    const expected = outcomes.map((_, index): unknown => {
      if (index % 2 === 0) return { value: { n: index, text: 'x'.repeat((index % 50) + 1) } };
      const message = index % 3 === 0 ? `odd ${index}` : 'the expression gave no output';
      return { ok: false, failure: 'error', message };
    });
    expect(outcomes.map(told)).toEqual(expected);
  });

  it('answers calls in the order in which they were made', async () => {
    const answered: number[] = [];
    const calls = [300, 1, 40].map(async (size, call) => {
      await program.run(Array.from({ length: size }, () => '2'));
      answered.push(call);
    });
    await Promise.all(calls);
    expect(answered).toEqual([0, 1, 2]);
  });
});

describe('two engines', () => {
  const sample =
    '{same: ., type: type, keys: [paths | length], list: [.. | scalars], size: (tostring | length > 1)}';

  it('give equal values for any JSON', async () => {
    const engines = await Promise.all(enginesUnderTest.map((machine) => machine.open()));
    const programs = await Promise.all(engines.map((engine) => engine.start(sample)));
    const values = fc.array(fc.jsonValue({ stringUnit: anyCharacter, maxDepth: 4 }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(values, async (items) => {
        const texts = items.map((item) => JSON.stringify(item));
        const [first, ...others] = await Promise.all(programs.map((program) => program.run(texts)));
        expect(first?.map((outcome) => outcome.ok)).toEqual(items.map(() => true));
        for (const other of others) expect(other.map(told)).toEqual(first?.map(told));
      }),
      { numRuns: 30 },
    );
    await Promise.all(engines.map((engine) => engine.close()));
  });
});

async function runInPieces(
  program: JqProgram,
  texts: readonly string[],
  places: readonly number[],
): Promise<readonly JqOutcome[]> {
  const bounds = [0, ...places.toSorted((a, b) => a - b), texts.length];
  const pieces = bounds.slice(1).map((end, index) => texts.slice(bounds[index], end));
  return (await Promise.all(pieces.map((piece) => program.run(piece)))).flat();
}
