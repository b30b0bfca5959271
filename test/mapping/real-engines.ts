import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { bundledJq, executablesOnPath, findEngine } from '../../src/mapping/engine/find-engine.js';

/** An engine that this machine has. */
export interface RealEngine {
  readonly name: string;
  readonly start: () => Promise<JqEngine>;
}

const [onPath] = executablesOnPath('jq', process.env.PATH ?? '');
const native = [bundledJq(), onPath].filter((path) => path !== undefined);

/** Every engine that this machine has: jq-web, and each jq that is installed, 1.6 included. */
export const realEngines: readonly RealEngine[] = [
  { name: 'jq-web', start: () => find(undefined) },
  ...native.map((path) => ({ name: path, start: () => find(path) })),
];

/** The engine that every machine has. */
export const someEngine = (): Promise<JqEngine> => find(undefined);

function find(jqPath: string | undefined): Promise<JqEngine> {
  return findEngine({ jqPath, searchPath: '', onProblem: () => undefined }, () => undefined);
}
