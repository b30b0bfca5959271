import type { CommanderError } from 'commander';
import type { Problem } from '../problems/problem.js';

const SUGGESTION = /\((Did you mean [^)]*)\)/u;
/** Options that people try for what must not stand on a command line. */
const SECRET_OPTION = /'--?[\w-]*(?:secret|password|token|client-id)/iu;

/** Where the options of a command are explained. `names`: of the command, the outer one first. */
export function helpHint(names: readonly string[]): string {
  return names.length === 0
    ? 'Run bitbucket-port --help for the commands and options'
    : `Run bitbucket-port ${names.join(' ')} --help for what it takes`;
}

/**
 * Says what commander found wrong with the command line, without repeating any value in it.
 * @param names those of the command that it is about, as far as there is one
 */
export function usageProblem(error: CommanderError, names: readonly string[]): Problem {
  const [line = ''] = error.message.split('\n');
  const reason = withoutValues(line.replace(/^error: /u, ''));
  if (SECRET_OPTION.test(reason)) {
    return {
      code: 'usage-invalid',
      reason,
      suggestion: 'Secrets come from the environment, a .env file or YAML, never from an option',
    };
  }
  const suggestion = SUGGESTION.exec(error.message)?.[1];
  return { code: 'usage-invalid', reason, suggestion: suggestion ?? helpHint(names) };
}

/** `'--token=abc'` -> `'--token'`, `'-pabc'` -> `'-p'`. */
function withoutValues(text: string): string {
  return text.replace(/'(--[^='\s]+)=[^\n]*'/u, "'$1'").replace(/'(-[^-\s])[^\n]*'/u, "'$1'");
}
