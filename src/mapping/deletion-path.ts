import type { Expression } from './mapping.js';

/** A variable being bound or read, the item itself, or nothing: what stands before a path. */
const PREAMBLE = /^(?:\.\s+as\s+\$\w+|\$\w+|\.|)$/u;
/** A member: `.content`, `."a b"`, `.["a b"]`, `[0]`. */
const STEP = /\.(?:[A-Za-z_]\w*|"(?:[^"\\]|\\.)*")|\.?\[(?:\d+|"(?:[^"\\]|\\.)*")\]/u;
const PATH = new RegExp(`^(?=\\.)(?:${STEP.source})+`, 'u');

/**
 * The path in the item that `itemsToParse` takes its list from, so that the list can be left out of
 * the items made of it: `.content.dependencies` of `.content.dependencies | to_entries`. The first
 * step that starts with a path decides, as in the exporter that mappings are written for. Null when
 * the list is not taken from one place.
 */
export function deletionPath(itemsToParse: Expression): string | null {
  for (const part of itemsToParse.split('|')) {
    const step = part.trim().replace(/^\(\s*/u, '');
    const path = PATH.exec(step)?.[0];
    if (path !== undefined) return path;
    if (!PREAMBLE.test(step)) return null;
  }
  return null;
}
