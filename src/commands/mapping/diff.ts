import { CHANGES_EXIT_CODE } from '../../report/plan-end.js';
import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/flag-values.js';
import { differenceLines, isSameMapping } from './mapping-difference.js';
import { inMappingSession, nameInPort, recordOf } from './mapping-session.js';

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
