import type { EntityReference } from '../../model/entity.js';
import type { RequestFacts, WithRequest } from '../../model/request-facts.js';
import {
  askAdministrators,
  counted,
  dayOf,
  entitiesOf,
  grouped,
  percent,
  withRequest,
} from '../phrases.js';
import { incomplete, warning, type Words, type WordsFor } from '../severity.js';

/** Which guard found that too much would go at once. */
export type TrippedGuard =
  /** So many of what would go are proven gone by nothing. */
  | { readonly type: 'unproven'; readonly count: number }
  | {
      readonly type: 'threshold';
      readonly count: number;
      /** Entities that were there when deletions were last judged. */
      readonly owned: number;
      readonly threshold: number;
      /** Null: overall. */
      readonly blueprint: string | null;
    }
  /** The first run that deletes after a take-over. */
  | { readonly type: 'taken over' };

/** What is not deleted, and why. */
export interface DeletionProblems {
  /** More would be deleted at once than may be unasked. */
  'deletion-stopped': {
    /** How many would be deleted in all. */
    readonly due: number;
    readonly guard: TrippedGuard;
    readonly victims: readonly EntityReference[];
    /** What approves it on this day: `2543@2026-11-30`; null when Port did not tell the time. */
    readonly approval: string | null;
    /** An approval that was given and does not do. */
    readonly refused: string | null;
    /** Whether another guard stopped the same deletions, and tells what to do about them. */
    readonly isFurther?: true;
    /** When a run first stopped for it, in milliseconds since the epoch. */
    readonly since?: number;
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
  /** Entities that this run did not produce were kept: the words come from the rule that keeps them. */
  'deletions-withheld': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
    readonly words: string;
    readonly remedy: string;
    readonly weight: 'notice' | 'warning' | 'incomplete';
    /** The first few, with what there is to say of each. */
    readonly named: readonly string[];
    /** Since when runs withhold deletions there for this reason, in milliseconds since the epoch. */
    readonly since?: number;
  };
  /** Port refused a deletion. */
  'deletion-refused': { readonly entity: EntityReference; readonly reason: string };
  /** Deletions that Port did not answer, after all retries. */
  'entities-not-deleted': {
    readonly blueprint: string;
    readonly count: number;
    readonly reason: string;
  } & WithRequest;
  /** The first run over what another program loaded. */
  'taken-over': {
    readonly version: string;
    /** How many entities the next run would delete. */
    readonly due: number;
    /** False when this run did not look at everything: then the next one deletes nothing either. */
    readonly isWhole: boolean;
  };
  /** Another program signed an integration that we had taken over. */
  'two-writers': { readonly identifier: string; readonly version: string };
  /** Port took what the integration has to remember of deletions, and does not hold it. */
  'mark-dropped': { readonly identifier: string };
  /** None of the entities that Port holds as this run would write them is ours. */
  'none-is-ours': { readonly equal: number };
}

/** Each of them in words. */
export const deletionWords: WordsFor<DeletionProblems> = {
  'deletion-stopped': (stop) => ({
    severity: 'failure',
    exitCode: 5,
    message: `${guardWords(stop)}; nothing was deleted${sinceWords(stop)}. ${stop.victims.length === stop.due ? 'They are' : 'Among them'}: ${stop.victims.map((victim) => `${victim.blueprint} ${victim.identifier}`).join(', ')}${stop.isFurther ? '' : `${changeWords(stop)}${refusedWords(stop)}`}`,
    hint: stop.isFurther ? null : stopHint(stop),
  }),
  'deletions-withheld': ({ blueprint, count, words, remedy, weight, named, since }) => {
    const examples =
      named.length === 0 ? '' : ` (${named.join(', ')}${count > named.length ? ', …' : ''})`;
    const lasting = since === undefined ? '' : `, run after run since ${dayOf(since)}`;
    return {
      ...weightOf(weight),
      message: `kept ${counted(count, 'entity', 'entities')} of ${blueprint} that this run did not produce: ${words}${lasting}${examples}`,
      hint: weight === 'notice' ? null : remedy.replaceAll('`', ''),
    };
  },
  'deletion-refused': ({ entity, reason }) =>
    warning(
      `${entity.blueprint} ${entity.identifier} was kept: ${reason}`,
      'Remove what relates to it in Port and run again, or run once with --allow-cascade, which deletes both',
    ),
  'entities-not-deleted': ({ blueprint, count, reason, request }) =>
    incomplete(
      `${entitiesOf(blueprint, count)} not deleted: ${withRequest(reason, request)}`,
      isRefused(request)
        ? 'Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may delete from the catalog'
        : `The next run deletes what is still gone${askAdministrators('port', request)}`,
    ),
  'taken-over': ({ version, due, isWhole }) =>
    warning(
      `this integration was loaded by ${version} until now; nothing was deleted in this first run`,
      takeOverHint(due, isWhole),
    ),
  'two-writers': ({ identifier, version }) =>
    incomplete(
      `${version} also loads integration ${identifier}: both programs overwrite each other, and nothing is deleted`,
      'Stop the other program, or give one of the two another integration identifier',
    ),
  'mark-dropped': ({ identifier }) =>
    warning(
      `Port did not keep spec.bitbucketPort of integration ${identifier}, which tells when deletions were last judged: nothing is deleted`,
      'Give the account the permission to update the integration, or ask Port why spec is not stored',
    ),
  'none-is-ours': ({ equal }) =>
    warning(
      `Port holds ${counted(equal, 'entity', 'entities')} as this run would write them, and says of none that this integration loaded it: what is gone will not be deleted`,
      'Another integration or program loaded them. Run under the identifier of that integration, or delete them in Port once and load them again',
    ),
};

/** Whether Port does not let these credentials. */
function isRefused(request: RequestFacts | undefined): boolean {
  return request?.status === 401 || request?.status === 403;
}

type Stop = DeletionProblems['deletion-stopped'];

function guardWords({ due, guard }: Stop): string {
  const entities = counted(due, 'entity', 'entities');
  switch (guard.type) {
    case 'unproven':
      return `${entities} would be deleted, and for ${grouped(guard.count)} of them nothing in Bitbucket proves that they are gone`;
    case 'threshold': {
      const where = guard.blueprint === null ? '' : ` of ${guard.blueprint}`;
      const all = counted(guard.owned, 'entity', 'entities');
      return guard.owned === 0
        ? `${grouped(guard.count)} entities${where} would be deleted, all of which came after deletions were last judged`
        : `${grouped(guard.count)} of ${all}${where} would be deleted, more than the threshold of ${percent(guard.threshold)} allows`;
    }
    case 'taken over':
      return `${entities} would be deleted by the first run that deletes since another program loaded this integration`;
  }
}

function sinceWords({ since }: Stop): string {
  return since === undefined
    ? ''
    : `, and nothing was since ${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function changeWords({ changed }: Stop): string {
  if (changed === undefined) return '';
  return `. ${counted(changed.appeared, 'entity', 'entities')} of ${changed.blueprint} appeared in their place: the identifier in the mapping seems to have changed, such as from ${changed.before} to ${changed.now}`;
}

function refusedWords({ refused, approval }: Stop): string {
  if (refused === null || approval === null) return '';
  const isOfDay = refused.split('@')[1] === approval.split('@')[1];
  return isOfDay
    ? `. The approval ${refused} is not enough: it has to be for at least ${approval}`
    : `. The approval ${refused} is for another day: today it has to be for at least ${approval}`;
}

function stopHint({ approval, changed }: Stop): string {
  if (approval === null) return 'Port did not tell the time, so that nothing can be approved';
  const command = `npx bitbucket-port sync --approve ${approval}`;
  return changed === undefined
    ? `If this is right, approve it today: ${command}`
    : `If you meant the change, approve it today: ${command}; if not, undo it`;
}

function takeOverHint(due: number, isWhole: boolean): string {
  if (!isWhole) {
    return 'Deletions begin after a run that reads everything, without --kinds and the like';
  }
  if (due === 0) return 'The next run deletes what is gone';
  return `The next run would delete ${counted(due, 'entity', 'entities')}; look at them first: npx bitbucket-port plan`;
}

function weightOf(
  weight: DeletionProblems['deletions-withheld']['weight'],
): Pick<Words, 'severity' | 'exitCode'> {
  switch (weight) {
    case 'notice':
      return { severity: 'notice', exitCode: 0 };
    case 'warning':
      return { severity: 'warning', exitCode: 0 };
    case 'incomplete':
      return { severity: 'failure', exitCode: 4 };
  }
}
