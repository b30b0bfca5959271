import type { OwnedEntity } from './owned-entities.js';

/** Reads entities of one blueprint by identifier, whoever owns them. */
export type FindEntities = (
  identifiers: readonly string[],
) => Promise<ReadonlyMap<string, OwnedEntity>>;

/** Identifiers in one look-up. */
const IDENTIFIERS_PER_LOOK_UP = 100;

interface Waiting {
  readonly identifier: string;
  readonly found: (entity: OwnedEntity | null) => Promise<void>;
}

/**
 * Finds out whether entities that our data source does not own stand in Port all the same: another
 * program made them and our mapping adds to them. Without this, they would be written in each run.
 */
export class ForeignEntities {
  #waiting: Waiting[] = [];
  #exist: Promise<boolean> | null = null;

  /**
   * @param exist asks once, and only when it matters, whether the blueprint holds any entity that is
   *   not ours; where it does not, there is nothing to look up
   */
  constructor(
    private readonly exist: () => Promise<boolean>,
    private readonly find: FindEntities,
  ) {}

  /** Calls `found` with the entity, or null, now or when enough are waiting. */
  async lookUp(identifier: string, found: Waiting['found']): Promise<void> {
    this.#exist ??= this.exist();
    if (!(await this.#exist)) {
      await found(null);
      return;
    }
    this.#waiting.push({ identifier, found });
    if (this.#waiting.length >= IDENTIFIERS_PER_LOOK_UP) await this.finish();
  }

  /** Looks up all that waits. */
  async finish(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const entities = await this.find(waiting.map(({ identifier }) => identifier));
    for (const { identifier, found } of waiting) await found(entities.get(identifier) ?? null);
  }
}
