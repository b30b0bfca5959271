import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { play } from './play.js';
import { scenarios } from './scenarios/index.js';
import type { Scenario } from './scenario.js';

/** Where the recordings are: a file for each scenario. */
export const goldenFolder = new URL('./runs/', import.meta.url);

/** Whether recordings are written instead of compared. `npm run golden` alone says so. */
export const isWriting = process.env.BITBUCKET_PORT_GOLDEN === 'write';

/** A dozen runs, twice where they are written, on a machine that does other things as well. */
const PATIENCE_MILLISECONDS = 300_000;

/** The name of a scenario's file. */
export function fileNameOf({ name }: Scenario): string {
  return `${name}.yml`;
}

/** Tests that each scenario comes out as its recording has it; or writes that anew. */
export function testGolden(subject: keyof typeof scenarios): void {
  describe(`golden runs: ${subject}`, () => {
    it.each(scenarios[subject].map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_, scenario) => {
        const file = new URL(fileNameOf(scenario), goldenFolder);
        const played = await textOf(scenario);
        if (isWriting) {
          // What comes out one way now and another way then is no recording.
          expect(await textOf(scenario)).toBe(played);
          await mkdir(goldenFolder, { recursive: true });
          await writeFile(file, played);
        }
        expect(played).toBe(await readFile(file, 'utf8'));
      },
      PATIENCE_MILLISECONDS,
    );
  });
}

async function textOf(scenario: Scenario): Promise<string> {
  return stringify(await play(scenario), { lineWidth: 0, aliasDuplicateObjects: false });
}
