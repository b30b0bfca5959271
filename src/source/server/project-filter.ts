import { z } from 'zod';

/** Selector keys of everything that belongs to projects; `query` is the mapping's. */
export const projectSelectorKeys = {
  query: z.unknown().optional(),
  /** Keys of projects. None at all means all of them. */
  projects: z.array(z.string()).nullish(),
  /** Matched against the key from its start on, as Python's `re.match` does. */
  projectFilterRegex: z
    .string()
    .check((context) => {
      const reason = patternFault(context.value);
      if (reason === null) return;
      context.issues.push({ code: 'custom', input: context.value, message: reason });
    })
    .nullish(),
};

const projectSelector = z.object(projectSelectorKeys);

/** Which projects a resource is about. */
export interface ProjectFilter {
  /** Whether it can leave any out. */
  readonly narrows: boolean;
  matches(projectKey: string): boolean;
  /** Keys that are named, one by one. */
  readonly named: readonly string[];
}

/**
 * The filter of a valid selector: a project has to meet `projects` and `projectFilterRegex` alike.
 * @param override stands in for `projects` in this run; an empty one does not
 */
export function projectFilter(
  selector: unknown,
  override: readonly string[] | undefined,
): ProjectFilter {
  const { projects, projectFilterRegex } = projectSelector.parse(selector);
  const listed = override !== undefined && override.length > 0 ? override : (projects ?? []);
  const keys = listed.length > 0 ? new Set(listed) : null;
  // As in today's integration, an empty pattern is none.
  const pattern = projectFilterRegex ? pythonMatch(projectFilterRegex) : null;
  return {
    named: listed,
    narrows: keys !== null || pattern !== null,
    matches: (key) => (keys?.has(key) ?? true) && (pattern?.test(key) ?? true),
  };
}

function patternFault(pattern: string): string | null {
  try {
    pythonMatch(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** A pattern that cannot be used; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Inline flags of Python. `a` and `u` change nothing for the keys of projects. */
const flagsOfPython: Readonly<Record<string, string>> = {
  a: '',
  u: '',
  x: '',
  i: 'i',
  m: 'm',
  s: 's',
};

/** What a verbose pattern leaves out, unless it is escaped or in a class. */
const layout = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\s+|#.*/gu;

/** An escaped character, a class, or one of the constructs that JavaScript spells otherwise. */
const tokens =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<|\(\?P=(\w+)\)|\(\?#[^)]*\)|\{,(\d+)\}/g;

/**
 * A Python pattern as a JavaScript expression that is true for what Python's `re.match` matches: from
 * the start on, and not necessarily to the end. Named groups, flags at the start, `\A`, `\Z`, `{,n}`
 * and comments are translated, and the layout of verbose patterns is left out; what JavaScript lacks is
 * refused.
 * @throws PatternError
 */
export function pythonMatch(pattern: string): RegExp {
  const inline = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
  const flags = translateFlags(inline?.[1] ?? '');
  const written = pattern.slice(inline?.[0].length ?? 0);
  const isVerbose = inline?.[1]?.includes('x') === true;
  const body = isVerbose
    ? written.replace(layout, (token) => (/^[\s#]/u.test(token) ? '' : token))
    : written;
  try {
    return new RegExp(`(?<![\\s\\S])(?:${translate(body)})`, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // JavaScript quotes what the pattern was turned into, which nobody wrote.
    const reason = message.split(': ').at(-1) ?? '';
    throw new PatternError(`Invalid regular expression: ${reason}`, { cause: error });
  }
}

function translateFlags(names: string): string {
  const flags = new Set<string>();
  for (const name of names) {
    const flag = flagsOfPython[name];
    if (flag === undefined) throw new PatternError(`the flag (?${name}) is not supported`);
    if (flag !== '') flags.add(flag);
  }
  return [...flags].join('');
}

function translate(body: string): string {
  return body.replace(tokens, (token: string, reference?: string, most?: string) => {
    if (reference !== undefined) return `\\k<${reference}>`;
    if (most !== undefined) return `{0,${most}}`;
    if (token === '(?P<') return '(?<';
    if (token.startsWith('(?#')) return '';
    if (token === '\\A') return '(?<![\\s\\S])';
    if (token === '\\Z') return '(?![\\s\\S])';
    // A bracket that comes first in a class stands for itself.
    return token.replace(/^\[(\^?)\]/, '[$1\\]');
  });
}
