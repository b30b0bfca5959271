import type { JsonValue } from '../model/json.js';
import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import { oceanVariable, snakeCase } from './spelling.js';

/** Names of variables: what stands in examples where a value belongs. */
const placeholders: ReadonlySet<string> = new Set(
  [...allSettings, ...meaninglessSettings].flatMap(({ variables, keys }) => [
    ...variables.flatMap((variable) => [variable, `YOUR_${variable}`]),
    ...keys.flatMap((key) => [oceanVariable(key), snakeCase(key.split('.').at(-1) ?? key)]),
  ]),
);

/** Azure Pipelines leaves `$(NAME)` as it is when nothing defines NAME. */
const UNEXPANDED_MACRO = /^\$\([^)]*\)$/u;
/** An expression of GitHub Actions that stands in a file which GitHub never saw. */
const UNEXPANDED_EXPRESSION = /^\$\{\{.*\}\}$/su;
/** A reference to a variable of ours that the shell or CI did not replace. */
const REFERENCE = /^\$\{?(\w+)\}?$/u;

/**
 * Why what stands there counts as unset, as the end of a sentence that begins with the spelling;
 * null when it is a value.
 */
export function whyUnset(raw: JsonValue): string | null {
  if (raw === null) return 'is empty';
  if (typeof raw !== 'string') return null;
  const text = raw.trim();
  if (text === '') return 'is empty';
  if (placeholders.has(text)) return 'still holds the placeholder of an example';
  const reference = REFERENCE.exec(text)?.[1];
  const isUnexpanded =
    UNEXPANDED_MACRO.test(text) ||
    UNEXPANDED_EXPRESSION.test(text) ||
    (reference !== undefined && placeholders.has(reference));
  return isUnexpanded ? 'holds a reference that was never replaced by its value' : null;
}
