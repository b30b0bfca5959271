import { WITHHOLDING_WORDS } from '../../src/problems/withholding-words.js';
import type { WithholdingReason } from '../../src/problems/problem.js';
import { plain, table } from './markdown.js';

/** What each reason means for whoever reads it, and what ends it. A new reason does not compile. */
const MEANING: Readonly<Record<WithholdingReason, string>> = {
  'root listing incomplete':
    'Nothing is deleted in this run. Mend what the listing broke off for; the failure stands above.',
  'repository not read':
    'Only what belongs to that repository is kept. Mend what it broke off for.',
  'repository unknown':
    'The whole blueprint is kept. Map the repository itself, and a relation that leads to it.',
  'item failed': 'Mend the expression; the failure names the item. Or select the item away.',
  'resource failed': 'The failure stands above. Run again.',
  'blueprint missing':
    'Create the blueprint in Port, or correct its name in the mapping; the failure names it.',
  'blueprint computed':
    'Write the blueprint as a literal, or delete by hand what is gone. A mapping that computes it never proves that something is gone.',
  'search identifier': 'Give the mapping an identifier, or delete by hand what is gone.',
  'narrowed run':
    'Run without the flags and variables that narrow. What shall never be read belongs into the selectors of the mapping.',
  'deletions off':
    'It was asked for: `--no-delete`, `sync.delete: false`, or a threshold of 0 in the mapping or the settings.',
  'taken over': 'The next whole run deletes. Look at what it would delete with `plan`.',
  'no record':
    'The run made the record: the next one deletes. Look at what it would delete with `plan`.',
  'record unreadable':
    'Give the account the permission to read the integration; the warning above says what Port answered.',
  interrupted: 'Run again, or give it more time with `--timeout`.',
  'changed by others':
    'Someone needs it. It is due again in the next run, unless it changes again.',
  'made by others': 'It is not ours to delete. Delete it by hand if it is gone.',
  'dependents unreadable': 'Run again.',
  'related to':
    'Remove the relation, or what relates to it. `--allow-cascade` deletes both, once you are sure.',
  'seen again': 'It is there. Nothing to do.',
  'catalog unreadable': 'Run again.',
  'confirmation failed': 'Run again.',
};

/** How to read each line that tells what was kept. */
export function keptTable(): string {
  const reasons: readonly WithholdingReason[] = Object.keys(MEANING).filter(isReason);
  const rows = reasons.map((reason) => [plain(WITHHOLDING_WORDS[reason]), MEANING[reason]]);
  return table(['... that this run did not produce:', 'what it means, and what to do'], rows);
}

function isReason(text: string): text is WithholdingReason {
  return text in MEANING;
}
