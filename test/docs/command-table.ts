import { commands } from '../../src/cli/commands.js';
import { code, table } from './markdown.js';

/** The commands and what each does. */
export function commandTable(): string {
  const rows = commands.map(({ name, summary }) => [code(name), summary]);
  return table(['command', 'does'], rows);
}
