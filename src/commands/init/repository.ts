import { appendFile, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_ENV_FILE } from '../../settings/declarations/files.js';
import type { Destination } from './write-files.js';

/** Where a folder lies in a git repository. */
export interface InRepository {
  /** Whether there is a repository. */
  readonly isOne: boolean;
  /** From the repository's root, with slashes; empty at the root, or where there is no repository. */
  readonly below: string;
  /** Leads from the folder to a file at the root. */
  readonly fromRoot: (name: string) => string;
}

/** Where files go, and where that is in a repository. */
export interface Where {
  readonly destination: Destination;
  readonly repository: InRepository;
}

/** Looks for the nearest folder that git keeps; in a worktree or a submodule, `.git` is a file. */
export async function inRepository(folder: string): Promise<InRepository> {
  const found = await rootAbove(folder);
  const root = found ?? folder;
  const below = path.relative(root, folder).split(path.sep).join('/');
  const up = below === '' ? '' : '../'.repeat(below.split('/').length);
  return { isOne: found !== null, below, fromRoot: (name) => `${up}${name}` };
}

async function rootAbove(folder: string): Promise<string | null> {
  const found = await stat(path.join(folder, '.git')).catch(() => null);
  if (found !== null) return folder;
  const above = path.dirname(folder);
  return above === folder ? null : rootAbove(above);
}

/** How it went: `no repository`, where git keeps nothing. */
export type Ignored = 'added' | 'already' | 'no repository' | 'failed';

/** Patterns by which people ignore it. */
const PATTERN = /^\/?(?:\*\*\/)?(?:\.env\*?|\*\.env|\.env\.\*)$/u;

const IGNORE_FILE = '.gitignore';

/**
 * Sees to it that git does not keep the file with the secrets, by a line at the root of the repository.
 * Never throws: what was written before stays.
 */
export async function ignoreEnvFile(
  folder: string,
  { isOne, fromRoot }: Pick<InRepository, 'isOne' | 'fromRoot'>,
): Promise<Ignored> {
  if (!isOne) return 'no repository';
  const atRoot = path.join(folder, fromRoot(IGNORE_FILE));
  try {
    const texts = await Promise.all([atRoot, path.join(folder, IGNORE_FILE)].map(textOf));
    const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim()));
    if (lines.some((line) => PATTERN.test(line))) return 'already';
    const isBroken = !/(?:^|\n)$/u.test(texts[0] ?? '');
    await appendFile(
      atRoot,
      `${isBroken ? '\n' : ''}# Secrets of bitbucket-port\n${DEFAULT_ENV_FILE}\n`,
    );
    return 'added';
  } catch {
    return 'failed';
  }
}

/** Empty where there is none. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
}
