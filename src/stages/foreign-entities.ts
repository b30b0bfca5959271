import { LookUps, type FindEntities, type LookUp } from './look-ups.js';
import type { OwnedEntity } from './owned-entities.js';

/**
 * Finds out whether entities that our data source does not own stand in Port all the same: another
 * program made them and our mapping adds to them. Without this, they would be written in each run.
 */
export class ForeignEntities {
  readonly #lookUps: LookUps<OwnedEntity>;
  #exist: Promise<boolean> | null = null;

  /**
   * @param exist asks once, and only when it matters, whether the blueprint holds any entity that is
   *   not ours; where it does not, there is nothing to look up
   */
  constructor(
    private readonly exist: () => Promise<boolean>,
    find: FindEntities<OwnedEntity>,
  ) {
    this.#lookUps = new LookUps(find);
  }

  /**
   * Gives the entity, or null, now or when enough are waiting.
   * @throws what asking throws, after all that waited were told
   */
  async lookUp(lookUp: LookUp<OwnedEntity>): Promise<void> {
    if (await this.#areThere(lookUp)) await this.#lookUps.add(lookUp);
    else await lookUp.found(null);
  }

  /** Looks up all that waits. Throws as `lookUp` does. */
  async finish(): Promise<void> {
    await this.#lookUps.finish();
  }

  async #areThere({ lost }: LookUp<OwnedEntity>): Promise<boolean> {
    try {
      this.#exist ??= this.exist();
      return await this.#exist;
    } catch (error) {
      lost();
      throw error;
    }
  }
}
