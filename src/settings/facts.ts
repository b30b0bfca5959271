import { allSettings } from './declarations/index.js';
import { meaninglessSettings } from './declarations/meaningless.js';
import { wholeSecret } from './declaration.js';
import { isReference } from './expand-variables.js';
import type { UnknownMember } from './layers/branch-variables.js';
import { misspeltVariables, unknownVariables, type Variables } from './layers/environment.js';
import type { Layer } from './layers/layer.js';
import { spelledOut } from './origin.js';
import { whyUnset } from './unset.js';

/** Every secret in any layer, used or not, each once. Never empty texts. */
export function secretsIn(layers: readonly Layer[]): readonly string[] {
  const found = allSettings.flatMap((declaration) =>
    layers
      .flatMap((layer) => layer.candidates(declaration))
      .flatMap(({ raw }) => {
        const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
        const isNone = declaration.secret === null || whyUnset(raw) !== null || isReference(text);
        return isNone ? [] : declaration.secret(text);
      }),
  );
  const unused = meaninglessSettings
    .filter(({ secret }) => secret)
    .flatMap((setting) => layers.flatMap((layer) => layer.meaningless(setting)))
    .flatMap(({ raw }) =>
      typeof raw !== 'string' || whyUnset(raw) !== null ? [] : wholeSecret(raw),
    );
  return [...new Set([...found, ...unused])].filter((secret) => secret !== '');
}

/** One sentence about all that a single run has no use for; none when there is nothing of it. */
export function noticesOfMeaningless(layers: readonly Layer[]): readonly string[] {
  const spellings = meaninglessSettings.flatMap((setting) =>
    layers
      .flatMap((layer) => layer.meaningless(setting))
      .filter(({ raw }) => whyUnset(raw) === null && setting.agrees?.(raw) !== true)
      .map(({ origin }) => spelledOut(origin)),
  );
  return spellings.length === 0
    ? []
    : [`without a meaning for a single run, and not used: ${spellings.join(', ')}`];
}

/** Sentences about `OCEAN__` variables that no setting has, and about others that look misspelt. */
export function noticesOfUnknown(variables: Variables, file: string | null): readonly string[] {
  return [...unknownVariables(variables), ...misspeltVariables(variables)].map(
    ({ name, nearest }) =>
      unknownInWords({ name: file === null ? name : `${name} in ${file}`, nearest }),
  );
}

/** `OCEAN__FOO is no setting and not used`. */
export function unknownInWords({ name, nearest }: UnknownMember): string {
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `${name} is no setting and not used${meant}`;
}
