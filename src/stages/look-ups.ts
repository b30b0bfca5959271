/** Identifiers in one look-up. */
const IDENTIFIERS_PER_LOOK_UP = 100;

/** Reads entities of one blueprint by identifier, whoever owns them. */
export type FindEntities<Found> = (
  identifiers: readonly string[],
) => Promise<ReadonlyMap<string, Found>>;

/** An entity that waits to be looked up. */
export interface LookUp<Found> {
  readonly identifier: string;
  /** Takes the entity, or null where there is none. */
  readonly found: (entity: Found | null) => Promise<void>;
  /** Told when Port could not be asked. */
  readonly lost: () => void;
}

/** Gathers identifiers and asks for many at once. Whoever waits is told exactly once. */
export class LookUps<Found> {
  #waiting: LookUp<Found>[] = [];

  constructor(private readonly find: FindEntities<Found>) {}

  /**
   * Looks it up now or when enough are waiting.
   * @throws what `find` throws, after all that waited were told
   */
  async add(lookUp: LookUp<Found>): Promise<void> {
    this.#waiting.push(lookUp);
    if (this.#waiting.length >= IDENTIFIERS_PER_LOOK_UP) await this.finish();
  }

  /** Looks up all that waits. Throws as `add` does. */
  async finish(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const entities = await this.#findAll(waiting);
    for (const { identifier, found } of waiting) await found(entities.get(identifier) ?? null);
  }

  async #findAll(waiting: readonly LookUp<Found>[]): Promise<ReadonlyMap<string, Found>> {
    try {
      return await this.find(waiting.map(({ identifier }) => identifier));
    } catch (error) {
      for (const { lost } of waiting) lost();
      throw error;
    }
  }
}
