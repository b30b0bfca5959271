import type { ErrorCode, YAMLError } from 'yaml';

/** Errors of the parser whose code covers several mistakes: what tells them apart, and our words. */
const BY_MESSAGE: readonly (readonly [ErrorCode, RegExp, string])[] = [
  ['BAD_INDENT', /^Flow /u, 'a bracket or brace that opens here is not closed'],
  ['MISSING_CHAR', /^Missing closing/u, 'a quote opens here that is not closed'],
  ['MISSING_CHAR', /^Implicit map keys/u, 'this line has no colon'],
  ['UNEXPECTED_TOKEN', /at node end/u, 'something follows a value that has ended: quote all of it'],
  ['UNEXPECTED_TOKEN', /^Not a YAML token/u, 'what follows a | or > has to begin on the next line'],
  ['UNEXPECTED_TOKEN', /^Unexpected ,/u, 'a comma stands here that separates nothing'],
];

const BY_CODE: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'a value begins with * or &; put it in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is not understood; use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a value begins with a sign that YAML reserves; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two keys stand on one line; quote a value that holds a colon',
  BLOCK_IN_FLOW: 'a comma is missing between two members',
  MISSING_CHAR: 'something is missing, such as a quote, a bracket or the space after a colon',
  MULTILINE_IMPLICIT_KEY: 'this line has no colon',
  MULTIPLE_DOCS: 'a second document begins (---); only one can be used',
  TAB_AS_INDENT: 'this line is indented with a tab; YAML wants spaces',
  TAG_RESOLVE_FAILED: 'a value begins with !; put it in quotes',
};

/**
 * What the YAML parser found, in our words. The parser's own ones quote the text, which may hold a
 * secret.
 * @param others further errors at the same place
 */
export function yamlWords({ code, message }: YAMLError, others: readonly YAMLError[]): string {
  const isTooFar =
    code === 'BLOCK_AS_IMPLICIT_KEY' &&
    others.some((other) => other.code === 'MULTILINE_IMPLICIT_KEY');
  if (isTooFar) return 'the line below this one is indented too far';
  const special = BY_MESSAGE.find(([of, pattern]) => of === code && pattern.test(message));
  return special?.[2] ?? BY_CODE[code] ?? 'this is not valid YAML';
}
