import type { FlagDeclaration } from '../../settings/declaration.js';

/** What `--mapping` is to each of them. */
export const localMappingWords = {
  pull: 'not used: what Port holds is printed',
  push: 'the one to push (default: mapping in the settings file)',
  diff: 'the local one (default: mapping in the settings file)',
} as const satisfies Record<string, string>;

/** The options of the subcommands of `mapping` that are no settings. */
export const mappingFlags = {
  pull: [
    { name: '--file', argument: '<file>', description: 'write to this file instead of stdout' },
    { name: '--force', argument: null, description: 'replace the file if it exists' },
  ],
  push: [
    { name: '--create', argument: null, description: 'create the integration if it is missing' },
    { name: '--backup', argument: '<file>', description: 'save the old mapping to a new file' },
  ],
  diff: [
    {
      name: '--detailed-exitcode',
      argument: null,
      description: 'exit with 10 if they differ',
    },
  ],
} as const satisfies Record<string, readonly FlagDeclaration[]>;
