import { ownsUntouchedOf } from '../port/catalog.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { ProblemError } from '../problems/problem.js';
import type { RunContext } from './run-context.js';

/**
 * Tells entities that somebody else created from our own. Port does not say whether the data source of
 * an entity is the one that created it or the one that wrote it last: if it is the last, an entity
 * that a former program only added to carries our data source, and its creator alone gives it away.
 */
export class Creators {
  readonly #isOurs = new Map<string, Promise<boolean>>();

  /** @param blueprints that may hold entities of ours */
  constructor(
    private readonly blueprints: readonly string[],
    private readonly client: RunContext['client'],
  ) {}

  /**
   * Whether somebody else may have created an entity of our data source. Credentials change: a
   * creator is ours as well when an entity shows that was created and last written under the name.
   */
  async isOfOthers({
    createdBy,
    updatedBy,
  }: Pick<CatalogEntity, 'createdBy' | 'updatedBy'>): Promise<boolean> {
    // What nobody else wrote was written as our data source, by whoever created it.
    if (createdBy === undefined || createdBy === updatedBy) return false;
    if (createdBy === this.client.clientId) return false;
    const isOurs = this.#isOurs.get(createdBy) ?? this.#lookFor(createdBy);
    this.#isOurs.set(createdBy, isOurs);
    return !(await isOurs);
  }

  async #lookFor(creator: string): Promise<boolean> {
    for (const blueprint of this.blueprints) {
      try {
        if (await ownsUntouchedOf(this.client, blueprint, creator)) return true;
      } catch (error) {
        // What cannot be told is kept; the blueprints left may still tell.
        if (!(error instanceof ProblemError)) throw error;
      }
    }
    return false;
  }
}
