import { ProblemError } from '../problems/problem.js';
import type { FlagDeclaration, FlagValues } from '../settings/declaration.js';
import { ALL_KINDS } from '../settings/kind-names.js';

/**
 * The options of commands that are no settings. They stand apart from the commands, as help must not
 * wait for all that these load.
 */
export const checkFlags: readonly FlagDeclaration[] = [
  {
    name: '--offline',
    argument: null,
    description: 'test files, mapping and jq only: no server, no secrets',
  },
  { name: '--output', argument: '<format>', description: 'text, or json (default: text)' },
];

/** See `checkFlags`. */
export const planFlags: readonly FlagDeclaration[] = [
  {
    name: '--output',
    argument: '<format>',
    description: 'text, or json with every value in full (default: text)',
  },
  { name: '--all', argument: null, description: 'show all changes, however many there are' },
  {
    name: '--detailed-exitcode',
    argument: null,
    description: 'exit with 10 if there are changes',
  },
];

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

/** What the demo takes. */
export const demoFlags: readonly FlagDeclaration[] = [
  {
    name: '--webhooks',
    argument: null,
    description: 'set up webhooks, and show how a merge arrives without a run',
  },
];

const hookLevel: FlagDeclaration = {
  name: '--level',
  argument: '<level>',
  description: 'auto, workspace, project or repository: where webhooks stand in Bitbucket',
};
const hookOutput: FlagDeclaration = {
  name: '--output',
  argument: '<format>',
  description: 'text, or json with every value in full (default: text)',
};

/** The options of the subcommands of `webhooks` that are no settings. */
export const webhookFlags = {
  plan: [
    hookLevel,
    hookOutput,
    { name: '--rotate-secret', argument: null, description: 'show what --rotate-secret changes' },
    {
      name: '--detailed-exitcode',
      argument: null,
      description: 'exit with 10 if there are changes',
    },
  ],
  apply: [
    hookLevel,
    hookOutput,
    {
      name: '--rotate-secret',
      argument: null,
      description: 'set the secret anew in Port and in every webhook of Bitbucket',
    },
  ],
  remove: [hookLevel, hookOutput],
} as const satisfies Record<string, readonly FlagDeclaration[]>;

const FORMATS = ['text', 'json'];

/**
 * Whether the result is to be JSON.
 * @throws ProblemError usage-invalid for a format that there is none of
 */
export function wantsJson({ '--output': format = 'text' }: FlagValues): boolean {
  if (format === true || !FORMATS.includes(format)) {
    const reason = `option '--output <format>' takes ${FORMATS.join(' or ')}`;
    throw ProblemError.of({ code: 'usage-invalid', reason });
  }
  return format === 'json';
}
