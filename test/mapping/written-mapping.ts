import { parseMapping } from '../../src/mapping/parse-mapping.js';
import { ProblemError, type Problem } from '../../src/problems/problem.js';
import { options, plainEntity } from './world.js';

/** A resource as it is written, with one difference. */
export function resource(change: object): object {
  return { kind: 'repository', port: { entity: { mappings: plainEntity } }, ...change };
}

/** A resource whose entity mapping has one difference. */
export function withEntity(change: object): object {
  return resource({ port: { entity: { mappings: { ...plainEntity, ...change } } } });
}

/** What is wrong with a mapping. */
export function problemsOf(
  value: unknown,
  change: Partial<typeof options> = {},
): readonly Problem[] {
  try {
    parseMapping(value, { ...options, ...change });
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
  throw new Error('the mapping was accepted');
}

/** The same as a person reads it: path and reason. */
export function told(value: unknown, change: Partial<typeof options> = {}): readonly string[] {
  return problemsOf(value, change).map((problem) =>
    problem.code === 'mapping-invalid' ? `${problem.path} ${problem.reason}`.trim() : problem.code,
  );
}

/** Where the entity mapping of the first resource stands. */
export const MAPPINGS = 'resources[0].port.entity.mappings';
