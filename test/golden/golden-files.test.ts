import { readdir, rm } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { fileNameOf, goldenFolder, isWriting } from './golden-files.js';
import { scenarios } from './scenarios/index.js';

const claimed = Object.values(scenarios).flat().map(fileNameOf).sort();

it('each scenario has a name of its own', () => {
  expect(claimed).toEqual([...new Set(claimed)]);
});

it('each scenario is played by a test file', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  expect(files).toEqual(
    expect.arrayContaining(Object.keys(scenarios).map((subject) => `${subject}.test.ts`)),
  );
});

it('each recording is that of a scenario', async () => {
  if (isWriting) {
    for (const file of (await readdir(goldenFolder)).filter((name) => !claimed.includes(name))) {
      await rm(new URL(file, goldenFolder));
    }
  }
  const files = await readdir(goldenFolder);
  expect(files.filter((file) => !claimed.includes(file))).toEqual([]);
});
