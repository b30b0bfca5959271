import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFiles } from '../../../src/commands/init/write-files.js';
import { ProblemError } from '../../../src/problems/problem.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'write-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('writeFiles', () => {
  it('takes everything back when one of them fails half-way', async () => {
    await writeFile(path.join(folder, 'old'), 'as it was');
    const files = ['old', 'new', 'below/new', 'plain', 'plain/impossible'].map((name) => ({
      name,
      text: 'text',
    }));
    const writing = writeFiles(files, { folder, shown: '.', replaces: true });
    await expect(writing).rejects.toBeInstanceOf(ProblemError);
    expect(await readdir(folder)).toEqual(['old']);
    expect(await readFile(path.join(folder, 'old'), 'utf8')).toBe('as it was');
  });

  it('takes back the folder that it made for a file that cannot be', async () => {
    const name = `below/${'x'.repeat(300)}`;
    const writing = writeFiles([{ name, text: 'text' }], { folder, shown: '.', replaces: false });
    await expect(writing).rejects.toBeInstanceOf(ProblemError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes back the folders that it made on the way to its own', async () => {
    const ops = path.join(folder, 'ops', 'port');
    const files = ['new', 'x'.repeat(300)].map((name) => ({ name, text: 'text' }));
    const writing = writeFiles(files, { folder: ops, shown: 'ops/port', replaces: false });
    await expect(writing).rejects.toBeInstanceOf(ProblemError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves alone what came to stand there in the meantime', async () => {
    await symlink('nowhere', path.join(folder, 'link'));
    const files = ['new', 'link'].map((name) => ({ name, text: 'text' }));
    const writing = writeFiles(files, { folder, shown: '.', replaces: false });
    await expect(writing).rejects.toBeInstanceOf(ProblemError);
    expect(await readdir(folder)).toEqual(['link']);
  });
});
