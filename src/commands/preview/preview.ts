import type { Runtime } from '../../runtime.js';
import type { FlagValues } from '../../settings/declaration.js';
import { previewLive } from './live.js';
import { previewOffline } from './offline.js';
import { previewOptions } from './options.js';

/**
 * `preview`: runs the mapping on a few items and shows what it makes of them. Writes nothing.
 * @returns the exit code
 * @throws ProblemError when options, settings, input or mapping cannot be used
 */
export async function preview(runtime: Runtime, flags: FlagValues): Promise<number> {
  const options = previewOptions(flags);
  return options.input === null
    ? previewLive(runtime, flags, options)
    : previewOffline(runtime, flags, { ...options, input: options.input });
}
