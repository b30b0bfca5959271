import { objections } from '../../src/deletion/objections.js';
import { code, plain, table } from './markdown.js';

/** How to read each line that tells what was kept: a row for each reason that there is. */
export function keptTable(): string {
  const rows = objections.map(({ reason, words, remedy, weight }) => [
    code(reason),
    plain(words),
    remedy,
    WEIGHTS[weight],
  ]);
  return table(
    ['reason', '… that this run did not produce:', 'what it means, and what to do', 'exit'],
    rows,
  );
}

const WEIGHTS = { notice: '0', warning: '0, 4 with `--strict`', incomplete: '4' } as const;
