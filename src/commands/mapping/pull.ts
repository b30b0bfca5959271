import { ProblemError } from '../../problems/problem.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { inMappingSession, type MappingSession, mappingYaml, recordOf } from './mapping-session.js';
import { writeNewFile } from '../write-file.js';

/**
 * `mapping pull`: the mapping that Port holds, as YAML, on stdout or into a file.
 * @returns the exit code
 * @throws SettingsError; ProblemError with what ended it
 */
export function pull(runtime: Runtime, flags: FlagValues): Promise<number> {
  return inMappingSession(runtime, flags, false, async (mapping) => {
    const { identifier, config } = recordOf(mapping);
    if (config === null) throw ProblemError.of({ code: 'mapping-absent', identifier });
    const text = `# The mapping of integration ${identifier}, as Port holds it.\n${mappingYaml(config)}`;
    tellUsed(mapping);
    const { '--file': file, '--force': force } = flags;
    if (typeof file !== 'string') {
      runtime.stdout.write(text);
      return 0;
    }
    await writeNewFile(file, text, { cwd: runtime.cwd, replaces: force === true });
    mapping.say(mapping.clean(`Wrote the mapping of integration ${identifier} to ${file}`));
    return 0;
  });
}

/** On stderr: stdout may be the file. */
function tellUsed({ usedInstead, port, runtime, clean }: MappingSession): void {
  if (usedInstead === null) return;
  const { identifier } = port.integration;
  const words = `note: this is the mapping of integration ${identifier} in Port. sync does not use it: your settings name ${usedInstead}`;
  runtime.stderr.write(`${clean(words)}\n`);
}
