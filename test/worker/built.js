import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose TypeScript is built before the tests, and runs outside of Jest's sandbox. */
export const folders = ['src', 'test/worker'];

const COUNTERS = 'TESTS_COUNT_COVERAGE';

/** Says to this process and its workers, before their first test, which of the two builds they use. */
export function useCounters(isWanted) {
  process.env[COUNTERS] = String(isWanted);
}

/**
 * Whether the tests use sources that count coverage. All do or none: Jest's own word differs from file
 * to file, and a source must not be there twice.
 */
export function hasCounters() {
  return process.env[COUNTERS] === 'true';
}

/** The mirror of the root that holds what was built. */
export function mirror() {
  return path.join(root, '.test-build', hasCounters() ? 'covered' : 'plain');
}

/** Where the file is that a source was built to. */
export function builtFile(source) {
  return path.join(mirror(), path.relative(root, source).replace(/\.ts$/, '.js'));
}

/** The same as a URL, to be imported. */
export function builtUrl(source) {
  return pathToFileURL(builtFile(source)).href;
}

/** Where it is written what of a source can be covered. */
export function coverageFile(source) {
  return builtFile(source).replace(/\.js$/, '.coverage.json');
}
