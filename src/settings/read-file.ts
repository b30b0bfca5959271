import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A file's text, or why there is none. `isAbsent`: there is no file of this name. */
export type FileReading =
  { readonly text: string } | { readonly failure: string; readonly isAbsent: boolean };

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
};

/** A directory counts as absent: `.env` is also what Python projects call theirs. */
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

const systemError = z.object({ code: z.string() });

/** Reads a text file as UTF-8, without its byte order mark. Never throws. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    const text = await readFile(path, 'utf8');
    return { text: text.startsWith('\uFEFF') ? text.slice(1) : text };
  } catch (error) {
    const code = systemError.safeParse(error).data?.code ?? 'unknown';
    return {
      failure: WORDS[code] ?? `reading it failed (${code})`,
      isAbsent: ABSENT.includes(code),
    };
  }
}
