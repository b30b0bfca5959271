import { types } from 'node:util';

/** What a caught value says. Errors of another realm (a worker, a test runner) are errors as well. */
export function reasonOf(caught: unknown): string {
  return types.isNativeError(caught) ? caught.message : String(caught);
}
