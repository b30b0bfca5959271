import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oddScene, play } from './odd-scene.js';

/** Half a minute on a machine that does nothing else; set the variable to look for more. */
const SCENES = Number(process.env.ODD_SCENES ?? 100);
const PATIENCE_MILLISECONDS = 3_000 * SCENES;

/** What nothing but a bug of ours writes. */
const CRASH = /\n {4}at |internal-error|a bug in bitbucket-port/u;

describe('any JSON, wherever a command reads some', () => {
  it(
    'ends in a sentence, never in a crash',
    async () => {
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(oddScene, async (scene) => {
          const { exitCode, output } = await play(scene);
          seen.add(exitCode);
          const isCrash = exitCode === 1 || CRASH.test(output) || output === '';
          expect({ isCrash, output }).toMatchObject({ isCrash: false });
        }),
        { numRuns: SCENES },
      );
      // Scenes that all end early would prove nothing.
      expect([...seen]).toEqual(expect.arrayContaining([0, 2, 4]));
    },
    PATIENCE_MILLISECONDS,
  );
});
