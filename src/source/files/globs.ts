import picomatch from 'picomatch';
import { cleanPath } from './paths.js';

/** What today's integration takes for every folder, however deep. */
const everyFolder: ReadonlySet<string> = new Set(['*/', '*', '**/*', '**', '']);

/** Which folders a `files.path` means. */
export interface PathPattern {
  /** The folder that it names, or where all that it means is below. */
  readonly directory: string;
  readonly isLiteral: boolean;
  readonly matches: (folder: string) => boolean;
}

/**
 * Reads a `files.path` as today's integration does, with Python's `fnmatch` over the folder of a file:
 * `*` and `?` stand for slashes, too. A lone `/` is the root alone.
 */
export function pathPattern(path: string): PathPattern {
  if (everyFolder.has(path)) return { directory: '', isLiteral: false, matches: () => true };
  const normal = cleanPath(path) ?? '';
  const segments = normal.split('/');
  const firstWild = segments.findIndex((segment) => /[*?[]/.test(segment));
  if (firstWild === -1) {
    return { directory: normal, isLiteral: true, matches: (folder) => folder === normal };
  }
  const expression = fnmatchExpression(normal);
  return {
    directory: segments.slice(0, firstWild).join('/'),
    isLiteral: false,
    matches: (folder) => expression.test(folder),
  };
}

function fnmatchExpression(pattern: string): RegExp {
  const source = pattern.replace(
    /\*+|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.|+(){}[\]/-]/g,
    (token, negation: string | undefined, members: string | undefined) => {
      if (token.startsWith('*')) return '.*';
      if (token === '?') return '.';
      if (members === undefined || members === '') return escaped(token);
      return `[${negation === '!' ? '^' : ''}${members.replace(/[\\\]^[]/g, '\\$&')}]`;
    },
  );
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A set that runs backwards, such as `[z-a]`: it has no members, so that nothing can meet it.
    return /(?!)/;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|+(){}[\]/*?-]/g, '\\$&');
}

/** Characters that make a text a pattern. A leading `!`, parentheses and extended globs are plain. */
const special = /[*?[\]{}\\]/;

const options = { dot: true, nonegate: true, noextglob: true } as const;

/** Whether a text is more than its own name. */
export function isGlob(text: string): boolean {
  return special.test(text);
}

/** Tells whether a path meets a pattern: `*` stays in its folder, `**` does not, dots are letters. */
export function globMatcher(pattern: string): (path: string) => boolean {
  // Without a pattern in it, a name is compared as it is.
  if (!isGlob(pattern)) return (path) => path === pattern;
  return picomatch(pattern.replace(/(?<!\\)[()|]/g, '\\$&'), options);
}
