import type { Blueprint } from '../model/blueprint.js';
import type { EntityReference } from '../model/entity.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { BlueprintAddition } from '../port/complete-blueprint.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import type { DeleteOptions, DeleteOutcome } from '../port/delete.js';
import type { IntegrationChange } from '../port/integration.js';
import type { DeletionMark, Integration, RunNotes } from '../port/integration-record.js';
import type { OutgoingEntity } from '../port/catalog-entity.js';
import type { ResyncState } from '../port/resync-state.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { Problem } from '../problems/problem.js';

/** An entity on its way to Port. */
export interface Outgoing {
  readonly outgoing: OutgoingEntity;
  /** Whether Port keeps the fields that the entity does not name. */
  readonly merge: boolean;
  /** Whether Port held it before the run: as a whole, with nothing but its name, or not at all. */
  readonly before: 'whole' | 'bare' | 'absent';
}

/** Takes the entities of one blueprint that differ from what Port holds. */
export interface EntityWriter<Sent extends Outgoing> {
  /** Resolves when there is room for more. */
  write(entities: readonly Sent[]): Promise<void>;
  /** Resolves when all of them are answered. */
  finish(): Promise<void>;
}

/** What the entities of one blueprint are written with. */
export interface EntityWriterOptions<Sent extends Outgoing> {
  /** Told what became of entities; in all, of each of them once. */
  readonly answered: (entities: readonly Sent[], outcomes: readonly UpsertOutcome[]) => void;
  readonly createMissingRelatedEntities: boolean;
  /** Those of the references that this run makes only later, each named once. */
  readonly toMakeFirst: (
    references: readonly EntityReference[],
  ) => Promise<readonly EntityReference[]>;
  /** Aborted: what is under way ends, nothing more is sent. */
  readonly signal: AbortSignal;
  /** Told of each request. */
  readonly onCall: () => void;
  /** Identifiers of the blueprint that our data source owned before the run. */
  readonly owned: () => Promise<{ has(identifier: string): boolean }>;
  /** Whether others made the entity of the identifier: our mapping only adds to it. */
  readonly isOfOthers: (identifier: string) => boolean;
  /** Whether our data source owns the entity of the identifier, or this run makes it. */
  readonly isOurs: (identifier: string) => Promise<boolean>;
}

/** What there is after blueprints were created. */
export interface CreatedBlueprints {
  readonly blueprints: ReadonlyMap<string, Blueprint>;
  /** Identifiers of those that were not there before. */
  readonly created: readonly string[];
}

/** What is left of what is due, because this run may not delete it. */
export type Postponement = 'next run' | 'stopped';

/**
 * All that a run changes in Port goes through here. `sync` carries it out, `plan` takes notes: up to
 * this point, the two are one program.
 */
export interface PortWriter {
  entityWriter<Sent extends Outgoing>(
    blueprint: Blueprint,
    options: EntityWriterOptions<Sent>,
  ): EntityWriter<Sent>;
  /**
   * After the last write: what Port created with nothing but an identifier, because a relation leads to it.
   * @param since when the run began, in milliseconds since the epoch, by Port's clock
   */
  createdForRelations(since: number): Promise<readonly EntityReference[]>;
  /**
   * One outcome per identifier, in order.
   * @param options `withDependents`: what relates to them goes along
   */
  deleteEntities(
    blueprint: string,
    identifiers: readonly string[],
    options?: DeleteOptions,
  ): Promise<readonly DeleteOutcome[]>;
  /**
   * What entities of a blueprint will relate to, by identifier, where Port does not show it yet:
   * relations that are absent here stay as Port holds them.
   */
  pendingRelations(blueprint: string): ReadonlyMap<string, JsonObject>;
  /** Told that nothing can be deleted, as Port did not let the run read the integration. */
  keepAll(): void;
  /** Told of what is due and stays all the same. */
  postpone(due: readonly EntityReference[], why: Postponement): void;
  /**
   * Creates blueprints, less those that somebody else was faster to create.
   * @throws ProblemError defaults-refused, permission-refused, server-unavailable
   */
  createBlueprints(
    definitions: readonly BlueprintDefinition[],
    existing: ReadonlyMap<string, Blueprint>,
  ): Promise<CreatedBlueprints>;
  /**
   * Gives a blueprint of our own making what it lacks.
   * @returns all blueprints as they are then
   * @throws ProblemError permission-refused, server-unavailable
   */
  addToBlueprint(
    addition: BlueprintAddition,
    existing: ReadonlyMap<string, Blueprint>,
  ): Promise<ReadonlyMap<string, Blueprint>>;
  /**
   * @returns what Port made of it; null where nothing is written
   * @throws ProblemError permission-refused, server-unavailable
   */
  createIntegration(config: JsonObject): Promise<Integration | null>;
  /** @throws ProblemError permission-refused, server-unavailable */
  writeMapping(config: JsonObject): Promise<void>;
  /**
   * Signs the integration and makes it remember the mark.
   * @param holds what it holds besides
   * @returns whether Port holds the mark afterwards
   * @throws ProblemError permission-refused, server-unavailable
   */
  signIntegration(
    mark: DeletionMark,
    holds: Pick<Integration, 'isHosted' | 'spec' | 'version'>,
  ): Promise<boolean>;
  /** @throws ProblemError permission-refused, server-unavailable */
  updateIntegration(change: IntegrationChange): Promise<void>;
  /**
   * Makes the integration remember what the run notes for the next one.
   * @param startedAt when the run told Port that it began, in milliseconds since the epoch
   * @throws ProblemError permission-refused, server-unavailable
   */
  leaveNotes(notes: RunNotes, startedAt: number): Promise<void>;
  /** A problem to be recorded, or null. */
  reportResyncState(state: ResyncState): Promise<Problem | null>;
  /** Raw items of a kind, as Bitbucket gave them. A problem to be recorded, or null. */
  sendExamples(kind: string, items: readonly JsonValue[]): Promise<Problem | null>;
}
