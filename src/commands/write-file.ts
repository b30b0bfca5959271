import { constants } from 'node:fs';
import { lstat, readlink, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ProblemError } from '../problems/problem.js';

const WORDS: Readonly<Record<string, string>> = {
  EEXIST: 'it is there already',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'writing there is not permitted',
  EPERM: 'writing there is not permitted',
  EROFS: 'nothing can be written there',
  ENOSPC: 'there is no space left',
  EDQUOT: 'the space that this user may have is used up',
  LEADS_OUT: 'it is a link that leads out of its folder',
};

const systemError = z.object({ code: z.string() });

/** What the system said when a file could not be written, and that in words. */
export function whyNotWritten(error: unknown): { readonly code: string; readonly reason: string } {
  const code = systemError.safeParse(error).data?.code ?? 'unknown';
  return { code, reason: WORDS[code] ?? `writing it failed (${code})` };
}

/**
 * Writes a text into a file of the user's.
 * @param file as the user named it
 * @throws ProblemError file-not-written: it is there already, unless it may be replaced
 */
export async function writeNewFile(
  file: string,
  text: string,
  { cwd, replaces }: { readonly cwd: string; readonly replaces: boolean },
): Promise<void> {
  try {
    await writeFile(path.resolve(cwd, file), text, { flag: replaces ? 'w' : 'wx' });
  } catch (error) {
    const { code, reason } = whyNotWritten(error);
    throw ProblemError.of(
      { code: 'file-not-written', file, reason, isThere: code === 'EEXIST' },
      error,
    );
  }
}

/** Devices are links by nature, and nobody commits them. */
const DEVICES = '/dev';

/** How a link that leads out is told, as the system tells its own reasons. */
const LEADS_OUT = 'LEADS_OUT';

/**
 * Where a report is written: the file itself, or what it links to. A link must not lead out of the
 * folder that the file is in, nor out of the working directory when that is where it is: whoever may
 * change the folder could else have any file of this user overwritten.
 * @param file absolute
 * @throws Error with the code LEADS_OUT, and what the system throws
 */
export async function reportPath(file: string, cwd: string): Promise<string> {
  if (isIn(DEVICES, file)) return file;
  const folder = await realpath(path.dirname(file));
  const home = isIn(cwd, file) ? await realpath(cwd) : folder;
  const place = await placeOf(path.join(folder, path.basename(file)));
  if (isIn(home, place)) return place;
  throw Object.assign(new Error('a link leads out of its folder'), { code: LEADS_OUT });
}

/** Writes a report, in place of an earlier one. @throws as `reportPlace`, and what the system throws */
export async function writeReport(file: string, cwd: string, text: string): Promise<void> {
  const place = await reportPath(file, cwd);
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  // What has become a link in the meantime is not followed. Windows knows no such flag.
  const mayBeLink = isIn(DEVICES, place) || !('O_NOFOLLOW' in constants);
  const noLink = mayBeLink ? 0 : constants.O_NOFOLLOW;
  await writeFile(place, text, { flag: O_WRONLY | O_CREAT | O_TRUNC | noLink });
}

/** What a file is in the end, whether or not there is one yet. */
async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (systemError.safeParse(error).data?.code !== 'ENOENT') throw error;
    const found = await lstat(file).catch(() => null);
    if (found?.isSymbolicLink() !== true) return file;
    const target = path.resolve(path.dirname(file), await readlink(file));
    return await placeOf(path.join(await realpath(path.dirname(target)), path.basename(target)));
  }
}

function isIn(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
