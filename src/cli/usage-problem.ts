import type { CommanderError } from 'commander';
import type { Problem } from '../problems/problem.js';

const SUGGESTION = /\((Did you mean [^)]*)\)/u;
/** Options that people try for what must not stand on a command line. */
const SECRET_OPTION = /'--?[\w-]*(?:secret|password|token|client-id)/iu;

/** Says what commander found wrong with the command line, without repeating any value in it. */
export function usageProblem(error: CommanderError): Problem {
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
  return suggestion === undefined
    ? { code: 'usage-invalid', reason }
    : { code: 'usage-invalid', reason, suggestion };
}

/** `'--token=abc'` -> `'--token'`, `'-pabc'` -> `'-p'`. */
function withoutValues(text: string): string {
  return text.replace(/'(--[^='\s]+)=[^\n]*'/u, "'$1'").replace(/'(-[^-\s])[^\n]*'/u, "'$1'");
}
