import { executablesOnPath, isCurrent, probe } from '../../src/mapping/engine/find-engine.js';

/**
 * The PATH of runs: that of this process where it leads to a jq that a run takes, else an empty one.
 * A run would pass over an outdated jq, but only after asking it for its version, and a process of
 * that for each of hundreds of runs is what a test can spare.
 */
export const searchPath: string = await leadingToJq(process.env.PATH ?? '');

async function leadingToJq(path: string): Promise<string> {
  for (const file of executablesOnPath('jq', path)) {
    const found = await probe(file);
    if (found.status === 'jq' && isCurrent(found.version)) return path;
  }
  return '';
}
