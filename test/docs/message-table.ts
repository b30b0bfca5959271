import type { ProblemCode } from '../../src/problems/problem.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from '../problems/samples.js';
import { plain, table } from './markdown.js';

/** What people meet most, in the order in which they meet it. */
const MOST_LIKELY = [
  'setting-missing',
  'credentials-refused',
  'permission-refused',
  'integration-ambiguous',
  'expression-invalid',
  'blueprint-lacks',
  'blueprint-unfit',
  'identifier-empty',
  'identifier-collision',
  'entity-refused',
  'coverage',
  'deletion-stopped',
  'taken-over',
] as const satisfies readonly ProblemCode[];

/** Messages with an example's names in them, and what to do about each. */
export function messageTable(): string {
  const rows = MOST_LIKELY.map((code) => {
    const { message, hint, exitCode } = wordsOf(samples[code]);
    return [message, hint ?? '', String(exitCode)].map((text) => plain(withoutHost(text)));
  });
  return table(['message, for example', 'what to do', 'exit code'], rows);
}

/** Addresses of items are long; where they lie does not matter here. */
function withoutHost(text: string): string {
  return text.replace(/https:\S+(?=\/pull-requests\/)/gu, 'https://...');
}
