import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { oddScene, play } from './odd-scene.js';

/** How many scenes are played. */
const SCENES = Number(process.env.ODD_SCENES ?? 60);

/** What only a bug of ours writes. */
const CRASH = /\n {4}at |internal-error|bug in bitbucket-port/u;

describe('any JSON, wherever a command reads some', () => {
  it('ends in a sentence, never in a crash', async () => {
    const codes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(oddScene, async (scene) => {
        const { exitCode, output } = await play(scene);
        const key = `${scene.odd.where} ${exitCode}`;
        codes.set(key, (codes.get(key) ?? 0) + 1);
        if (exitCode === 1 || CRASH.test(output)) throw new Error(`exit ${exitCode}:\n${output}`);
      }),
      { numRuns: SCENES, endOnFailure: true },
    );
    console.log(JSON.stringify(Object.fromEntries([...codes].sort())));
  }, 6_000_000);
});
