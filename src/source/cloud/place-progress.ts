import type { HttpError } from '../../http/http-error.js';
import { Change } from '../reading/change.js';
import type { ListedRepository } from './items.js';

/** How far a reading of one repository after the other has come, and whether it goes on. */
export class PlaceProgress {
  readonly #left: ListedRepository[] = [];
  #total = 0;
  #open = 0;
  #failure: HttpError | null = null;
  readonly #change = new Change();

  /** Repositories that the reading is about. */
  get total(): number {
    return this.#total;
  }

  /** Those that it did not reach. */
  get left(): readonly ListedRepository[] {
    return this.#left;
  }

  /** Of the first request for which there was neither room nor time; null: none. */
  get failure(): HttpError | null {
    return this.#failure;
  }

  /** @param left those that are not to be reached */
  begin(total: number, left: readonly ListedRepository[]): void {
    this.#total = total;
    this.#left.push(...left);
  }

  leave(repository: ListedRepository): void {
    this.#left.push(repository);
  }

  opened(): void {
    this.#open += 1;
  }

  closed(): void {
    this.#open -= 1;
    this.#change.told();
  }

  /** There is no room or time for any further request. */
  stop(failure: HttpError): void {
    this.#failure ??= failure;
    this.#change.told();
  }

  /**
   * Whether another repository may be opened. One that is opened is read wholly: the open ones may still
   * take as much as this one, so that it waits for them where room is scarce.
   * @param hasRoom whether there is room for so many of its kind
   */
  async mayOpen(hasRoom: (times: number) => Promise<boolean>): Promise<boolean> {
    for (;;) {
      if (this.#failure !== null) return false;
      const open = this.#open;
      if (await hasRoom(open + 1)) return true;
      if (open === 0) return false;
      if (open !== this.#open) continue;
      await this.#change.next();
    }
  }
}
