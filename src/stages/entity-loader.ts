import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { Problem } from '../problems/problem.js';
import type { BulkWriter } from './bulk-writer.js';
import type { ForeignEntities } from './foreign-entities.js';
import { outgoingEntity, saysAll } from './outgoing.js';
import { isUnchanged, type OwnedEntity } from './owned-entities.js';
import type { ResourceTally } from './resource-tally.js';

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

/** Writes what differs from Port, and nothing else. */
export class EntityLoader {
  constructor(
    private readonly blueprint: Blueprint,
    private readonly feeds: readonly {
      readonly fields: MappedFields;
      readonly tally: ResourceTally;
    }[],
    /** What our data source owns in the blueprint, once all blueprints of the run are read. */
    private readonly owned: () => Promise<ReadonlyMap<string, OwnedEntity>>,
    private readonly foreign: ForeignEntities,
    private readonly writer: BulkWriter,
    private readonly options: {
      /** `enableMergeEntity`: fields that the mapping does not name stay as they are. */
      readonly merge: boolean;
      readonly report: (problem: Problem) => void;
    },
  ) {}

  /** Resolves when there is room for the next one. */
  async load(loadable: Loadable): Promise<void> {
    const existing = (await this.owned()).get(loadable.entity.identifier);
    if (existing !== undefined) await this.#compare(loadable, existing);
    else {
      await this.foreign.lookUp(loadable.entity.identifier, (found) =>
        this.#compare(loadable, found),
      );
    }
  }

  /** Waits until Port has answered everything, also when it cannot tell what it holds any more. */
  async finish(): Promise<void> {
    try {
      await this.owned();
      await this.foreign.finish();
    } finally {
      await this.writer.finish();
    }
  }

  async #compare(loadable: Loadable, existing: OwnedEntity | null): Promise<void> {
    const { entity, positions } = loadable;
    const feeds = positions.flatMap((position) => {
      const feed = this.feeds[position];
      return feed === undefined ? [] : [{ position, ...feed }];
    });
    const tally = feeds[0]?.tally;
    if (tally === undefined) throw new Error('an entity without a feed');
    if (existing !== null && isUnchanged(existing, entity, feeds, this.blueprint)) {
      tally.unchanged += 1;
      return;
    }
    const isComplete = loadable.isWhole && feeds.every(({ fields }) => saysAll(entity, fields));
    await this.writer.write({
      ...outgoingEntity(entity, this.blueprint),
      // Replacing an entity would empty the fields that could not be read this time.
      merge: this.options.merge || !isComplete,
      settle: (outcome) => {
        this.#settle(loadable, outcome, tally, existing !== null && !existing.isBare);
      },
    });
  }

  #settle(
    { entity, item }: Loadable,
    outcome: UpsertOutcome,
    tally: ResourceTally,
    existed: boolean,
  ): void {
    const { blueprint, identifier } = entity;
    const reference = { blueprint, identifier };
    switch (outcome.type) {
      // Whether it is new is told by what stood there before the run: a relation may have made
      // it in the meantime, and the summary must not depend on which came first.
      case 'created':
      case 'updated':
        if (existed) tally.updated += 1;
        else tally.created += 1;
        return;
      case 'refused': {
        const { status, message } = outcome;
        this.options.report({ code: 'entity-refused', entity: reference, item, status, message });
        break;
      }
      case 'too-large': {
        const { bytes } = outcome;
        this.options.report({ code: 'entity-too-large', entity: reference, item, bytes });
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
}
