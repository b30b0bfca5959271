import { jqTokens, type JqToken } from './jq-tokens.js';

const UNDEFINED = /^(\$?[\w:]+)(?:\/\d+)? is not defined/u;

/** What jq says of a program that is right as far as it goes. Both spellings of its versions. */
const UNFINISHED = /unexpected (?:end of file|\$end)/u;

/** The same of one that ends behind a `def`: of the expression alone, and in our parentheses. */
const ONLY_DEFINES = /^Top-level program not given|unexpected '\)'/u;

/**
 * The place in an expression that jq's message is about. jq tells a line at most, of a program that
 * is longer than the expression; so a name is looked for, and what the parser stumbled over is found
 * as the first token up to which the expression is more than unfinished.
 * @param check jq's message on an expression, null for none
 * @returns an offset up to the length of `expression`; null where it is the expression as a whole
 */
export async function locateMistake(
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
export function onlyDefines(tokens: readonly JqToken[], message: string): boolean {
  return tokens.at(-1)?.text === ';' && ONLY_DEFINES.test(message);
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
