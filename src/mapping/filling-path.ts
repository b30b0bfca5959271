import type { JsonObject } from '../model/json.js';
import { leadingPath, type PathStep } from './leading-path.js';
import type { Expression } from './mapping.js';
import { whereItEnds } from './path-end.js';

/** Why a list has nulls, as far as an item tells. */
export interface FillingPath {
  /** The key that no member has. */
  readonly missing: string;
  /** The path that leads to something instead, as jq writes it. */
  readonly instead?: string;
}

/** `.a | map(.b)` is what `[.a[] | .b]` is. */
const MAPPED = /^(?<list>[^|]+)\|\s*map\((?<each>[^()]+)\)\s*$/u;

/**
 * Looks for the key that an expression names and an item lacks, and for the path that it may have meant:
 * the same without that key, or with the one that the item has and that resembles it.
 * @returns null where the path is there, or cannot be told
 */
export function fillingPath(expression: Expression, item: JsonObject): FillingPath | null {
  const { list = '', each = '' } = MAPPED.exec(expression)?.groups ?? {};
  const { steps } = leadingPath(each === '' ? expression : `${list.trimEnd()}[] | ${each}`);
  for (let length = 1; length <= steps.length; length += 1) {
    const end = whereItEnds(steps.slice(0, length), [item], null);
    if (end.type !== 'missing') continue;
    const { missing, nearest } = end;
    const before = steps.slice(0, length - 1);
    const after = steps.slice(length);
    const others = [
      ...(nearest === undefined ? [] : [[...before, { key: nearest }, ...after]]),
      ...(after.length === 0 ? [] : [[...before, ...after]]),
    ];
    const instead = others.find((path) => whereItEnds(path, [item], null).type === 'there');
    return { missing, ...(instead === undefined ? {} : { instead: written(instead) }) };
  }
  return null;
}

function written(steps: readonly PathStep[]): string {
  return steps
    .map((step) => {
      if (step === 'member') return '[]';
      return /^[A-Za-z_]\w*$/u.test(step.key) ? `.${step.key}` : `.[${JSON.stringify(step.key)}]`;
    })
    .join('');
}
