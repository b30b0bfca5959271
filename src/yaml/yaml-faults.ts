import {
  type Alias,
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isNode,
  isPair,
  isScalar,
  type Pair,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';

/** A place in a text where it is no YAML that can be used. */
export interface YamlFault {
  /** From 0; null where it is the text as a whole. */
  readonly offset: number | null;
  readonly reason: string;
}

/** Spaces that look like one and are none to YAML: web pages are full of them. */
const FOREIGN_SPACE = /^[\u00a0\u2000-\u200b\u202f\u3000]/u;

/** Types that YAML has beside those of JSON: sets, ordered maps, bytes, moments. */
const FOREIGN_TYPE = /^tag:yaml\.org,2002:(?!(?:map|seq|str|int|float|bool|null|merge)$)(.+)$/u;

/** What a byte becomes that is not UTF-8. */
const REPLACEMENT = '\ufffd';

/** What is valid YAML, and yet cannot be meant or written as JSON. */
export function faultsOf(document: Document.Parsed, text: string): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const found = (offset: number | undefined, reason: string | null): void => {
    if (reason !== null) faults.push({ offset: offset ?? null, reason });
  };
  visit(document, {
    Alias: (_key, node, path) => {
      found(node.range?.[0], faultOfAlias(node, document, path));
    },
    Collection: (_key, node) => {
      found(node.range?.[0], faultOfTag(node));
    },
    Pair: (_key, pair) => {
      found(offsetOfKey(pair), faultOfKey(pair));
    },
    Scalar: (_key, node) => {
      const [start, end] = node.range ?? [0, 0];
      const foreign = text.slice(start, end).indexOf(REPLACEMENT);
      found(start + Math.max(foreign, 0), faultOfScalar(node, foreign >= 0) ?? faultOfTag(node));
    },
  });
  return faults;
}

function faultOfAlias(
  alias: Alias,
  document: Document.Parsed,
  above: readonly unknown[],
): string | null {
  const target = alias.resolve(document);
  if (target === undefined) {
    return 'a value begins with * and names no anchor above; put it in quotes';
  }
  return above.includes(target) ? 'an anchor holds itself' : null;
}

function faultOfTag({ tag }: Pick<Scalar, 'tag'>): string | null {
  const [, name] = FOREIGN_TYPE.exec(tag ?? '') ?? [];
  return name === undefined ? null : `!!${name} is a type that JSON does not have; leave it out`;
}

function faultOfKey({ key }: Pair): string | null {
  // `{{ name }}` of a template is an object whose key is an object.
  if (isCollection(key)) return 'a key is a list or an object; put the value in quotes';
  const isForeign = isScalar(key) && typeof key.value === 'string' && FOREIGN_SPACE.test(key.value);
  return isForeign ? 'this line begins with spaces of a web page; type plain ones' : null;
}

function offsetOfKey(pair: unknown): number | undefined {
  return isPair(pair) && isNode(pair.key) && !isAlias(pair.key) ? pair.key.range?.[0] : undefined;
}

function faultOfScalar({ value }: Scalar, holdsReplacement: boolean): string | null {
  if (holdsReplacement) return 'a character here is not UTF-8; save the file as UTF-8';
  return typeof value === 'number' && !Number.isFinite(value)
    ? 'this number has no place in JSON; put it in quotes'
    : null;
}

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
