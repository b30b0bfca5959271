import type { RawItem } from '../../model/page.js';

/** Something of a listing, with the item that mappings see. */
export interface Listed {
  readonly item: RawItem;
}

/** Something that has an address. */
export interface Placed extends Listed {
  /** What its address is made of, from the top: `['PAY', 'api', '7']`. */
  readonly segments: readonly string[];
}

/** A repository of a listing. */
export interface NamedRepository extends Placed {
  /** `PAY/api`, for messages. */
  readonly name: string;
}
