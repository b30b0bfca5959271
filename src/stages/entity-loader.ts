import type { Blueprint } from '../model/blueprint.js';
import type { Entity, EntityReference, MappedFields } from '../model/entity.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { Problem } from '../problems/problem.js';
import { isComparable } from '../reconcile/comparable.js';
import { ConfirmedLinks } from '../deletion/own-links.js';
import { EntityComparison } from './entity-comparison.js';
import type { EntityWriter } from './entity-writer.js';
import type { ForeignEntities } from './foreign-entities.js';
import { LookUps, type FindEntities } from './look-ups.js';
import { outgoingEntity } from './outgoing.js';
import type { OwnedEntity } from './owned-entities.js';
import type { ChangeTally } from './resource-tally.js';

/** A mapped entity, ready to be compared and written. */
export interface Loadable {
  readonly entity: Entity;
  /** What it was mapped from, for a person. */
  readonly item: string;
  /** The feeds that made it. */
  readonly positions: readonly number[];
  /** False when a feed of its blueprint did not come to its end. */
  readonly isWhole: boolean;
}

/** An entity that goes to Port. */
export interface Sending {
  readonly loadable: Loadable;
  readonly merge: boolean;
  /** Whether Port held it before the run: as a whole, with nothing but its name, or not at all. */
  readonly stood: 'whole' | 'bare' | 'not';
}

/** A sending that Port turned down, as something that it names is not there. */
export interface Refusal {
  readonly sending: Sending;
  readonly outcome: Extract<UpsertOutcome, { type: 'refused' }>;
}

/** Port's word for something that is named and not there (port-labs/ocean). */
const NOT_FOUND = 'not_found';

/** How entities are loaded. */
export interface LoadingOptions {
  /** `enableMergeEntity`: fields that the mapping does not name stay as they are. */
  readonly merge: boolean;
  /** Whether Port makes what a relation leads to; else what lacks its target is kept for later. */
  readonly createMissingRelatedEntities: boolean;
  readonly report: (problem: Problem) => void;
}

/** Writes what differs from Port, and nothing else. Counts each entity once, whatever becomes of it. */
export class EntityLoader {
  /** Links of the items whose entities stand in Port as they were mapped. */
  readonly confirmed = new ConfirmedLinks();
  readonly #comparison: EntityComparison;
  readonly #partlyRead: LookUps<CatalogEntity>;
  #refusals: Refusal[] = [];

  constructor(
    private readonly blueprint: Blueprint,
    private readonly feeds: readonly {
      readonly fields: MappedFields;
      readonly tally: ChangeTally;
    }[],
    /** What our data source owns in the blueprint, once all blueprints of the run are read. */
    private readonly owned: () => Promise<ReadonlyMap<string, OwnedEntity>>,
    private readonly foreign: ForeignEntities,
    /** Reads entities with all mapped fields. */
    find: FindEntities<CatalogEntity>,
    private readonly writer: EntityWriter,
    private readonly options: LoadingOptions,
  ) {
    this.#comparison = new EntityComparison(
      blueprint,
      feeds.map(({ fields }) => fields),
    );
    this.#partlyRead = new LookUps(find);
  }

  /**
   * Resolves when there is room for the next one.
   * @throws ProblemError, HttpError: Port does not tell what it holds
   */
  async load(loadable: Loadable): Promise<void> {
    const { identifier, search } = loadable.entity;
    if (search !== undefined) {
      await this.#write(loadable, 'whole');
      return;
    }
    const lost = (): void => {
      this.lose(loadable);
    };
    const existing = (await this.#ownedOr(lost)).get(identifier);
    if (existing !== undefined) await this.#compare(loadable, existing);
    else {
      const found = (entity: OwnedEntity | null): Promise<void> => this.#compare(loadable, entity);
      await this.foreign.lookUp({ identifier, found, lost });
    }
  }

  /** Counts an entity that cannot be loaded, as Port does not tell what it holds. */
  lose(loadable: Loadable): void {
    this.#tallyOf(loadable).failed += 1;
  }

  /** Waits until Port has answered everything, also when it cannot tell what it holds any more. */
  async finish(): Promise<void> {
    try {
      await this.owned();
      await this.foreign.finish();
    } finally {
      await this.#finishWriting();
    }
  }

  /** What Port turned down since the last call, as something that it names is not there. */
  takeRefusals(): readonly Refusal[] {
    const refusals = this.#refusals;
    this.#refusals = [];
    return refusals;
  }

  /** Sends an entity once more, with the given relations; the outcome counts for nothing yet. */
  async resend(
    { loadable, merge, stood }: Sending,
    relations: Entity['relations'],
    settle: (outcome: UpsertOutcome) => void,
  ): Promise<void> {
    const entity = { ...loadable.entity, relations };
    const existed = stood === 'whole';
    await this.writer.write({ ...outgoingEntity(entity, this.blueprint), merge, existed, settle });
  }

  /** Counts what became of an entity, and tells what went wrong. */
  settle({ loadable, stood }: Sending, outcome: UpsertOutcome): void {
    const { entity, item } = loadable;
    const { blueprint, identifier } = entity;
    const reference = { blueprint, identifier };
    const tally = this.#tallyOf(loadable);
    switch (outcome.type) {
      // Whether it is new is told by what stood there before the run: a relation may have made
      // it in the meantime, and the summary must not depend on which came first.
      case 'created':
      case 'updated':
        this.confirmed.add(item);
        if (!isComparable(entity, this.blueprint)) tally.searched += 1;
        else if (stood === 'whole') tally.updated += 1;
        else tally.created += 1;
        return;
      case 'refused': {
        const { status, message } = outcome;
        this.options.report({ code: 'entity-refused', entity: reference, item, status, message });
        break;
      }
      case 'blocked': {
        const { answer } = outcome;
        this.options.report({ code: 'entity-blocked', entity: reference, item, answer });
        break;
      }
      case 'too-large': {
        const { bytes, answer } = outcome;
        this.options.report({ code: 'entity-too-large', entity: reference, item, bytes, answer });
        break;
      }
      case 'not-loaded': {
        const { reason } = outcome;
        this.options.report({ code: 'entities-not-loaded', blueprint, count: 1, reason });
        break;
      }
    }
    tally.failed += 1;
  }

  /** Counts an entity as failed that relates to what Port lacks, and names that. */
  settleMissing({ loadable }: Sending, missing: readonly EntityReference[]): void {
    const { blueprint, identifier } = loadable.entity;
    this.#tallyOf(loadable).failed += 1;
    this.options.report({
      code: 'relation-target-missing',
      entity: { blueprint, identifier },
      item: loadable.item,
      missing,
    });
  }

  async #finishWriting(): Promise<void> {
    try {
      await this.#partlyRead.finish();
    } finally {
      await this.writer.finish();
    }
  }

  async #ownedOr(lost: () => void): Promise<ReadonlyMap<string, OwnedEntity>> {
    try {
      return await this.owned();
    } catch (error) {
      lost();
      throw error;
    }
  }

  async #compare(loadable: Loadable, existing: OwnedEntity | null): Promise<void> {
    const { entity } = loadable;
    const stood = existing === null ? 'not' : existing.isBare ? 'bare' : 'whole';
    if (existing === null || !isComparable(entity, this.blueprint)) {
      await this.#write(loadable, stood);
      return;
    }
    if (this.#comparison.isUnchanged(existing, loadable)) {
      this.#unchanged(loadable);
      return;
    }
    if (this.#comparison.saysAll(loadable)) {
      await this.#write(loadable, stood);
      return;
    }
    // The fingerprints cover fields that could not be read this time: only the others tell.
    await this.#partlyRead.add({
      identifier: entity.identifier,
      found: async (held) => {
        if (held !== null && this.#comparison.isUnchangedAsFarAsSaid(held, loadable)) {
          this.#unchanged(loadable);
        } else await this.#write(loadable, stood);
      },
      lost: () => {
        this.lose(loadable);
      },
    });
  }

  #unchanged(loadable: Loadable): void {
    this.#tallyOf(loadable).unchanged += 1;
    this.confirmed.add(loadable.item);
  }

  async #write(loadable: Loadable, stood: Sending['stood']): Promise<void> {
    // Replacing an entity would empty the fields that could not be read this time.
    const merge = this.options.merge || !loadable.isWhole || !this.#comparison.saysAll(loadable);
    const sending: Sending = { loadable, merge, stood };
    await this.resend(sending, loadable.entity.relations, (outcome) => {
      const isMissing = outcome.type === 'refused' && outcome.error === NOT_FOUND;
      if (isMissing && !this.options.createMissingRelatedEntities) {
        this.#refusals.push({ sending, outcome });
      } else this.settle(sending, outcome);
    });
  }

  /** An entity of several feeds counts for the first. */
  #tallyOf({ positions }: Loadable): ChangeTally {
    const tally = this.feeds[positions[0] ?? -1]?.tally;
    if (tally === undefined) throw new Error('an entity without a feed');
    return tally;
  }
}
