import { access, constants, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Problem, ProblemError } from '../../problems/problem.js';
import { whyNotWritten } from '../write-file.js';

/** A file that is to be. */
export interface NewFile {
  /** Relative to the folder, with slashes. */
  readonly name: string;
  readonly text: string;
}

/** Takes back what was written. */
type Undo = () => Promise<void>;

/** Where files go. */
export interface Destination {
  /** Absolute. */
  readonly folder: string;
  /** As the user named it; for messages. */
  readonly shown: string;
  readonly replaces: boolean;
}

/**
 * Writes all of the files, or none. Folders that are missing are made.
 * @throws ProblemError setting-invalid when the folder cannot be one; file-not-written for each that is there already, or that cannot be written
 */
export async function writeFiles(
  files: readonly NewFile[],
  destination: Destination,
): Promise<void> {
  await requireFolder(destination);
  const problems = await Promise.all(files.map((file) => obstacle(file, destination)));
  const [first, ...others] = problems.filter((problem) => problem !== null);
  if (first !== undefined) throw new ProblemError([first, ...others]);
  const undo: Undo[] = [];
  for (const file of files) {
    try {
      await write(file, destination, undo);
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw ProblemError.of(notWritten(file.name, whyNotWritten(error).reason, destination), error);
    }
  }
}

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

/**
 * Looks for what cannot become a folder. One that is not there is no hindrance: it is made.
 * @throws ProblemError setting-invalid when a file stands in its place, or in that of one above it
 */
export async function requireFolder({ folder, shown }: Destination): Promise<void> {
  const nearest = await nearestAbove(folder);
  if (nearest.isFolder) return;
  const what = nearest.path === folder ? 'it' : nearest.path;
  throw ProblemError.of({
    code: 'setting-invalid',
    spelling: '--dir',
    reason: `is ${shown}: ${what} is no folder`,
  });
}

/** What is there at this path or, if there is nothing, nearest above it. */
async function nearestAbove(
  place: string,
): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  const found = await stat(place).catch(() => null);
  if (found !== null) return { path: place, isFolder: found.isDirectory() };
  const above = path.dirname(place);
  return above === place ? { path: place, isFolder: false } : nearestAbove(above);
}

/** What stands in the way of a file; null: nothing that can be seen. */
async function obstacle(file: NewFile, destination: Destination): Promise<Problem | null> {
  const target = path.join(destination.folder, file.name);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory() === true) return notWritten(file.name, 'it is a folder', destination);
  if (found !== null && !destination.replaces) {
    return alreadyThere(file.name, destination);
  }
  return found === null
    ? parentObstacle(file, path.dirname(target), destination)
    : accessObstacle(file, target, destination);
}

/** The nearest folder above that is there has to be one, and to take a new file. */
async function parentObstacle(
  file: NewFile,
  parent: string,
  destination: Destination,
): Promise<Problem | null> {
  const nearest = await nearestAbove(parent);
  if (!nearest.isFolder) {
    const where = path.relative(destination.folder, nearest.path);
    return notWritten(file.name, `${where} is no folder`, destination);
  }
  return accessObstacle(file, nearest.path, destination);
}

async function accessObstacle(
  file: NewFile,
  target: string,
  destination: Destination,
): Promise<Problem | null> {
  try {
    await access(target, constants.W_OK);
    return null;
  } catch (error) {
    return notWritten(file.name, whyNotWritten(error).reason, destination);
  }
}

/**
 * Writes one file. What takes that back goes into `undo` as soon as there is something to take back:
 * a folder that was made for it, and a file that could be written by half.
 */
async function write(
  { name, text }: NewFile,
  { folder, replaces }: Destination,
  undo: Undo[],
): Promise<void> {
  const target = path.join(folder, name);
  const made = await mkdir(path.dirname(target), { recursive: true });
  if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
  const old = replaces ? await readFile(target).catch(() => null) : null;
  const file = await open(target, replaces ? 'w' : 'wx');
  undo.push(() => (old === null ? rm(target, { force: true }) : writeFile(target, old)));
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** A file that stays as it is, because nobody said that it may be replaced. */
function alreadyThere(name: string, destination: Destination): Problem {
  return notWritten(name, 'it is there already; --force replaces it', destination);
}

function notWritten(name: string, reason: string, { shown }: Destination): Problem {
  const file = shown === '.' ? name : path.join(shown, name);
  return { code: 'file-not-written', file, reason, isThere: false };
}
