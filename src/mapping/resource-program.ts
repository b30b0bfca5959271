import { enclose } from './engine/protocol.js';
import { expressionsOf, fieldsOf } from './feed-fields.js';
import { endOfInterpolation, jqText, type JqToken, jqTokens } from './jq-tokens.js';
import type { Expression, Feed, MappingResource } from './mapping.js';
import { addNeed, type Need, noNeed } from './needed-paths.js';

/** All expressions of a resource as one jq program. `read-result.ts` reads what it puts out. */
export interface ResourceProgram {
  /** Gives exactly one output for each item. */
  readonly text: string;
  /** Whether any expression, the selector included, mentions the text (`__readme`). */
  readonly mentions: (field: string) => boolean;
  /** What the program reads of an item. */
  readonly need: Need;
}

/**
 * Characters of a jq message that leave the engine: a message may quote a whole item. More than a
 * problem shows, so that the cut is seen there.
 */
const LONGEST_MESSAGE = 400;

const MAPPING_FAILURE = `def mapping_failure: {e: (tostring | .[:${LONGEST_MESSAGE}])};`;

/** A path without iteration: it gives exactly one output, so the cost of taking the first is saved. */
const SINGLE_OUTPUT = /^\s*(?:\.[A-Za-z_]\w*(?:\[\d+\])*)+\s*$/u;

/**
 * Compiles a resource. Each expression stands in parentheses of its own, which a comment at its end
 * does not reach. Outputs, by position to keep them short:
 * - an expression: `[value]`, `[]` for no output, `{"e": message}` for an error;
 * - an item: a list of the feeds' lists of these; `false` when the selector gave false;
 *   `{"e": message}` when it failed and `{"n": type}` when it gave something else;
 * - with `itemsToParse`: a list of the former, or `{"e": …}` or `{"n": …}` for the list itself.
 */
export function resourceProgram(resource: MappingResource): ResourceProgram {
  const expressions = expressionsOf(resource).map(({ expression }) => expression);
  return {
    text: [
      MAPPING_FAILURE,
      'def mapping_type: if length == 0 then "nothing" else (.[0] | type) end;',
      resource.itemsToParse === undefined
        ? selected(resource)
        : parsedItems(resource.itemsToParse, resource),
    ].join('\n'),
    mentions: (field) => expressions.some((expression) => expression.includes(field)),
    need: needOf(resource, expressions),
  };
}

/** Where a list is parsed, all of the item goes into each item that is made of it. */
function needOf({ itemsToParse }: MappingResource, expressions: readonly Expression[]): Need {
  const need = noNeed();
  if (itemsToParse !== undefined) need.isWhole = true;
  for (const expression of expressions) addNeed(need, jqText(expression));
  return need;
}

/** A program of a single expression. `readOutcome` reads what it puts out. */
export function expressionProgram(expression: Expression): string {
  return [MAPPING_FAILURE, outcome(expression)].join('\n');
}

/** An expression, wrapped so that it gives one output whatever happens in it. */
function outcome(expression: Expression): string {
  const text = enclose(unfolded(jqText(expression)));
  return `try [${SINGLE_OUTPUT.test(expression) ? text : `first(${text})`}] catch mapping_failure`;
}

/**
 * The value of a term that has exactly one. Collecting it leaves no `try` behind: jq 1.6 would go
 * back into one that is still open as soon as the engine takes the program's first output.
 */
function settled(term: string): string {
  return `([${term}] | .[0])`;
}

function selected(resource: MappingResource): string {
  const { query } = resource.selector;
  const entities = `[${resource.feeds.map(feedOutcomes).join(',\n')}]`;
  if (query.trim() === 'true') return entities;
  return [
    `${settled(outcome(query))} as $selection`,
    '| if ($selection | type) == "object" then $selection',
    `elif $selection[0] == true then ${entities}`,
    'elif $selection[0] == false then false',
    'else {n: ($selection | mapping_type)} end',
  ].join('\n');
}

function feedOutcomes(feed: Feed): string {
  return `[${fieldsOf(feed)
    .map(({ expression }) => outcome(expression))
    .join(',\n')}]`;
}

function parsedItems(itemsToParse: Expression, resource: MappingResource): string {
  const path = resource.itemsToParseTopLevelTransform ? deletionPath(itemsToParse) : null;
  const rest = path === null ? '.' : settled(`. as $raw | try del(${path}) catch $raw`);
  return [
    `${settled(outcome(itemsToParse))} as $list`,
    '| if ($list | type) == "object" then $list',
    'elif ($list[0] | type) != "array" then {n: ($list | mapping_type)}',
    `else ${rest} as $rest`,
    '| [$list[0][] as $one',
    `| ($rest + {${JSON.stringify(resource.itemsToParseName)}: $one})`,
    `| ${selected(resource)}] end`,
  ].join('\n');
}

/** A variable being bound or read, the item itself, or nothing: what stands before a path. */
const PREAMBLE = /^(?:\.\s+as\s+\$\w+|\$\w+|\.|)$/u;
/** A member: `.content`, `."a b"`, `.["a b"]`, `[0]`. */
const STEP = /\.(?:[A-Za-z_]\w*|"(?:[^"\\]|\\.)*")|\.?\[(?:\d+|"(?:[^"\\]|\\.)*")\]/u;
const PATH = new RegExp(`^(?=\\.)(?:${STEP.source})+`, 'u');

/**
 * The path in the item that `itemsToParse` takes its list from, so that the list can be left out of
 * the items made of it: `.content.dependencies` of `.content.dependencies | to_entries`. The first
 * step that starts with a path decides, as in the exporter that mappings are written for. Null when
 * the list is not taken from one place.
 */
export function deletionPath(itemsToParse: Expression): string | null {
  for (const part of itemsToParse.split('|')) {
    const step = part.trim().replace(/^\(\s*/u, '');
    const path = PATH.exec(step)?.[0];
    if (path !== undefined) return path;
    if (!PREAMBLE.test(step)) return null;
  }
  return null;
}

const NUMBER = /^\.?\d/u;

/**
 * The program without numbers that jq could compute with while it compiles. jq 1.7 makes a text of
 * 100 MB of `"x" * 1e8` before it has seen an item: jq-web would do so for each group of items, and
 * time out on all of them. So computed, the item alone fails on which the expression is run.
 */
export function unfolded(program: string): string {
  return program.includes('*') && program.includes('"') ? withVariables(program) : program;
}

function withVariables(program: string): string {
  let at = 0;
  const pieces = jqTokens(program).map((token) => {
    const before = program.slice(at, token.start);
    at = token.end;
    return before + rewritten(token);
  });
  return pieces.join('') + program.slice(at);
}

function rewritten({ text }: JqToken): string {
  if (text.startsWith('"')) return withInterpolations(text);
  // A variable has no value before the program runs.
  return NUMBER.test(text) ? `(${text} as $number | $number)` : text;
}

function withInterpolations(text: string): string {
  let written = '';
  let at = 0;
  while (at < text.length) {
    if (!text.startsWith('\\', at)) {
      written += text[at] ?? '';
      at += 1;
    } else if (text[at + 1] === '(') {
      const end = endOfInterpolation(text, at + 2);
      written += `\\(${withVariables(text.slice(at + 2, end - 1))})`;
      at = end;
    } else {
      written += text.slice(at, at + 2);
      at += 2;
    }
  }
  return written;
}
