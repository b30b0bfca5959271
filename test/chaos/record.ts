import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import type { BitbucketShape, MetTrouble } from './bitbucket.js';
import { keyOf, type MappingShape, type Root } from './mapping-shape.js';
import type { PortShape, RunStep } from './story.js';
import type { Truth } from './truth.js';

/** What Port holds, by `blueprint identifier`. */
export type Held = ReadonlyMap<string, CatalogEntity>;

/** What was known of an entity when it was last made. */
export interface Lineage {
  readonly kinds: readonly string[];
  readonly roots: readonly Root[];
  readonly item: string;
  /** Keys of the projects that it stands below. */
  readonly project: string | null;
}

/** All that is known of a run after it: what the world was like, what it did, how it ended. */
export interface RunRecord {
  readonly step: RunStep;
  /** Position among the runs of the story, from 1, as people count. */
  readonly number: number;
  readonly identifier: string;
  readonly type: string;
  readonly mapping: MappingShape;
  readonly isHosted: boolean;
  readonly bitbucket: BitbucketShape;
  readonly port: PortShape;
  readonly truth: Truth;
  /** When it began, in milliseconds since the epoch, by the clock of Bitbucket. */
  readonly now: number;
  /** What the credentials saw of it. */
  readonly seen: Truth;
  readonly credentials: 'alive' | 'dead';
  readonly spec: 'kept' | 'dropped' | 'refused';
  readonly before: Held;
  readonly after: Held;
  /** Of what is below what, from all runs so far. */
  readonly lineage: ReadonlyMap<string, Lineage>;
  /** What it deleted, in that order. */
  readonly deleted: readonly string[];
  /** What Port deleted along with it. */
  readonly cascaded: readonly string[];
  /** What it wrote. */
  readonly upserted: ReadonlySet<string>;
  /** The mark that it asked Port to keep in `spec`; undefined when it asked for none. */
  readonly markAsked: unknown;
  /** Deletions that it asked for after it was told to stop. */
  readonly deletedLate: readonly string[];
  readonly isStopped: boolean;
  /** What somebody else changed while it was under way. */
  readonly changedMeanwhile: ReadonlySet<string>;
  /** What another run beside it may have written or deleted. */
  readonly othersMay: ReadonlySet<string>;
  /** Another run of the story is under way beside it, of this integration or of the other. */
  readonly besideOwn: boolean;
  /** It began while another run was under way, and may end after it. */
  readonly isOverlapping: boolean;
  readonly troubles: readonly MetTrouble[];
  readonly portTroubleHits: number;
  readonly signedBefore: string;
  readonly specBefore: Readonly<Record<string, unknown>>;
  readonly specAfter: Readonly<Record<string, unknown>>;
  readonly isMarkedBefore: boolean;
  /** Another run said, less than an hour ago, that it is under way. */
  readonly isOtherUnderWay: boolean;
  /** The same, or nearly so: two clocks tell the hour. */
  readonly mayOtherBeUnderWay: boolean;
  /** Approved in this run, if an approval of this day was given. */
  readonly approved: number | null;
  /** Nothing happened since a run of this integration stopped for safety. */
  readonly isStillStopped: boolean;
  /** No run has come to its end since the one that took over from another program. */
  readonly isJustTakenOver: boolean;
  /** By Port's clock: when a run of this integration last came to its end without a stop. */
  readonly judgedAt: number | null;
  readonly plannedDeletions: readonly string[] | null;
  readonly exitCode: number;
  /** All that it said, on one line. */
  readonly text: string;
}

/** Whether an entity is the integration's own, by the whole of its data source. */
export function isOwn(
  { datasource }: CatalogEntity,
  { type, identifier }: Pick<RunRecord, 'type' | 'identifier'>,
): boolean {
  const [program, ofType, , ...rest] = (datasource ?? '').toLowerCase().split('/');
  return (
    program === 'port-ocean' &&
    ofType === type &&
    rest.join('/') === `${identifier.toLowerCase()}/exporter`
  );
}

export function nameOf(entity: Pick<CatalogEntity, 'blueprint' | 'identifier'>): string {
  return keyOf(entity);
}
