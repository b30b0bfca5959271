import type { Scalar } from 'yaml';

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
export function offsetInScalar(node: Scalar, text: string, offset: number): number {
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
