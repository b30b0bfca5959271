import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';
import { comparable, type Origin, type SettingsFile } from '../spelling.js';
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
  return { origin, ...expanded(raw, variables) };
}

const REFERENCE = /\$(\$?)\{([^}]*)\}/gu;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/**
 * A value with variables put in for `${NAME}` in every text of it, or why that cannot be done. `$${`
 * stands for a plain `${`.
 */
function expanded(raw: JsonValue, variables: Variables): Omit<Candidate, 'origin'> {
  const names: string[] = [];
  const failures: string[] = [];
  const lookUp = (reference: string, escaped: string, name: string): string => {
    if (escaped !== '') return reference.slice(1);
    if (!VARIABLE_NAME.test(name)) {
      failures.push('holds a ${…} that names no variable; write $${ for a plain ${');
      return '';
    }
    names.push(name);
    if (variables[name] === undefined) failures.push(`refers to \${${name}}, which is not set`);
    return variables[name] ?? '';
  };
  const value = mapTexts(raw, (text) => text.replace(REFERENCE, lookUp));
  const [failure] = failures;
  const refersToUndefined = names.some((name) => variables[name] === undefined);
  return failure === undefined
    ? { raw: value, isExpanded: names.length > 0 }
    : { raw, failure, refersToUndefined };
}

/** Whether the text is a reference and nothing else: it holds no part of what it stands for. */
export function isReference(text: string): boolean {
  return /^\s*\$\{[^}]*\}\s*$/u.test(text);
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (isJsonArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]),
  );
}
