import type { ChalkInstance } from 'chalk';
import { canonicalJson, type JsonObject, type JsonValue } from '../../model/json.js';
import { diffLines, withContext, type DiffLine } from '../../report/line-diff.js';
import { inOrderOf, mappingYaml } from './mapping-yaml.js';

/** A mapping and where it stands. */
export interface NamedMapping {
  readonly name: string;
  readonly value: JsonValue;
}

/** Whether two mappings say the same: the order of keys says nothing. */
export function isSameMapping(inPort: JsonObject | null, local: JsonValue): boolean {
  return inPort !== null && canonicalJson(inPort) === canonicalJson(local);
}

/** What a push would change, line by line, as `diff -u` shows it. */
export function differenceLines(
  inPort: { readonly name: string; readonly value: JsonObject | null },
  local: NamedMapping,
  { colors, clean }: { readonly colors: ChalkInstance; readonly clean: (text: string) => string },
): readonly string[] {
  const old = inPort.value === null ? [] : yamlLines(inOrderOf(inPort.value, local.value));
  const lines = withContext(diffLines(old, yamlLines(local.value)));
  const shown = (line: DiffLine | null): string => {
    if (line === null) return colors.dim('...');
    const text = clean(`${line.sign}${line.text}`);
    if (line.sign === '+') return colors.green(text);
    return line.sign === '-' ? colors.red(text) : text;
  };
  return [
    colors.bold(`--- ${clean(inPort.name)}`),
    colors.bold(`+++ ${clean(local.name)}`),
    ...lines.map(shown),
  ];
}

function yamlLines(value: JsonValue): readonly string[] {
  return mappingYaml(value).trimEnd().split('\n');
}
