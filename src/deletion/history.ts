import type { IntegrationRecord } from '../stages/choose-mapping.js';
import { OUR_VERSIONS } from '../port/data-source.js';
import type { DeletionMark } from '../port/integration-record.js';

/** Who loaded the catalog of the integration before this run, as its record in Port tells. */
export type History =
  /** Port did not give the record. */
  | { readonly status: 'unreadable' }
  /** No run of ours has judged deletions yet: the integration is new, or older than the mark. */
  | { readonly status: 'first' }
  /** Another program signed it, and this run is the first of ours. */
  | { readonly status: 'taken over'; readonly from: string }
  /** We had judged deletions before another program signed it again: both load it. */
  | { readonly status: 'two writers'; readonly other: string; readonly mark: DeletionMark }
  | { readonly status: 'known'; readonly mark: DeletionMark };

/** Who wrote the integration last, when that was not us; null when it was, or when there is none yet. */
export function otherSigner(record: IntegrationRecord): string | null {
  if (record.status !== 'found') return null;
  const { version } = record.integration;
  if (version === null) return 'an unknown program';
  return version.startsWith(OUR_VERSIONS) ? null : version;
}

/** Clocks are read in whole seconds, and a mark counts what was written in its own second. */
const MARGIN_MILLISECONDS = 5_000;

/**
 * What the record of an integration tells of former runs.
 * @param now by Port's clock, in milliseconds since the epoch. A mark of a time to come was left by a
 *   clock that was wrong: everything would seem to have been there by then. It counts for nothing.
 */
export function historyOf(record: IntegrationRecord, now: number | null = null): History {
  if (record.status === 'unreadable') return { status: 'unreadable' };
  if (record.status === 'missing') return { status: 'first' };
  const left = record.integration.mark;
  const isToCome = left !== null && now !== null && left.judgedAt > now + MARGIN_MILLISECONDS;
  const mark = isToCome ? null : left;
  const other = otherSigner(record);
  if (other === null) return mark === null ? { status: 'first' } : { status: 'known', mark };
  return mark === null
    ? { status: 'taken over', from: other }
    : { status: 'two writers', other, mark };
}

/** What a run knows at its end that decides what its integration remembers. */
export interface Judgement {
  /** By Port's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** How many entities this run is about to delete. */
  readonly due: number;
  /** Whether entities came into the catalog since the mark. */
  readonly hasGrown: boolean;
  /** Whether what is gone would stop a run that may delete. */
  readonly wouldStop: boolean;
  /** Whether a stop of an earlier run no longer counts. */
  readonly isStopOver: boolean;
  /** When this run began, by Port's clock. */
  readonly beganAt: number;
}

/**
 * The mark that a run leaves which judged deletions to the end without a stop; null where the one that
 * stands says the same.
 */
export function nextMark(history: History, judgement: Judgement): DeletionMark | null {
  const { now, due, hasGrown, wouldStop, isStopOver, beganAt } = judgement;
  // What the very first run loads makes nothing pass that would have stopped it.
  const judgedAt = wouldStop ? beganAt : now;
  switch (history.status) {
    case 'unreadable':
      return null;
    case 'first':
      return { judgedAt, isTakenOver: false, isStopped: false };
    case 'taken over':
      return { judgedAt, isTakenOver: true, isStopped: false };
    case 'two writers':
      return { ...history.mark, isTakenOver: true };
    case 'known': {
      const { isTakenOver, isStopped } = history.mark;
      const isOver = isStopped && isStopOver;
      if (due === 0 && !isOver && (isStopped || wouldStop || !hasGrown)) return null;
      // A stop stays a stop: while what is merely withheld would stop a run, the mark stays where it is.
      // It is written again, as nothing may be deleted where Port does not keep it.
      if (wouldStop) return history.mark;
      return { judgedAt: now, isTakenOver: isTakenOver && due === 0, isStopped: false };
    }
  }
}

/** How many deletions somebody approved on a command line, and for which day. */
export interface Approval {
  readonly most: number;
  /** `2026-11-30`, UTC. */
  readonly day: string;
}

/** What the settings and the integration say of deletions in this run. */
export interface DeletionPolicy {
  /** False with `--no-delete`. */
  readonly isOn: boolean;
  /** The only blueprints in which anything may be deleted; null: in all of them. */
  readonly only: ReadonlySet<string> | null;
  /** With `--allow-cascade`: what others relate to goes as well, with what relates to it. */
  readonly isCascadeAllowed: boolean;
  /** Largest share that may go unasked; 0 is off. */
  readonly threshold: number;
  readonly approval: Approval | null;
  /** Blueprints that a flag or variable narrows in this run. */
  readonly narrowed: ReadonlySet<string>;
  /** Whether any flag or variable narrows this run. */
  readonly isNarrowed: boolean;
  readonly history: History;
  /** Since when another run of the integration is under way, by Port's clock; null: none is. */
  readonly otherRunSince: number | null;
  /**
   * Whether entities of this integration can be told from those of all others. `unknown`: Port does not
   * list the integrations to these credentials; a name: one that differs in letter case alone.
   */
  readonly identity: 'certain' | 'unknown' | { readonly twin: string };
  /** Whether Bitbucket showed that it knows the credentials. */
  readonly credentials: 'counted' | 'unknown';
}
