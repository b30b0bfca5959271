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
    throw new PatternError(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
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
