import {
  isAlias,
  isCollection,
  isNode,
  isPair,
  isScalar,
  visit,
  type Alias,
  type Document,
  type Pair,
  type Scalar,
} from 'yaml';
import type { YamlFault } from './yaml-text.js';

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
