import { comparable, type Origin, type SettingsFile } from '../spelling.js';
import type { TreeLeaf } from '../yaml-tree.js';
import type { Variables } from './environment.js';
import type { Candidate, Layer } from './layer.js';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';

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

/** A value with its variables put in, or why that cannot be done. */
type Expansion = { readonly value: JsonValue } | { readonly failure: string };

const REFERENCE = /\$(\$?)\{([^}]*)\}/gu;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Puts variables in for `${NAME}` in every text of `value`. `$${` stands for a plain `${`. */
function expandVariables(value: JsonValue, variables: Variables): Expansion {
  const failures: string[] = [];
  const lookUp = (reference: string, escaped: string, name: string): string => {
    if (escaped !== '') return reference.slice(1);
    if (!VARIABLE_NAME.test(name))
      failures.push('holds a ${…} that names no variable; write $${ for a plain ${');
    else if (variables[name] === undefined)
      failures.push(`refers to \${${name}}, which is not set`);
    return variables[name] ?? '';
  };
  const expanded = mapTexts(value, (text) => text.replace(REFERENCE, lookUp));
  const [failure] = failures;
  return failure === undefined ? { value: expanded } : { failure };
}

/** Whether the text is a reference and nothing else: it holds no part of what it stands for. */
export function isReference(text: string): boolean {
  return /^\s*\$\{[^}]*\}\s*$/u.test(text);
}

/** Whether any text of `value` refers to a variable. */
function refersToVariable(value: JsonValue): boolean {
  return refersTo(value, () => true);
}

/** Whether any text of `value` refers to a variable that nothing defines. */
export function refersToUndefined(value: JsonValue, variables: Variables): boolean {
  return refersTo(value, (name) => variables[name] === undefined);
}

function refersTo(value: JsonValue, isMeant: (name: string) => boolean): boolean {
  if (typeof value === 'string') {
    const references = [...value.matchAll(REFERENCE)];
    return references.some(
      ([, escaped, name = '']) => escaped === '' && VARIABLE_NAME.test(name) && isMeant(name),
    );
  }
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.some((member: JsonValue) => refersTo(member, isMeant));
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (isJsonArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]),
  );
}
