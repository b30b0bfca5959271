import type { ProblemOf } from '../problems/problem.js';
import type { JqEngine } from './engine/engine.js';
import { expressionsOf } from './feed-fields.js';
import { jqText } from './jq-text.js';
import type { Mapping } from './mapping.js';
import { shortened } from './shortened.js';

/**
 * Compiles every expression of the mapping.
 * @returns a problem for each that does not compile, in the mapping's order
 */
export async function checkExpressions(
  engine: JqEngine,
  { origin, resources }: Mapping,
): Promise<readonly ProblemOf<'expression-invalid'>[]> {
  const fields = resources.flatMap((resource) =>
    expressionsOf(resource).map(({ field, expression }) => ({
      path: `resources[${resource.reference.index}].${field}`,
      expression,
    })),
  );
  // All at once: the engine compiles together what is asked for together.
  const messages = await Promise.all(
    fields.map(({ expression }) => engine.check(jqText(expression))),
  );
  return fields.flatMap(({ path, expression }, index) => {
    const message = messages[index] ?? null;
    if (message === null) return [];
    return [
      { code: 'expression-invalid', origin, path, expression, message: shortened(message) },
    ] as const;
  });
}
