import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/clock.js';
import { enginesUnderTest } from './engines.js';

/** Its sleeps have no timer, so that nothing but jq itself can keep the process alive. */
const timeless: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };

/** Lets what has been asked reach jq; its answer takes longer. */
async function asked(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** What of jq keeps the process alive. */
const jqHandles = (): readonly string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => name === 'ProcessWrap' || name === 'Worker' || name === 'MessagePort');

/** Waits until what was closed before, by this test or the search for engines, is really gone. */
async function nothingIsLeft(): Promise<void> {
  for (let turn = 0; turn < 10_000 && jqHandles().length > 0; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(jqHandles()).toEqual([]);
}

describe.each(enginesUnderTest)('a process that maps with $name', (machine) => {
  it('stays alive while an answer is awaited, and no longer', async () => {
    await nothingIsLeft();
    const engine = await machine.open({ clock: timeless });
    const starting = engine.start('.');
    await asked();
    expect(jqHandles()).not.toEqual([]);
    const program = await starting;
    await nothingIsLeft();
    const run = program.run(['1', '2']);
    await asked();
    expect(jqHandles()).not.toEqual([]);
    expect(await run).toHaveLength(2);
    await nothingIsLeft();
    await engine.close();
  });
});
