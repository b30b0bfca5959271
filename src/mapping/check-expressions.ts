import type { JqEngine } from './engine/engine.js';
import { jqText } from './jq-text.js';
import { jqTokens } from './jq-tokens.js';
import { locateMistake, onlyDefines } from './locate-mistake.js';
import { MOST_TOLD, type ExpressionMistake } from './mapping-problems.js';
import { unavailableIn } from './unavailable.js';
import { unfolded } from './unfolded.js';
import type { WrittenExpression } from './written-expressions.js';

/** In place of jq's words, which differ by version, and may be about our parentheses. */
const ONLY_DEFINES = 'syntax error, an expression has to follow the definition';

/**
 * Compiles expressions, each on its own.
 * @returns those that do not compile, or ask for what no mapping has, in the same order
 */
export async function checkExpressions(
  engine: JqEngine,
  expressions: readonly WrittenExpression[],
): Promise<readonly ExpressionMistake[]> {
  // All at once: the engine compiles together what is asked for together.
  const found = await Promise.all(expressions.map((written) => checkOne(engine, written)));
  const mistakes = found.filter((mistake) => mistake !== null);
  const located: ExpressionMistake[] = [];
  // One after the other, as each asks for several short compilations.
  for (const mistake of mistakes.slice(0, MOST_TOLD)) located.push(await locate(engine, mistake));
  return [...located, ...mistakes.slice(MOST_TOLD)];
}

async function checkOne(
  engine: JqEngine,
  written: WrittenExpression,
): Promise<ExpressionMistake | null> {
  const expression = jqText(written.expression);
  const missing = unavailableIn(expression);
  if (missing !== null) {
    const message = `${missing.name} is not available in a mapping`;
    return { ...written, message, offset: missing.offset };
  }
  const refusal = await engine.check(unfolded(expression));
  if (refusal === null) return null;
  // jq's words shall be about what is written.
  const message = (await engine.check(expression)) ?? refusal;
  const isHalf = onlyDefines(jqTokens(expression), message);
  return { ...written, message: isHalf ? ONLY_DEFINES : message, offset: null };
}

async function locate(engine: JqEngine, mistake: ExpressionMistake): Promise<ExpressionMistake> {
  if (mistake.offset !== null) return mistake;
  const { expression, message } = mistake;
  const check = (part: string): Promise<string | null> => engine.check(part);
  return { ...mistake, offset: await locateMistake(jqText(expression), message, check) };
}
