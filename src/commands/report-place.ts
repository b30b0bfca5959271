import { constants } from 'node:fs';
import { lstat, readlink, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Devices are links by nature, and nobody commits them. */
const DEVICES = '/dev';

/** How a link that leads out is told, as the system tells its own reasons. */
export const LEADS_OUT = 'LEADS_OUT';

const systemError = z.object({ code: z.string() });

/**
 * Where a report is written: the file itself, or what it links to. A link must not lead out of the
 * folder that the file is in, nor out of the working directory when that is where it is: whoever may
 * change the folder could else have any file of this user overwritten.
 * @param file absolute
 * @throws Error with the code LEADS_OUT, and what the system throws
 */
export async function reportPlace(file: string, cwd: string): Promise<string> {
  if (isIn(DEVICES, file)) return file;
  const folder = await realpath(path.dirname(file));
  const home = isIn(cwd, file) ? await realpath(cwd) : folder;
  const place = await placeOf(path.join(folder, path.basename(file)));
  if (isIn(home, place)) return place;
  throw Object.assign(new Error('a link leads out of its folder'), { code: LEADS_OUT });
}

/** Writes a report, in place of an earlier one. @throws as `reportPlace`, and what the system throws */
export async function writeReport(file: string, cwd: string, text: string): Promise<void> {
  const place = await reportPlace(file, cwd);
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
