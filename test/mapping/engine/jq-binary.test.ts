import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executablesOnPath } from '../../../src/mapping/engine/find-engine.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'path-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function aFolderWithJq(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await writeFile(join(path, 'jq'), '', { mode: 0o755 });
  return path;
}

describe('executablesOnPath', () => {
  it('gives them in the order of the PATH', async () => {
    const [later, sooner] = [await aFolderWithJq('later'), await aFolderWithJq('sooner')];

    expect(executablesOnPath('jq', [sooner, later].join(delimiter))).toEqual([
      join(sooner, 'jq'),
      join(later, 'jq'),
    ]);
  });

  it('gives one that it comes to twice once, under the first of its names', async () => {
    const real = await aFolderWithJq('real');
    const link = join(folder, 'link');
    await symlink(real, link, 'junction');

    expect(executablesOnPath('jq', [link, real, real].join(delimiter))).toEqual([join(link, 'jq')]);
  });
});
