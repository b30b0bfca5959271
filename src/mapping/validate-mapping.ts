import { checkExpressions } from './check-expressions.js';
import type { JqEngine } from './engine/engine.js';
import { toProblems } from './mapping-problems.js';
import { textOf } from './mapping-text.js';
import { inspectMapping, type ParsedMapping, type ParseOptions } from './parse-mapping.js';

/**
 * Reads a mapping and has jq compile its expressions.
 * @throws ProblemError with everything that is wrong with it at once: `mapping-invalid`,
 *   `expression-invalid`
 */
export async function validateMapping(
  engine: JqEngine,
  value: unknown,
  options: ParseOptions,
): Promise<ParsedMapping> {
  const { parsed, mistakes, expressions } = inspectMapping(value, options);
  const all = [...mistakes, ...(await checkExpressions(engine, expressions))];
  if (parsed === null || all.length > 0 || hasDuplicates(value, options)) {
    throw toProblems(all, value, options);
  }
  return parsed;
}

/** Of keys that stand twice, the value holds the last alone: the text has to be asked. */
function hasDuplicates(value: unknown, { written = null }: ParseOptions): boolean {
  return written !== null && textOf(value, written).duplicates().length > 0;
}
