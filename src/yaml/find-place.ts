import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { isMergeKey } from './merge-key.js';
import { offsetInScalar } from './scalar-offset.js';
import type { YamlText } from './yaml-text.js';

/** A place in the value of a text. */
export interface Place {
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
export function findPlace({ document, text }: YamlText, place: Place): number | null {
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
