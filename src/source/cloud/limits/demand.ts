import type { Count } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import type { RepositoryFilter } from '../repository-filter.js';
import type { Need } from './need.js';

/** What one reading will ask for. */
export interface Demand {
  readonly filter: RepositoryFilter;
  readonly needOf: (repository: ListedRepository) => Need;
  /** Counts requests of the listing of repositories, if this reading is the first that wants it. */
  readonly count: Count;
}
