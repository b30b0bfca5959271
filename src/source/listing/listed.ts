import type { RawItem } from '../../model/page.js';

/** Something of a listing, with the item that mappings see. */
export interface Listed {
  readonly item: RawItem;
}

/** A repository of a listing. */
export interface NamedRepository extends Listed {
  /** `PAY/api`, for messages. */
  readonly name: string;
}
