import picomatch from 'picomatch';

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
