/** Identifiers in one look-up. */
const IDENTIFIERS_PER_LOOK_UP = 100;

/** Reads entities of one blueprint by identifier, whoever owns them. */
export type FindEntities<Found> = (
  identifiers: readonly string[],
) => Promise<ReadonlyMap<string, Found>>;

/** Entities that wait to be looked up, as one question asks for many. Each is answered exactly once. */
export class LookUps<Item, Found> {
  #waiting: Item[] = [];

  constructor(
    private readonly find: FindEntities<Found>,
    private readonly identifierOf: (item: Item) => string,
    private readonly answer: {
      /** Takes what was found of an item, or null where there is none. */
      readonly found: (item: Item, found: Found | null) => void;
      /** Told of those that Port could not be asked for. */
      readonly lost: (items: readonly Item[]) => void;
    },
  ) {}

  /** Waits with the others. */
  add(item: Item): void {
    this.#waiting.push(item);
  }

  /**
   * Looks up as many as make whole questions, or all that wait.
   * @throws what `find` throws, after all that waited were told
   */
  async ask(isLast: boolean): Promise<void> {
    const least = isLast ? 1 : IDENTIFIERS_PER_LOOK_UP;
    while (this.#waiting.length >= least) {
      const asked = this.#waiting.splice(0, IDENTIFIERS_PER_LOOK_UP);
      const found = await this.#find(asked);
      for (const item of asked) this.answer.found(item, found.get(this.identifierOf(item)) ?? null);
    }
  }

  /** Gives up those that wait. */
  lose(): void {
    this.answer.lost(this.#waiting.splice(0));
  }

  async #find(asked: readonly Item[]): Promise<ReadonlyMap<string, Found>> {
    try {
      return await this.find(asked.map(this.identifierOf));
    } catch (error) {
      this.answer.lost(asked);
      this.lose();
      throw error;
    }
  }
}
