import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose TypeScript is built before the tests, and runs outside of Jest's sandbox. */
export const folders = ['src', 'test/worker'];

/** The mirror of the root that holds what was built, with or without counters of coverage. */
export function mirror(hasCounters) {
  return path.join(root, '.test-build', hasCounters ? 'covered' : 'plain');
}

/** Where the file is that a source was built to. */
export function builtFile(source, hasCounters) {
  const name = path.relative(root, source).replace(/\.ts$/, '.js');
  return path.join(mirror(hasCounters), name);
}

/** The same as a URL, to be imported. */
export function builtUrl(source, hasCounters) {
  return pathToFileURL(builtFile(source, hasCounters)).href;
}
