import { checkExpressions } from './check-expressions.js';
import type { JqEngine } from './engine/engine.js';
import { withBroken, withoutMistakes } from './broken-expressions.js';
import { toFailures, toProblems } from './mapping-problems.js';
import { textOf } from './mapping-text.js';
import {
  inspectMapping,
  parseMapping,
  type ParsedMapping,
  type ParseOptions,
} from './parse-mapping.js';

/**
 * Reads a mapping and has jq compile its expressions. In one that Port holds, and that nobody can
 * correct before the next run, an expression that is not jq costs its field alone, or the items of its
 * resource where nothing can be made without it.
 * @throws ProblemError with everything else that is wrong with it at once: `mapping-invalid`,
 *   `expression-invalid`
 */
export async function validateMapping(
  engine: JqEngine,
  value: unknown,
  options: ParseOptions,
): Promise<ParsedMapping> {
  const { parsed, mistakes, expressions } = inspectMapping(value, options);
  const refused = await checkExpressions(engine, expressions);
  if (parsed !== null && refused.length > 0 && options.unknownKeys === 'warning') {
    const usable = parseMapping(withoutMistakes(value, refused), options);
    const problems = [...usable.problems, ...toFailures(refused, value, options)];
    return { mapping: withBroken(usable.mapping, refused), problems };
  }
  const all = [...mistakes, ...refused];
  if (parsed === null || all.length > 0 || hasDuplicates(value, options)) {
    throw toProblems(all, value, options);
  }
  return parsed;
}

/** Of keys that stand twice, the value holds the last alone: the text has to be asked. */
function hasDuplicates(value: unknown, { written = null }: ParseOptions): boolean {
  return written !== null && textOf(value, written).duplicates().length > 0;
}
