import type { FlagDeclaration } from '../settings/declaration.js';

/** The options of `plan` that are no settings. */
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
