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

/** Reads a text file, without its byte order mark. Never throws. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    return { text: decoded(await readFile(path)) };
  } catch (error) {
    const code = systemError.safeParse(error).data?.code ?? 'unknown';
    return {
      failure: WORDS[code] ?? `reading it failed (${code})`,
      isAbsent: ABSENT.includes(code),
    };
  }
}

/** As UTF-8, or as UTF-16 where a mark says so: that is what PowerShell writes. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
