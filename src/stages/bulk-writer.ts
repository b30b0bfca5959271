import type { Blueprint } from '../model/blueprint.js';
import { createBulkBuffer } from '../port/bulk.js';
import type { OutgoingEntity } from '../port/outgoing-entity.js';
import type { PortClient } from '../port/port-client.js';
import { upsertEntities, type UpsertOutcome } from '../port/upsert.js';

/** An entity on its way to Port. */
export interface Outgoing extends OutgoingEntity {
  /** Whether Port keeps the fields that the entity does not name. */
  readonly merge: boolean;
  /** Takes what became of it. */
  readonly settle: (outcome: UpsertOutcome) => void;
}

/** Bulks of one blueprint that may be under way at once. */
const BULKS_IN_FLIGHT = 8;

/**
 * Loads entities of one blueprint in bulks, several at once. `write` takes no more while enough are
 * under way: that is the back-pressure on mapping and reading.
 */
export class BulkWriter {
  readonly #buffers = {
    merging: createBulkBuffer<Outgoing>(),
    replacing: createBulkBuffer<Outgoing>(),
  };
  readonly #inFlight = new Set<Promise<void>>();
  readonly #bugs: unknown[] = [];

  constructor(
    private readonly client: PortClient,
    private readonly blueprint: Pick<Blueprint, 'identifier'>,
    private readonly options: {
      readonly createMissingRelatedEntities: boolean;
      /** Aborted: what is under way ends, nothing more is sent. */
      readonly signal: AbortSignal;
    },
  ) {}

  /** Resolves when there is room for the next one. */
  async write(entity: Outgoing): Promise<void> {
    const buffer = entity.merge ? this.#buffers.merging : this.#buffers.replacing;
    await this.#send(buffer.add(entity));
  }

  /** Sends what is left and waits until all is answered. */
  async finish(): Promise<void> {
    await this.#send(this.#buffers.merging.flush());
    await this.#send(this.#buffers.replacing.flush());
    await Promise.all(this.#inFlight);
    if (this.#bugs.length > 0) throw new AggregateError(this.#bugs, 'a bulk could not be handled');
  }

  async #send(bulk: readonly Outgoing[] | null): Promise<void> {
    const [first] = bulk ?? [];
    if (bulk === null || first === undefined) return;
    if (this.options.signal.aborted) {
      for (const { settle } of bulk) settle({ type: 'not-loaded', reason: 'the run was stopped' });
      return;
    }
    const sending = this.#upsert(bulk, first.merge)
      // What Port does is an outcome. Anything thrown is our own mistake and must not be lost.
      .catch((error: unknown) => {
        this.#bugs.push(error);
      })
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    if (this.#inFlight.size >= BULKS_IN_FLIGHT) await Promise.race(this.#inFlight);
  }

  async #upsert(bulk: readonly Outgoing[], merge: boolean): Promise<void> {
    const { createMissingRelatedEntities } = this.options;
    const outcomes = await upsertEntities(this.client, this.blueprint.identifier, bulk, {
      merge,
      createMissingRelatedEntities,
    });
    for (const [index, { settle }] of bulk.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('an entity without an outcome');
      settle(outcome);
    }
  }
}
