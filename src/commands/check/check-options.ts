import { ProblemError } from '../../problems/problem.js';
import type { FlagDeclaration, FlagValues } from '../../settings/declaration.js';

/** The options of `check` that are no settings. */
export const checkFlags: readonly FlagDeclaration[] = [
  {
    name: '--offline',
    argument: null,
    description: 'test files, mapping and jq only: no server, no secrets',
  },
  { name: '--output', argument: '<format>', description: 'text, or json (default: text)' },
];

/** What a check is asked for. */
export interface CheckOptions {
  readonly isOffline: boolean;
  readonly isJson: boolean;
}

const FORMATS = ['text', 'json'];

/**
 * Understands the options.
 * @throws ProblemError usage-invalid
 */
export function checkOptions(flags: FlagValues): CheckOptions {
  const { '--output': format = 'text', '--offline': offline } = flags;
  if (format === true || !FORMATS.includes(format)) {
    const reason = `option '--output <format>' takes ${FORMATS.join(' or ')}`;
    throw ProblemError.of({ code: 'usage-invalid', reason });
  }
  return { isOffline: offline === true, isJson: format === 'json' };
}
