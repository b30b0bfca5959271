import type { Blueprint } from '../model/blueprint.js';
import type { Blockade } from '../port/bisect.js';
import { createBulkBuffer } from '../port/bulk.js';
import type { PortClient } from '../port/port-client.js';
import { upsertShared } from '../port/shared-entities.js';
import { upsertEntities, type UpsertOutcome } from '../port/upsert.js';
import type { EntityWriter, Outgoing } from './entity-writer.js';

export type { Outgoing } from './entity-writer.js';

/** What becomes of fields that an entity does not name, and whose it is. */
type Mode = 'merging' | 'replacing' | 'sharing';

/** Bulks of one blueprint that may be under way at once. */
const BULKS_IN_FLIGHT = 8;

/**
 * Loads entities of one blueprint in bulks, several at once. `write` takes no more while enough are
 * under way: that is the back-pressure on mapping and reading.
 */
export class BulkWriter implements EntityWriter {
  readonly #buffers = {
    merging: createBulkBuffer<Outgoing>(),
    replacing: createBulkBuffer<Outgoing>(),
    /** Entities that others made. */
    sharing: createBulkBuffer<Outgoing>(),
  };
  readonly #inFlight = new Set<Promise<void>>();
  readonly #bugs: unknown[] = [];

  constructor(
    private readonly client: PortClient,
    private readonly blueprint: Pick<Blueprint, 'identifier' | 'relations'>,
    private readonly options: {
      readonly createMissingRelatedEntities: boolean;
      /** Whether others made the entity of the identifier. */
      readonly isOfOthers: (identifier: string) => boolean;
      /** Whether the entity of the identifier is one of our data source. */
      readonly isOurs: (identifier: string) => Promise<boolean>;
      /** Aborted: what is under way ends, nothing more is sent. */
      readonly signal: AbortSignal;
      /** What the run knows of something on the way to Port that turns bulks down. */
      readonly blockade: Blockade;
    },
  ) {}

  /** Resolves when there is room for the next one. */
  async write(entity: Outgoing): Promise<void> {
    const mode = this.#modeOf(entity);
    await this.#send(this.#buffers[mode].add(entity), mode);
  }

  /** Sends what is left and waits until all is answered. */
  async finish(): Promise<void> {
    for (const mode of ['merging', 'replacing', 'sharing'] as const) {
      await this.#send(this.#buffers[mode].flush(), mode);
    }
    await Promise.all(this.#inFlight);
    if (this.#bugs.length > 0) throw new AggregateError(this.#bugs, 'a bulk could not be handled');
  }

  /** Whose an entity is that only a query finds is not known: it is treated like those of others. */
  #modeOf({ identifier, merge }: Outgoing): Mode {
    const isOfOthers = typeof identifier !== 'string' || this.options.isOfOthers(identifier);
    if (isOfOthers) return 'sharing';
    return merge ? 'merging' : 'replacing';
  }

  async #send(bulk: readonly Outgoing[] | null, mode: Mode): Promise<void> {
    if (bulk === null) return;
    if (this.options.signal.aborted) {
      for (const { settle } of bulk) settle({ type: 'not-loaded', reason: 'the run was stopped' });
      return;
    }
    const sending = this.#upsert(bulk, mode)
      // What Port does is an outcome. Anything thrown is our own mistake and must not be lost.
      .catch((error: unknown) => {
        this.#bugs.push(error);
      })
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    if (this.#inFlight.size >= BULKS_IN_FLIGHT) await Promise.race(this.#inFlight);
  }

  async #upsert(bulk: readonly Outgoing[], mode: Mode): Promise<void> {
    const outcomes = await this.#outcomesOf(bulk, mode);
    for (const [index, { settle }] of bulk.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('an entity without an outcome');
      settle(outcome);
    }
  }

  #outcomesOf(bulk: readonly Outgoing[], mode: Mode): Promise<readonly UpsertOutcome[]> {
    const { createMissingRelatedEntities, blockade } = this.options;
    if (mode === 'sharing') return upsertShared(this.client, this.blueprint, bulk, this.options);
    return upsertEntities(this.client, this.blueprint.identifier, bulk, {
      merge: mode === 'merging',
      createMissingRelatedEntities,
      blockade,
    });
  }
}
