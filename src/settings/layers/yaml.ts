import { expandVariables, refersToVariable } from '../expand-variables.js';
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
export function yamlLayer(leaves: readonly TreeLeaf[], file: string, variables: Variables): Layer {
  const found = (keys: readonly string[]): readonly TreeLeaf[] =>
    keys.flatMap((key) => leaves.filter((leaf) => leaf.comparable === comparable(key)));

  return {
    candidates: ({ keys, pastedKeys }) =>
      found([...keys, ...pastedKeys]).map((leaf) => candidate(leaf, file, variables)),
    meaningless: ({ keys, recognises }) =>
      found(keys)
        .filter(({ raw }) => recognises?.(raw) ?? true)
        .map((leaf) => ({ origin: originOf(leaf, file), raw: leaf.raw })),
  };
}

function originOf(leaf: TreeLeaf, file: string): Candidate['origin'] {
  return { layer: 'yaml', spelling: leaf.key, file };
}

function candidate(leaf: TreeLeaf, file: string, variables: Variables): Candidate {
  const origin = originOf(leaf, file);
  const { raw } = leaf;
  const isInlineMapping = leaf.comparable === 'mapping' && typeof raw === 'object';
  const isExpression = typeof raw === 'string' && ACTIONS_EXPRESSION.test(raw);
  if (isInlineMapping || isExpression) return { origin, raw };
  const expansion = expandVariables(raw, variables);
  return 'failure' in expansion
    ? { origin, raw, failure: expansion.failure }
    : { origin, raw: expansion.value, isExpanded: refersToVariable(raw) };
}
