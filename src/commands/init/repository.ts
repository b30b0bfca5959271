import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../problems/problem.js';
import { DEFAULT_CONFIG_FILE } from '../../settings/declarations/files.js';

/** Where a folder lies in a git repository. */
export interface InRepository {
  /** Whether there is a repository. */
  readonly isOne: boolean;
  /** From the repository's root, with slashes; empty at the root, or where there is no repository. */
  readonly below: string;
  /** Leads from the folder to a file at the root. */
  readonly fromRoot: (name: string) => string;
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

const RUN = /(\bbitbucket-port(?:\.js)?"?) (sync|plan|check|preview)\b/gu;
const WATCHED = /\[bitbucket-port\.yml, mapping\.yml, ('?)samples/gu;
/** Where the plan of a pull request takes the mapping from, puts it and reads it. */
const MAPPING = /(?<=\w:|> |--mapping )mapping\.yml/gu;
const SAMPLES = /(?<=\bin )samples\//gu;
/** What YAML, Groovy and shells all take as it stands. */
const PLAIN = /^[\w.][\w./-]*$/u;

/**
 * A pipeline, which runs at the root of a repository, for settings that are kept below it.
 * @throws ProblemError setting-invalid for a folder whose name would have to be quoted
 */
export function pipelineBelow(text: string, below: string, shown: string): string {
  if (below === '') return text;
  if (!PLAIN.test(below)) {
    throw ProblemError.of({
      code: 'setting-invalid',
      spelling: '--dir',
      reason: `is ${shown}: a pipeline is written only for a folder whose path from the root of the repository has no other signs than letters, digits, . _ - and /; rename it, or take --ci none`,
    });
  }
  return text
    .replace(RUN, `$1 $2 --config ${below}/${DEFAULT_CONFIG_FILE}`)
    .replace(WATCHED, `[${below}/${DEFAULT_CONFIG_FILE}, ${below}/mapping.yml, $1${below}/samples`)
    .replace(MAPPING, `${below}/mapping.yml`)
    .replace(SAMPLES, `${below}/samples/`);
}
