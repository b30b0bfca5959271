import { isJsonObject, type JsonObject } from '../../model/json.js';
import { createIntegration, writeMapping } from '../../port/integration.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { differenceLines, isSameMapping } from './diff.js';
import {
  inMappingSession,
  type MappingSession,
  mappingYaml,
  nameInPort,
  recordOf,
} from './mapping-session.js';
import { writeNewFile } from '../write-file.js';

/**
 * `mapping push`: makes the local mapping the one that Port holds.
 * @returns the exit code
 * @throws SettingsError; ProblemError with what ended it
 */
export function push(runtime: Runtime, flags: FlagValues): Promise<number> {
  return inMappingSession(runtime, flags, true, async (mapping) => {
    const { local, record, say, clean } = mapping;
    if (!isJsonObject(local?.value)) throw new Error('a valid mapping that is no object');
    const isNew = record === null && flags['--create'] === true;
    const config = isNew ? null : recordOf(mapping).config;
    if (isSameMapping(config, local.value)) {
      say(clean(`${nameInPort(mapping, config)} holds ${local.origin} already`));
      return 0;
    }
    await keep(config, flags['--backup'], mapping);
    const inPort = { name: nameInPort(mapping, config), value: config };
    say(...differenceLines(inPort, { name: local.origin, value: local.value }, mapping), '');
    await write(local.value, isNew, mapping);
    say(
      clean(`Pushed ${local.origin} to ${nameInPort(mapping, local.value)}; the next sync uses it`),
    );
    tellWayBack(config, flags['--backup'], mapping);
    return 0;
  });
}

async function keep(
  config: JsonObject | null,
  backup: FlagValues[string] | undefined,
  { runtime, port }: MappingSession,
): Promise<void> {
  if (config === null || typeof backup !== 'string') return;
  const header = `# The mapping of integration ${port.integration.identifier} before another was pushed.\n`;
  const options = { cwd: runtime.cwd, replaces: false };
  await writeNewFile(backup, `${header}${mappingYaml(config)}`, options);
}

async function write(config: JsonObject, isNew: boolean, { port }: MappingSession): Promise<void> {
  if (isNew) {
    const { config: held } = await createIntegration(port, { config });
    // Somebody else created it in the meantime, with another mapping.
    if (isSameMapping(held, config)) return;
  }
  await writeMapping(port, config);
}

function tellWayBack(
  config: JsonObject | null,
  backup: FlagValues[string] | undefined,
  { say, clean }: MappingSession,
): void {
  if (config === null) return;
  if (typeof backup === 'string')
    say(clean(`To undo: bitbucket-port mapping push --mapping ${backup}`));
  else
    say('To undo, put the lines with - back and push again; --backup <file> keeps the old mapping');
}
