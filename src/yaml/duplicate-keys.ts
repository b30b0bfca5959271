import { isNode, isScalar, visit } from 'yaml';
import type { YamlText } from './yaml-text.js';

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
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<';
}
