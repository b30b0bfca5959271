import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../problems/problem.js';
import { alreadyThere, type Destination } from './write-files.js';

/** Files apart, by whether they are to be written or stay as they are. */
export interface Sorted<File> {
  readonly missing: readonly File[];
  readonly kept: readonly File[];
}

/**
 * Sets those apart that are there already: they stay as they are, unless they are to be replaced.
 * @throws ProblemError file-not-written for each when there is none to write
 */
export async function sortedOut<File extends { readonly name: string }>(
  files: readonly File[],
  destination: Destination,
): Promise<Sorted<File>> {
  if (destination.replaces) return { missing: files, kept: [] };
  const isThere = await Promise.all(
    files.map(async ({ name }) => {
      const found = await stat(path.join(destination.folder, name)).catch(() => null);
      // What is in the way and no file is told as such when it comes to writing.
      return found?.isFile() === true;
    }),
  );
  const missing = files.filter((_, index) => isThere[index] !== true);
  const kept = files.filter((_, index) => isThere[index] === true);
  if (missing.length > 0) return { missing, kept };
  const [first, ...others] = kept.map(({ name }) => alreadyThere(name, destination));
  if (first !== undefined) throw new ProblemError([first, ...others]);
  return { missing, kept };
}
