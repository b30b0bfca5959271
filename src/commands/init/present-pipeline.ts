import path from 'node:path';
import { ProblemError } from '../../problems/problem.js';
import { readTextFile } from '../../settings/read-referenced.js';
import type { IntegrationType } from './init-options.js';
import type { Destination } from './write-files.js';

const TYPE = /\bBITBUCKET_TYPE['"]?\s*[:=]\s*['"]?(bitbucket-(?:cloud|server))\b/u;

/**
 * The pipeline that is there already and stays; null when there is none, or it is to be replaced.
 * @param name relative to the folder
 * @throws ProblemError settings-contradict when it says that it is for the other Bitbucket, which
 *   wins over the settings file in each run
 */
export async function presentPipeline(
  name: string,
  type: IntegrationType,
  { folder, shown, replaces }: Destination,
): Promise<string | null> {
  const reading = replaces ? null : await readTextFile(path.join(folder, name));
  if (reading === null || 'failure' in reading) return null;
  const there = TYPE.exec(reading.text)?.[1] ?? type;
  if (there === type) return reading.text;
  throw ProblemError.of({
    code: 'settings-contradict',
    spellings: [type, path.join(shown, name)],
    reason: `the file is there already, and sets BITBUCKET_TYPE to ${there}; correct or remove it, or replace all files with --force`,
  });
}
