import { isScalar } from 'yaml';

/** `<<`, as it is written: the parser makes a symbol of it. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<';
}
