import { isMap, isNode, isScalar } from 'yaml';
import { columnAt, lineAt } from './excerpt.js';
import { openYaml } from './yaml-text.js';

/**
 * The text with nothing left but one member of its root, in the place where it stood: what is around
 * it may hold secrets.
 * @returns null where the text is no YAML, or its root no object written key by key in lines
 */
export function onlyMember(text: string, name: string): string | null {
  const opened = openYaml(text);
  if ('faults' in opened) return null;
  const root = opened.document.contents;
  if (!isMap(root) || root.flow === true) return null;
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === name);
  if (!isScalar(pair?.key) || !isNode(pair.value)) return null;
  const [start] = pair.key.range;
  const [, , end] = pair.value.range;
  const above = '\n'.repeat(lineAt(text, start) - 1);
  return above + ' '.repeat(columnAt(text, start) - 1) + text.slice(start, end);
}
