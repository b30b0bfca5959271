import type { FlagValues } from '../flag-values.js';
import type { Layer } from './layer.js';

/** The layer of the command line. */
export function flagLayer(flags: FlagValues): Layer {
  return {
    candidates: ({ flag }) => {
      const given = flag === null ? undefined : flags[flag.name];
      if (flag === null || given === undefined) return [];
      return [
        {
          origin: { layer: 'flag', spelling: flag.name, file: null },
          raw: given === true ? (flag.gives ?? 'true') : given,
        },
      ];
    },
    meaningless: () => [],
  };
}
