import type { Blueprint } from '../model/blueprint.js';
import { type Blockade, BulkBuffer } from '../port/bulk.js';
import { writtenEntity, type WrittenEntity } from '../port/catalog-entity.js';
import type { PortClient } from '../port/port-client.js';
import { createTargets, targetsOfAll, upsertShared } from '../port/shared-entities.js';
import { upsertEntities, type UpsertOutcome } from '../port/upsert.js';
import type { EntityWriter, EntityWriterOptions, Outgoing } from './entity-writer.js';

/** What becomes of fields that an entity does not name, and whose it is. */
type Mode = 'merging' | 'replacing' | 'sharing';

/** An entity as it is sent, and what it is sent for. */
interface Written<Sent> extends WrittenEntity {
  readonly sent: Sent;
}

/** Bulks of one blueprint that may be under way at once. */
const BULKS_IN_FLIGHT = 8;

/**
 * Loads entities of one blueprint in bulks, several at once. `write` takes no more while enough are
 * under way: that is the back-pressure on mapping and reading.
 */
export class BulkWriter<Sent extends Outgoing> implements EntityWriter<Sent> {
  readonly #buffers = {
    merging: new BulkBuffer<Written<Sent>>(),
    replacing: new BulkBuffer<Written<Sent>>(),
    /** Entities that others made. */
    sharing: new BulkBuffer<Written<Sent>>(),
  };
  readonly #inFlight = new Set<Promise<void>>();
  readonly #bugs: unknown[] = [];

  constructor(
    private readonly client: PortClient,
    private readonly blueprint: Pick<Blueprint, 'identifier' | 'relations'>,
    private readonly options: Pick<
      EntityWriterOptions<Sent>,
      | 'answered'
      | 'createMissingRelatedEntities'
      | 'isOfOthers'
      | 'isOurs'
      | 'signal'
      | 'toMakeFirst'
    > & {
      /** What the run knows of something on the way to Port that turns bulks down. */
      readonly blockade: Blockade;
    },
  ) {}

  /** Resolves when there is room for more. */
  async write(entities: readonly Sent[]): Promise<void> {
    for (const sent of entities) {
      const mode = this.#modeOf(sent);
      const bulk = this.#buffers[mode].add({ sent, ...writtenEntity(sent.outgoing) });
      if (bulk !== null) await this.#send(bulk, mode);
    }
  }

  /** Sends what is left and waits until all is answered. */
  async finish(): Promise<void> {
    for (const mode of ['merging', 'replacing', 'sharing'] as const) {
      const bulk = this.#buffers[mode].flush();
      if (bulk !== null) await this.#send(bulk, mode);
    }
    await Promise.all(this.#inFlight);
    if (this.#bugs.length > 0) throw new AggregateError(this.#bugs, 'a bulk could not be handled');
  }

  /** Whose an entity is that only a query finds is not known: it is treated like those of others. */
  #modeOf({ outgoing: { identifier }, merge }: Outgoing): Mode {
    const isOfOthers = typeof identifier !== 'string' || this.options.isOfOthers(identifier);
    if (isOfOthers) return 'sharing';
    return merge ? 'merging' : 'replacing';
  }

  async #send(bulk: readonly Written<Sent>[], mode: Mode): Promise<void> {
    const { signal, answered } = this.options;
    const entities = bulk.map(({ sent }) => sent);
    if (signal.aborted) {
      answered(
        entities,
        bulk.map(() => ({ type: 'not-loaded', reason: 'the run was stopped' })),
      );
      return;
    }
    const upsert = this.#upsert(bulk, mode)
      .then((outcomes) => {
        answered(entities, outcomes);
      })
      // What Port does is an outcome. Anything thrown is our own mistake and must not be lost.
      .catch((error: unknown) => {
        this.#bugs.push(error);
      })
      .finally(() => this.#inFlight.delete(upsert));
    this.#inFlight.add(upsert);
    if (this.#inFlight.size >= BULKS_IN_FLIGHT) await Promise.race(this.#inFlight);
  }

  async #upsert(bulk: readonly WrittenEntity[], mode: Mode): Promise<readonly UpsertOutcome[]> {
    const { createMissingRelatedEntities, blockade, toMakeFirst } = this.options;
    if (mode === 'sharing') return upsertShared(this.client, this.blueprint, bulk, this.options);
    if (createMissingRelatedEntities) {
      // Made by Port on the way, it might belong to no data source.
      const late = await toMakeFirst(targetsOfAll(bulk, this.blueprint));
      if (late.length > 0) await createTargets(this.client, late);
    }
    return upsertEntities(this.client, this.blueprint.identifier, bulk, {
      merge: mode === 'merging',
      createMissingRelatedEntities,
      blockade,
    });
  }
}
