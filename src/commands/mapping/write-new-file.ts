import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ProblemError } from '../../problems/problem.js';

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
