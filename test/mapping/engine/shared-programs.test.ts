import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '../../../src/clock.js';
import { JqCompileError, type JqEngine } from '../../../src/mapping/engine/engine.js';
import { enginesUnderTest, told } from './engines.js';

const numbers = (length: number): readonly string[] =>
  Array.from({ length }, (_, index) => String(index));

describe.each(enginesUnderTest)('programs that share $name', (machine) => {
  let engine: JqEngine;

  beforeAll(async () => {
    engine = await machine.open();
  });

  afterAll(() => engine.close());

  it('get the outcomes of their own inputs, however the calls are mixed', async () => {
    const programs = await Promise.all(
      ['. + 1', '[., "two"]', '{n: .}'].map((p) => engine.start(p)),
    );
    const calls = Array.from({ length: 10 }, () => programs).flat();
    const outcomes = await Promise.all(
      calls.map((program, call) => program.run(numbers((call * 37) % 400))),
    );
    const values = outcomes.map((each) => each.map(told));
    expect(values).toEqual(
      calls.map((_, call) =>
        numbers((call * 37) % 400).map((text) => {
          const n = Number(text);
          return { value: [n + 1, [n, 'two'], { n }][call % 3] };
        }),
      ),
    );
    await Promise.all(programs.map((program) => program.close()));
  });

  it('are refused alone when they do not compile', async () => {
    const texts = ['.a', '.b |', '.c', 'frobnicate', '.e'];
    const started = await Promise.allSettled(texts.map((text) => engine.start(text)));
    expect(started.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(started[3]).toEqual({ status: 'rejected', reason: expect.any(JqCompileError) });
    for (const [index, one] of started.entries()) {
      if (one.status === 'rejected') continue;
      const name = 'abcde'[index] ?? '';
      expect(await one.value.run([JSON.stringify({ [name]: index })])).toEqual([
        { ok: true, text: String(index) },
      ]);
    }
  });

  it('do not see the definitions and variables of one another', async () => {
    const [first, second] = await Promise.all([
      engine.start('def mine: 1; . as $mine | mine'),
      engine.start('def mine: 2; mine'),
    ]);
    expect(await first.run(['0'])).toEqual([{ ok: true, text: '1' }]);
    expect(await second.run(['0'])).toEqual([{ ok: true, text: '2' }]);
    await expect(engine.start('mine')).rejects.toThrow('mine/0 is not defined');
    await expect(engine.start('$mine')).rejects.toThrow('$mine is not defined');
  });

  it('may be started and closed, and expressions checked, while another is busy', async () => {
    const busy = await engine.start('[range(500)] | length');
    const run = busy.run(numbers(3_000));
    const other = await engine.start('.x');
    const answers = [
      await other.run(['{"x":1}']),
      await engine.check('.a |'),
      await other.run(['{}']),
    ];
    await other.close();
    expect(answers).toEqual([
      [{ ok: true, text: '1' }],
      expect.stringMatching(/^syntax error/),
      [{ ok: true, text: 'null' }],
    ]);
    expect(await run).toEqual(numbers(3_000).map(() => ({ ok: true, text: '500' })));
  });

  it('keep their answers when one that is busy is closed', async () => {
    const [endless, other] = await Promise.all([
      engine.start('last(range(1e12))'),
      engine.start('.'),
    ]);
    const lost = endless.run(['1', '2']);
    const kept = other.run(['3', '4']);
    await endless.close();
    await expect(lost).rejects.toThrow('closed');
    expect(await kept).toEqual([
      { ok: true, text: '3' },
      { ok: true, text: '4' },
    ]);
  });
});

/** Sleeps of a second end when the test says so, all others never: no item runs out of time. */
class StopClock implements Clock {
  #wake: (() => void)[] = [];

  now(): number {
    return systemClock.now();
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (milliseconds === 1_000) this.#wake.push(resolve);
    });
  }

  second(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

describe.each(enginesUnderTest)('a program of a run that is stopped, with $name', (machine) => {
  it('gives up a second later what jq is busy with, and what is asked of it then', async () => {
    const clock = new StopClock();
    const stop = new AbortController();
    const engine = await machine.open({ clock });
    const program = await engine.start('if . > 1 then last(range(1e12)) else . end', {
      signal: stop.signal,
    });
    const unstopped = await engine.start('.');
    const run = program.run(['0', '1', '2', '3']);
    stop.abort();
    const message = 'the run was stopped before jq answered';
    // Work that is under way is finished.
    expect(await program.run([])).toEqual([]);
    clock.second();
    const stopped = { ok: false, failure: 'given up', message };
    const outcomes = await run;
    expect(outcomes.slice(2)).toEqual([stopped, stopped]);
    expect(await program.run(['0'])).toEqual([stopped]);
    expect(await unstopped.run(['5'])).toEqual([{ ok: true, text: '5' }]);
    await engine.close();
  });

  it('still answers what takes less than that', async () => {
    const stop = new AbortController();
    const engine = await machine.open({ clock: new StopClock() });
    const program = await engine.start('.', { signal: stop.signal });
    stop.abort();
    expect(await program.run(['1'])).toEqual([{ ok: true, text: '1' }]);
    await engine.close();
  });
});
