import type { JqEngine } from './engine/engine.js';
import { jqText, type JqToken, jqTokens } from './jq-tokens.js';
import { MOST_TOLD, toFailures, toProblems } from './mapping-problems.js';
import { unfolded } from './resource-program.js';
import type { WrittenExpression } from './written-expressions.js';
import { type ExpressionMistake, withBroken, withoutMistakes } from './broken-expressions.js';
import { textOf } from './mapping-text.js';
import {
  inspectMapping,
  type ParsedMapping,
  parseMapping,
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

/** Builtins that could only fail on each item, as they reach beyond it. */
const UNAVAILABLE = ['input', 'inputs', 'halt', 'halt_error', 'modulemeta'];

/** Words that begin a directive of a program, which an expression is not. */
const DIRECTIVES = ['import', 'include', 'module'];

/** What an expression asks for that no mapping has, with its place. */
interface Unavailable {
  readonly name: string;
  readonly offset: number;
}

/**
 * Finds the first thing in an expression that is not available in a mapping. Where the expression
 * defines functions or builds objects, the name may be one of theirs: then nothing is said, and jq
 * tells it on the items.
 */
function unavailableIn(expression: string): Unavailable | null {
  const tokens = jqTokens(expression);
  const [first] = tokens;
  if (first !== undefined && DIRECTIVES.includes(first.text)) {
    return { name: first.text, offset: first.start };
  }
  if (tokens.some(({ text }) => text === 'def' || text === '{')) return null;
  const found = tokens.find(({ text }) => UNAVAILABLE.includes(text));
  return found === undefined ? null : { name: found.text, offset: found.start };
}

const UNDEFINED = /^(\$?[\w:]+)(?:\/\d+)? is not defined/u;

/** What jq says of a program that is right as far as it goes. Both spellings of its versions. */
const UNFINISHED = /unexpected (?:end of file|\$end)/u;

/** The same of one that ends behind a `def`: of the expression alone, and in our parentheses. */
const DEFINES_ALONE = /^Top-level program not given|unexpected '\)'/u;

/**
 * The place in an expression that jq's message is about. jq tells a line at most, of a program that
 * is longer than the expression; so a name is looked for, and what the parser stumbled over is found
 * as the first token up to which the expression is more than unfinished.
 * @param check jq's message on an expression, null for none
 * @returns an offset up to the length of `expression`; null where it is the expression as a whole
 */
async function locateMistake(
  expression: string,
  message: string,
  check: (expression: string) => Promise<string | null>,
): Promise<number | null> {
  const tokens = jqTokens(expression);
  const name = UNDEFINED.exec(message)?.[1];
  if (name !== undefined) return tokens.find(({ text }) => text === name)?.start ?? null;
  const last = tokens.at(-1);
  if (last !== undefined && onlyDefines(tokens, message)) return last.end;
  if (last === undefined || !message.includes('syntax error')) return null;
  if (isUnclosed(last)) return last.start;
  return (await firstRefused(expression, tokens, check))?.start ?? last.end;
}

function isUnclosed({ text }: JqToken): boolean {
  return text.startsWith('"') && !/^"(?:[^\\]|\\[^])*"$/u.test(text);
}

/** Whether an expression ends where what it is for would begin: behind the `;` of a definition. */
function onlyDefines(tokens: readonly JqToken[], message: string): boolean {
  return tokens.at(-1)?.text === ';' && DEFINES_ALONE.test(message);
}

/** Undefined when the expression only lacks its end. */
async function firstRefused(
  expression: string,
  tokens: readonly JqToken[],
  check: (expression: string) => Promise<string | null>,
): Promise<JqToken | undefined> {
  let [accepted, refused] = [0, tokens.length + 1];
  while (refused - accepted > 1) {
    const middle = Math.floor((accepted + refused) / 2);
    const message = await check(expression.slice(0, tokens[middle - 1]?.end ?? 0));
    // A name cut in half is not defined either, which is not what is looked for.
    const isRefused =
      message?.includes('syntax error') === true &&
      !UNFINISHED.test(message) &&
      !onlyDefines(tokens.slice(0, middle), message);
    if (isRefused) refused = middle;
    else accepted = middle;
    if (accepted === tokens.length) return undefined;
  }
  return tokens[refused - 1];
}
