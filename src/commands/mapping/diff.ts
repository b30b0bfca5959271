import type { ChalkInstance } from 'chalk';
import { CHANGES_EXIT_CODE } from '../../report/plan-end.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import {
  inMappingSession,
  inOrderOf,
  mappingYaml,
  nameInPort,
  recordOf,
} from './mapping-session.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../../model/json.js';
import { type DiffLine, diffLines, withContext } from '../../report/line-diff.js';

/**
 * `mapping diff`: what a push would change in Port.
 * @returns the exit code; with `--detailed-exitcode`, 10 when the two differ
 * @throws SettingsError; ProblemError with what ended it
 */
export function diff(runtime: Runtime, flags: FlagValues): Promise<number> {
  return inMappingSession(runtime, flags, true, (mapping) => {
    const { local, say, clean } = mapping;
    const { config } = recordOf(mapping);
    if (local === null) throw new Error('a difference to nothing');
    if (isSameMapping(config, local.value)) {
      say(clean(`${local.origin} and ${nameInPort(mapping, config)} are the same`));
      return Promise.resolve(0);
    }
    const inPort = { name: nameInPort(mapping, config), value: config };
    say(...differenceLines(inPort, { name: local.origin, value: local.value }, mapping));
    return Promise.resolve(flags['--detailed-exitcode'] === true ? CHANGES_EXIT_CODE : 0);
  });
}

/** A mapping and where it stands. */
interface NamedMapping {
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
