import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';

/** Any object. It passes through as it is. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/**
 * What a page lists. It passes through as it is: one item that is none must not cost the others of
 * its page.
 */
export const listedValues = z.custom<readonly JsonValue[]>((value) => Array.isArray(value));

/** Asks for a page. @throws HttpError */
export type FetchPage = () => Promise<FetchedPage>;

/** A page of a listing. */
export interface FetchedPage {
  readonly values: readonly JsonValue[];
  /** Whether the listing was begun again, and what this page shows is expected to be known. */
  readonly isRepeat?: boolean;
  /** How many items the listing says that it has in all, where it says so. */
  readonly total?: number;
  /** What the page says against itself, for a person: `named no next page, ...`. */
  readonly contradiction?: string | undefined;
  /** The way to the page after it; null: there is none, or none that can be asked for. */
  readonly next: FetchPage | null;
}

/** Something of a listing, with the item that mappings see. */
export interface Listed {
  readonly item: RawItem;
}

/** Something that has an address. */
export interface Addressed extends Listed {
  /** What its address is made of, from the top: `['PAY', 'api', '7']`. */
  readonly segments: readonly string[];
}

/** A repository of a listing. */
export interface NamedRepository extends Addressed {
  /** `PAY/api`, for messages. */
  readonly name: string;
  /** Where it is no repository, though things belong to it all the same. */
  readonly of?: 'project';
}

/** Reads items, and tells `onListed` of each, which is alive. */
export function told<Item extends Addressed>(
  kind: string,
  read: (value: JsonObject) => Item | null,
  onListed: (kind: string, listed: Addressed) => void,
): (value: JsonObject) => Item | null {
  return (value) => {
    const listed = read(value);
    if (listed !== null) onListed(kind, listed);
    return listed;
  };
}
