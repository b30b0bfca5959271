import type { JsonValue } from '../../model/json.js';
import type { FlagValues, SettingDeclaration } from '../declaration.js';
import type { MeaninglessSetting } from '../declarations/meaningless.js';
import type { Origin } from '../spelling.js';

/** What a layer holds for a setting, under one of its spellings. */
export interface Candidate {
  readonly origin: Origin;
  readonly raw: JsonValue;
  /** Why the value cannot be had, continuing a sentence that begins with the spelling. */
  readonly failure?: string;
  /** Whether it refers to a variable that nothing defines. */
  readonly refersToUndefined?: boolean;
  /** Whether some of it is the value of a variable that it refers to. */
  readonly isExpanded?: boolean;
}

/** One place that settings come from. */
export interface Layer {
  /** What it holds for the setting, the preferred spelling first. */
  candidates(declaration: SettingDeclaration<unknown>): readonly Candidate[];
  /** What it holds of things that a single run has no use for. */
  meaningless(setting: MeaninglessSetting): readonly Candidate[];
}

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
