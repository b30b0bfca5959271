import { deepestJson } from '../../../model/json-depth.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../../model/json.js';

/**
 * How long content may be with all that it refers to, in characters. A file itself is smaller; its
 * aliases and references may stand for the same text again and again.
 */
const longest = 8 * 1024 * 1024;

/** Why content is more than can be passed on; null where it is not. Parts may occur several times. */
export function excessOf(content: JsonValue): string | null {
  const measured = new Map<JsonValue, Measure>();
  const { depth, length } = measure(content, deepestJson, measured);
  if (depth > deepestJson) return `nested more than ${deepestJson} levels deep`;
  return length > longest ? 'larger than 8 MiB with what it refers to' : null;
}

/** Levels below a value, and its characters as JSON, roughly. */
interface Measure {
  readonly depth: number;
  readonly length: number;
}

/** @param left how many levels are looked into at most: one more is already too many */
function measure(value: JsonValue, left: number, measured: Map<JsonValue, Measure>): Measure {
  if (typeof value === 'string') return { depth: 0, length: value.length + 2 };
  const members = membersOf(value);
  if (members === null || left < 0) return { depth: 0, length: 5 };
  const known = measured.get(value);
  if (known !== undefined) return known;
  // A part that holds itself, as YAML allows, has no end.
  measured.set(value, { depth: Infinity, length: Infinity });
  let depth = 0;
  let length = 2;
  for (const [name, member] of members) {
    const inner = measure(member, left - 1, measured);
    depth = Math.max(depth, inner.depth);
    length += name.length + inner.length + 4;
  }
  const result = { depth: depth + 1, length };
  measured.set(value, result);
  return result;
}

function membersOf(value: JsonValue): readonly (readonly [string, JsonValue])[] | null {
  if (isJsonArray(value)) return value.map((member) => ['', member] as const);
  return isJsonObject(value) ? Object.entries(value) : null;
}
