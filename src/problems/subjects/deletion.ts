import type { EntityReference } from '../../model/entity.js';
import { counted, grouped, percent } from '../number-words.js';
import { entitiesOf } from '../phrases.js';
import type { WithholdingReason } from '../places.js';
import { incomplete, warning, type WordsFor } from '../severity.js';
import { WITHHOLDING_WORDS } from '../withholding-words.js';

/** What is not deleted, and why. */
export interface DeletionProblems {
  /** More would be deleted than the threshold allows. */
  'deletion-threshold': {
    readonly due: number;
    readonly owned: number;
    readonly threshold: number;
    /** Null: overall. */
    readonly blueprint: string | null;
    readonly victims: readonly EntityReference[];
    /**
     * When about as many entities appeared as would go: a mapping's identifier that gives `now` where
     * it gave `before`.
     */
    readonly changed?: {
      readonly blueprint: string;
      readonly appeared: number;
      readonly before: string;
      readonly now: string;
    };
  };
  /** Entities that are due were kept, and why. Never a failure of its own. */
  'deletions-withheld': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: WithholdingReason;
  };
  /** Port refused a deletion. */
  'deletion-refused': { readonly entity: EntityReference; readonly reason: string };
  /** Deletions that Port did not answer, after all retries. */
  'entities-not-deleted': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  };
  /** The first run over what another program loaded. */
  'taken-over': {
    readonly version: string;
    readonly due: number;
    /** False when this run did not look at everything: then the next one deletes nothing either. */
    readonly isWhole: boolean;
  };
}

/** Each of them in words. */
export const deletionWords: WordsFor<DeletionProblems> = {
  'deletion-threshold': ({ due, owned, threshold, blueprint, victims, changed }) => ({
    severity: 'failure',
    exitCode: 5,
    message: `${grouped(due)} of ${counted(owned, 'entity', 'entities')}${blueprint === null ? '' : ` of ${blueprint}`} would be deleted, more than the threshold of ${percent(threshold)} allows; nothing was deleted. ${victims.length === due ? 'They are' : 'Among them'}: ${victims.map((victim) => `${victim.blueprint} ${victim.identifier}`).join(', ')}${changed === undefined ? '' : `. ${counted(changed.appeared, 'entity', 'entities')} of ${changed.blueprint} appeared in their place: the identifier in the mapping seems to have changed, such as from ${changed.before} to ${changed.now}`}`,
    hint:
      changed === undefined
        ? 'If right, run once: npx bitbucket-port sync --deletion-threshold 1'
        : 'If the change is meant, run once: npx bitbucket-port sync --deletion-threshold 1; if not, take it back',
  }),
  'deletions-withheld': ({ blueprint, count, reason }) => ({
    severity: 'notice',
    exitCode: 0,
    message: `kept ${counted(count, 'entity', 'entities')} of ${blueprint} that this run did not produce: ${WITHHOLDING_WORDS[reason]}`,
    hint: null,
  }),
  'deletion-refused': ({ entity, reason }) =>
    warning(
      `${entity.blueprint} ${entity.identifier} was kept: ${reason}`,
      'Remove what relates to it in Port and run again, or run once with --allow-cascade, which deletes both',
    ),
  'entities-not-deleted': ({ blueprint, count, reason }) =>
    incomplete(`${entitiesOf(blueprint, count)} not deleted: ${reason}`, 'Run again'),
  'taken-over': ({ version, due, isWhole }) =>
    warning(
      `this integration was loaded by ${version} until now; nothing was deleted in this first run`,
      takeOverHint(due, isWhole),
    ),
};

function takeOverHint(due: number, isWhole: boolean): string {
  if (!isWhole)
    return 'Deletions begin after a run that reads everything, without --kinds and the like';
  if (due === 0) return 'The next run deletes what is gone';
  return `The next run would delete ${counted(due, 'entity', 'entities')}; look at them first`;
}
