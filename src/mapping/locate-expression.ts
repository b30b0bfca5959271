import type { FileLocation } from '../problems/file-location.js';
import type { Problem } from '../problems/problem.js';
import { textOf, type MappingText, type WrittenText } from './mapping-text.js';
import { dotted } from './schema-issues.js';
import { writtenExpressions, type WrittenExpression } from './written-expressions.js';

/** A mapping as it was written. */
interface WrittenMapping {
  readonly value: unknown;
  readonly written?: WrittenText;
}

/** What an expression does wrong on items. `field`: as in `properties.url`; absent for the selector. */
type ExpressionProblem = Extract<
  Problem,
  {
    readonly code:
      | 'selector-failed'
      | 'identity-failed'
      | 'field-failed'
      | 'field-never-filled'
      | 'blueprint-unfit'
      | 'items-to-parse-failed';
  }
>;

/**
 * Adds to what an expression does wrong on items, and to a filter that is refused, where it stands in the user's own file. A mapping that is
 * in no file changes nothing.
 */
export function withLocations(mapping: WrittenMapping): (problem: Problem) => Problem {
  const { value, written } = mapping;
  const file = written?.file;
  if (written === undefined || file === undefined) return (problem) => problem;
  // Most runs have nothing to locate, and others the same expression on many items.
  let opened: Opened | null = null;
  const known = new Map<string, FileLocation | null>();
  return (problem) => {
    if (problem.code === 'filter-refused') {
      const { resource, key } = problem;
      const path = ['resources', resource.index, 'selector', key];
      const excerpt = textOf(value, written).locate({ path, points: 'value' })?.excerpt;
      const { line = null, column = null } = excerpt ?? {};
      if (excerpt === undefined || line === null || column === null) return problem;
      return { ...problem, excerpt, at: { file, line, column } };
    }
    if (!isOfExpression(problem)) return problem;
    const { resource, expression } = problem;
    const field = 'field' in problem ? problem.field : null;
    const key = JSON.stringify([resource.index, field, expression]);
    let at = known.get(key);
    if (at === undefined) {
      opened ??= { text: textOf(value, written), expressions: writtenExpressions(value) };
      at = placeOf(problem, opened, file);
      known.set(key, at);
    }
    return at === null ? problem : { ...problem, at };
  };
}

interface Opened {
  readonly text: MappingText;
  readonly expressions: readonly WrittenExpression[];
}

function isOfExpression(problem: Problem): problem is ExpressionProblem {
  return 'expression' in problem && 'resource' in problem;
}

function placeOf(problem: ExpressionProblem, { text, expressions }: Opened, file: string) {
  const { resource, expression } = problem;
  const ending = 'field' in problem ? `.${problem.field}` : null;
  const found = expressions.find(
    ({ path, expression: written }) =>
      path[1] === resource.index &&
      written === expression &&
      (ending === null || dotted(path).endsWith(ending)),
  );
  if (found === undefined) return null;
  const excerpt = text.locate({ path: found.path, points: 'value', offset: 0 })?.excerpt;
  const { line = null, column = null } = excerpt ?? {};
  return line === null || column === null ? null : { file, line, column };
}
