import type { FlagDeclaration } from '../../settings/declaration.js';
import { ALL_KINDS } from '../../settings/kind-names.js';

/** The options of `preview` alone. They say what is looked at, and are no settings. */
export const previewFlags = {
  kind: {
    name: '--kind',
    argument: '<kind>',
    description: `the kind to try: ${ALL_KINDS.join(', ')} (default: all of the mapping)`,
  },
  resource: {
    name: '--resource',
    argument: '<number>',
    description:
      'which resource of a kind that occurs more than once: its position in resources, from 1',
  },
  limit: {
    name: '--limit',
    argument: '<number>',
    description: 'items of each resource (default: 3, and all of --input)',
  },
  input: {
    name: '--input',
    argument: '<file>',
    description: 'read raw items from a JSON file instead of Bitbucket; - is standard input',
  },
  output: {
    name: '--output',
    argument: '<format>',
    description: 'text, or json (default: text)',
  },
} as const satisfies Record<string, FlagDeclaration>;
