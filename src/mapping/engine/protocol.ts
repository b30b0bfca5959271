import { z } from 'zod';
import { isDeeperThan } from '../../model/json-depth.js';
import type { JqOutcome } from './engine.js';
import type { JqEnd } from './host.js';
import { preludeFor } from './prelude.js';

/** The first line that a jq gets; the answer proves that the program has compiled. */
export const readyQuestion = '["ready?"]\n';

/** What the program answers to `readyQuestion`. */
export const readyAnswer = '"ready"';

/**
 * Levels of nesting that an answer may have. jq 1.7 prints 256, later ones print more than a program
 * that walks through values by recursion can bear, such as JSON.stringify.
 */
const deepestAnswer = 1_000;

/** Longer messages of jq quote whole items. */
const messageLength = 1_000;

const errorAnswer = z.strictObject({ e: z.unknown() });

/** One of the programs that a jq runs. */
export interface TaggedProgram {
  readonly tag: number;
  readonly text: string;
}

/**
 * The program that really runs: an input is `[tag, value]`, and its value goes to the program of that
 * tag. Whatever a program does, there is exactly one line for each input: `{"v":…}` the first output,
 * `{"e":…}` the error, `{"n":0}` no output.
 */
export function togetherProgram(
  programs: readonly TaggedProgram[],
  builtins: ReadonlySet<string>,
): string {
  const functions = programs.map(
    ({ tag, text }) => `def bitbucket_port_${tag}: ${oneLine(text)};\n`,
  );
  const choice = programs.reduceRight(
    (others, { tag }) => `if .[0] == ${tag} then .[1] | bitbucket_port_${tag} else ${others} end`,
    readyAnswer,
  );
  const program = functions.join('') + choice;
  return preludeFor(program, builtins) + program;
}

/**
 * `first` is inside of `try`, because in jq 1.6 a `try` also catches what breaks off its outputs. All
 * is collected, of which the first counts, because jq 1.6 goes back into a `try` of `program` that it
 * has broken out of, and a second line would be taken for the answer of the next input. The last
 * alternative is for what `try` lets through: a `break` that was forged with `error({__jq: 0})`.
 */
function oneLine(program: string): string {
  return `([try first({v: ${enclose(program)}}, {n: 0}) catch {e: .}] | .[0]) // {n: 0}`;
}

/** The lines that give inputs to a program. */
export function textOfInputs(tag: number, inputs: readonly string[]): string {
  return `[${tag},${inputs.join(`]\n[${tag},`)}]\n`;
}

/** Reads one line of the wrapped program. */
export function readAnswer(line: string): JqOutcome {
  const text = line.trimEnd();
  if (text.startsWith('{"v":') && text.endsWith('}')) return readValue(text.slice(5, -1));
  if (text === '{"n":0}') return failedBy('error', 'the expression gave no output');
  const answer = errorAnswer.safeParse(parsed(text));
  if (!answer.success) return failedBy('crash', 'jq gave an answer that cannot be read');
  const { e: error } = answer.data;
  return failedBy('error', typeof error === 'string' ? error : JSON.stringify(error));
}

/** The outcome of an item that has no value. */
export function failedBy(
  failure: 'error' | 'time' | 'memory' | 'crash' | 'given up',
  message: string,
): JqOutcome {
  return { ok: false, failure, message: message.slice(0, messageLength) };
}

/** The outcome of an item that is nested deeper than jq, or our own JSON.stringify, takes. */
export const tooDeep: JqOutcome = failedBy('error', 'the item is nested too deeply');

/** The outcome of an item that ended jq. */
export function failedByEnd({ cause, message }: JqEnd): JqOutcome {
  // More than 256 levels end jq 1.6 and jq-web, more than 10,000 all later ones.
  if (message.includes('Exceeds depth limit for parsing')) return tooDeep;
  return failedBy(cause === 'memory' ? 'memory' : 'crash', message);
}

/** The outcome of an item that jq did not answer in time. */
export function outOfTime(limitMilliseconds: number): JqOutcome {
  return failedBy('time', `took longer than ${limitMilliseconds / 1_000} s`);
}

/** The outcome of an item whose answer is longer than `answerBytes`. */
export function outOfSpace(answerBytes: number): JqOutcome {
  return failedBy('memory', `gave more than ${answerBytes / (1024 * 1024)} MiB`);
}

/** What jq writes instead of JSON where a value is nested deeper than it prints: of 1.7, of 1.6. */
const depthNote = /<skipped: too deep>|<stripped: exceeds max depth>/;

function readValue(text: string): JqOutcome {
  const isCut = depthNote.test(text) && parsed(text) === undefined;
  return isCut || isDeeperThan(deepestAnswer, text)
    ? failedBy('error', 'the value is nested too deeply to be printed')
    : { ok: true, text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * jq's complaints without what only makes sense at its command line: the prefix, the hint about
 * shell quoting, the place (a line of the program that we wrapped), the excerpt, the count.
 * @param stderr what jq wrote, of any version from 1.6
 */
export function cleanMessage(stderr: string): string {
  const complaints = stderr.split('\n').flatMap((line) => {
    const complaint = /^(?:jq: )?(?:error(?: \(at [^)]*\))?: |(?=parse error: ))(.+)$/.exec(
      line,
    )?.[1];
    return complaint === undefined ? [] : [withoutPlace(complaint)];
  });
  return complaints.length > 0 ? [...new Set(complaints)].join('; ') : stderr.trim();
}

function withoutPlace(complaint: string): string {
  return complaint
    .replace(/ at <top-level>(?:, line \d+)?(?:, column \d+)?:?\s*$/, '')
    .replace(/ \((?:Unix|Windows cmd) shell quoting issues\?\)/, '')
    .trim();
}

const closingOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * An expression as a term of a larger program. The line feeds end a comment that the expression may
 * close with: two, because jq 1.7.1 and newer continue a comment after a backslash.
 */
export function enclose(expression: string): string {
  return `(${expression}\n\n)`;
}

/**
 * Whether each bracket of `expression` is closed within it, so that `enclose` really encloses it:
 * `.a) , (.b` compiles in parentheses and is no expression. Text that only some versions of jq read
 * as a comment has to balance either way.
 */
export function isBalanced(expression: string): boolean {
  return balances(expression, /#[^\n]*/y) && balances(expression, /#(?:\\(?:\\|\r?\n)|[^\n])*/y);
}

function balances(expression: string, comment: RegExp): boolean {
  const open: string[] = [];
  let at = 0;
  while (at < expression.length) {
    const inString = open.at(-1) === '"';
    const length = inString
      ? stepInString(expression, at, open)
      : stepInCode(expression, at, open, comment);
    if (length === 0) return false;
    at += length;
  }
  return open.length === 0;
}

/** Reads on inside a string literal; answers how many characters. */
function stepInString(expression: string, at: number, open: string[]): number {
  if (expression[at] === '"') {
    open.pop();
    return 1;
  }
  if (expression[at] !== '\\') return 1;
  if (expression[at + 1] === '(') open.push(')');
  return 2;
}

/** Reads on outside strings; answers how many characters, 0 at a bracket that nothing opened. */
function stepInCode(expression: string, at: number, open: string[], comment: RegExp): number {
  const character = expression[at] ?? '';
  if (character === '#') {
    comment.lastIndex = at;
    return comment.exec(expression)?.[0].length ?? 1;
  }
  if (character === '"') open.push('"');
  const closing = closingOf[character];
  if (closing !== undefined) open.push(closing);
  if (character !== ')' && character !== ']' && character !== '}') return 1;
  return open.pop() === character ? 1 : 0;
}
