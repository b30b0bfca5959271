import { expandVariables, refersToVariable } from '../expand-variables.js';
import type { Origin, SettingsFile } from '../origin.js';
import { comparable } from '../spelling.js';
import type { TreeLeaf } from '../yaml-tree.js';
import type { Variables } from './environment.js';
import type { Candidate, Layer } from './layer.js';

/** An expression of GitHub Actions is no `${VAR}`; it counts as unset later. */
const ACTIONS_EXPRESSION = /^\s*\$\{\{/u;

/**
 * The layer of a YAML file. `${VAR}` is looked up in `variables`, except in a mapping, where it may
 * be jq.
 */
export function yamlLayer(
  leaves: readonly TreeLeaf[],
  { file, locate }: Pick<SettingsFile<unknown>, 'file' | 'locate'>,
  variables: Variables,
): Layer {
  const originOf = (leaf: TreeLeaf): Origin => {
    const at = locate?.(leaf.path, 'value') ?? null;
    return { layer: 'yaml', spelling: leaf.key, file, ...(at === null ? {} : { at }) };
  };
  const found = (keys: readonly string[]): readonly TreeLeaf[] =>
    keys.flatMap((key) => leaves.filter((leaf) => leaf.comparable === comparable(key)));

  return {
    candidates: ({ keys, pastedKeys }) =>
      found([...keys, ...pastedKeys]).map((leaf) => candidate(leaf, originOf(leaf), variables)),
    meaningless: ({ keys, recognises }) =>
      found(keys)
        .filter(({ raw }) => recognises?.(raw) ?? true)
        .map((leaf) => ({ origin: originOf(leaf), raw: leaf.raw })),
  };
}

function candidate(leaf: TreeLeaf, origin: Origin, variables: Variables): Candidate {
  const { raw } = leaf;
  const isInlineMapping = leaf.comparable === 'mapping' && typeof raw === 'object';
  const isExpression = typeof raw === 'string' && ACTIONS_EXPRESSION.test(raw);
  if (isInlineMapping || isExpression) return { origin, raw };
  const expansion = expandVariables(raw, variables);
  return 'failure' in expansion
    ? { origin, raw, failure: expansion.failure }
    : { origin, raw: expansion.value, isExpanded: refersToVariable(raw) };
}
