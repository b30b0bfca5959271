import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { YamlText } from './yaml-text.js';

/** A place in the value of a text. */
export interface DocumentPath {
  readonly path: readonly PropertyKey[];
  /** Which part of the member at `path`; where there is no such member, its holder is shown. */
  readonly points: 'key' | 'value';
  /** Characters into the text of the value. */
  readonly offset?: number;
}

/** What a path leads to: as deep as the text goes. */
interface Member {
  readonly key: Node | null;
  readonly value: Node | null;
  readonly isThere: boolean;
}

/** The offset of a place in the text; null where it is the root, which is everywhere. */
export function findOffset({ document, text }: YamlText, place: DocumentPath): number | null {
  const { key, value, isThere } = memberAt(document, place.path);
  const keyOffset = key?.range?.[0] ?? null;
  if (!isThere) return keyOffset ?? (value === document.contents ? null : start(value));
  if (place.points === 'key') return keyOffset;
  if (isScalar(value) && place.offset !== undefined) {
    return offsetInScalar(value, text, place.offset);
  }
  if (value === document.contents) return null;
  return isSeenAtItsKey(value) ? (keyOffset ?? start(value)) : start(value);
}

function start(node: Node | null): number | null {
  return node?.range?.[0] ?? null;
}

/** Nothing at all, and what begins on a line below its key. */
function isSeenAtItsKey(value: Node | null): boolean {
  if (isMap(value) || isSeq(value)) return value.flow !== true;
  return isScalar(value) && value.range?.[0] === value.range?.[1];
}

function memberAt(document: Document.Parsed, path: readonly PropertyKey[]): Member {
  let member: Member = { key: null, value: document.contents, isThere: true };
  for (const step of path) {
    const next = memberOf(resolved(member.value, document), step, document);
    if (next === null) return { ...member, isThere: false };
    member = next;
  }
  return member;
}

function memberOf(holder: Node | null, step: PropertyKey, document: Document): Member | null {
  if (isSeq(holder)) {
    const value = typeof step === 'number' ? holder.items[step] : undefined;
    return isNode(value) ? { key: null, value, isThere: true } : null;
  }
  if (!isMap(holder)) return null;
  // Of keys that stand twice, the last counts.
  const own = holder.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
  if (own === undefined) return mergedMember(holder, step, document);
  const { key, value } = own;
  return { key: isNode(key) ? key : null, value: isNode(value) ? value : null, isThere: true };
}

/** A member that a merge key (`<<: *anchor`) brings in. */
function mergedMember(holder: YAMLMap, step: PropertyKey, document: Document): Member | null {
  for (const { key, value } of holder.items) {
    if (!isMergeKey(key) || !isNode(value)) continue;
    const merged = resolved(value, document);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const target = isNode(source) ? resolved(source, document) : null;
      const found = isMap(target) ? memberOf(target, step, document) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function resolved(node: Node | null, document: Document): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

/** What stands in the text for one character of the value; `space`: for one that may be folded. */
interface Unit {
  readonly start: number;
  readonly end: number;
  readonly isSpace: boolean;
}

/** An escape in double quotes: `\x41`, `\u0041`, `\U00000041`, `\"`, or a line break that is none. */
const ESCAPE = /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|\r?\n[ \t]*|[^])/iuy;
const SPACE_ESCAPE = /^\\[nrtvfN_LP ]|^\\\r?\n/u;

/**
 * The place in the text of a character of the value. YAML drops indentation, folds lines and reads
 * escapes, but it keeps the order of all that is no white space: so these are counted.
 * @param offset up to the length of the value, for the place behind its end
 */
function offsetInScalar(node: Scalar, text: string, offset: number): number {
  const [start, end] = node.range ?? [0, 0];
  const { value } = node;
  if (typeof value !== 'string') return start;
  const before = value.slice(0, offset).replace(/\s+/gu, '').length;
  const isBehind = /^(?:\s|$)/u.test(value.slice(offset));
  let count = 0;
  let last = start;
  for (const unit of unitsOf(node, text, start, end)) {
    if (unit.isSpace) continue;
    if (count === before && !isBehind) return unit.start;
    count += 1;
    last = unit.end;
    if (count === before && isBehind) return last;
  }
  return last;
}

function* unitsOf(node: Scalar, text: string, start: number, end: number): Generator<Unit> {
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const isQuoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
  // The header of a block (`|-`) ends with its line.
  let at = isBlock ? text.indexOf('\n', start) + 1 : start + (isQuoted ? 1 : 0);
  const stop = isQuoted ? end - 1 : end;
  while (at < stop) {
    const length = unitLength(node, text, at);
    const written = text.slice(at, at + length);
    const isSpace = /^\s/u.test(written) || (length > 1 && SPACE_ESCAPE.test(written));
    yield { start: at, end: at + length, isSpace };
    at += length;
  }
}

function unitLength({ type }: Scalar, text: string, at: number): number {
  if (type === 'QUOTE_SINGLE' && text.startsWith("''", at)) return 2;
  if (type !== 'QUOTE_DOUBLE') return 1;
  ESCAPE.lastIndex = at;
  return ESCAPE.exec(text)?.[0].length ?? 1;
}

/** A key that stands a second time in one object. Offsets into the text. */
export interface DuplicateKey {
  readonly key: string;
  readonly first: number;
  readonly offset: number;
}

/**
 * Keys that stand more than once, in the order of the text. `<<` may.
 * @param below the place below which to look
 */
export function duplicateKeys(
  { document }: YamlText,
  below: readonly string[],
): readonly DuplicateKey[] {
  const root = document.getIn(below, true);
  if (!isNode(root)) return [];
  const found: DuplicateKey[] = [];
  visit(root, {
    Map: (_key, map) => {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isMergeKey(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        const first = seen.get(name);
        if (first === undefined) seen.set(name, offset);
        else found.push({ key: name, first, offset });
      }
    },
  });
  return found;
}

/** `<<`, as it is written: the parser makes a symbol of it. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<';
}
