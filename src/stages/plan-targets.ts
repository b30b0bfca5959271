import { NO_FIELDS, referenceKey, type EntityReference } from '../model/entity.js';
import { readByIdentifier } from '../port/catalog.js';
import type { PortClient } from '../port/port-client.js';

/** Identifiers of a blueprint that our data source owns. */
export type Owned = () => Promise<{ has(identifier: string): boolean }>;

/** Finds out which targets of relations Port holds. Asks for each of them once at most. */
export class PlanTargets {
  readonly #owned = new Map<string, Owned>();
  /** By blueprint and identifier: whether Port holds it. */
  readonly #known = new Map<string, Map<string, boolean>>();
  readonly #empty = new Set<string>();

  constructor(private readonly client: PortClient) {}

  /** What our data source owns in a blueprint is known without asking. */
  know(blueprint: string, owned: Owned): void {
    this.#owned.set(blueprint, owned);
  }

  /** The blueprint holds nothing: Port does not have it yet. */
  knowEmpty(blueprint: string): void {
    this.#empty.add(blueprint);
  }

  /**
   * Those of the references that Port does not hold, each once.
   * @throws ProblemError catalog-unreadable
   */
  async absent(references: Iterable<EntityReference>): Promise<readonly EntityReference[]> {
    const distinct = new Map([...references].map((each) => [referenceKey(each), each]));
    const byBlueprint = new Map<string, string[]>();
    for (const { blueprint, identifier } of distinct.values()) {
      const identifiers = byBlueprint.get(blueprint) ?? [];
      identifiers.push(identifier);
      byBlueprint.set(blueprint, identifiers);
    }
    for (const [blueprint, identifiers] of byBlueprint) await this.#learn(blueprint, identifiers);
    return [...distinct.values()].filter(
      ({ blueprint, identifier }) => this.#known.get(blueprint)?.get(identifier) !== true,
    );
  }

  async #learn(blueprint: string, identifiers: readonly string[]): Promise<void> {
    const known = this.#known.get(blueprint) ?? new Map<string, boolean>();
    this.#known.set(blueprint, known);
    const owned = await this.#owned.get(blueprint)?.();
    const unknown: string[] = [];
    for (const identifier of identifiers) {
      if (known.has(identifier)) continue;
      const isOwned = owned?.has(identifier) === true;
      known.set(identifier, isOwned);
      if (!isOwned && !this.#empty.has(blueprint)) unknown.push(identifier);
    }
    for await (const page of readByIdentifier(this.client, blueprint, unknown, NO_FIELDS)) {
      for (const { identifier } of page) known.set(identifier, true);
    }
  }
}
