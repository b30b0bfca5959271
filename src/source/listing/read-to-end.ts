import { isJsonObject, type JsonObject } from '../../model/json.js';
import { malformed } from '../failure.js';
import type { FetchedPage, FetchPage, Listed } from './page.js';

/** A listing, and how to read what it lists. */
export interface Listing<Item extends Listed> {
  /** Its first page. */
  readonly url: URL;
  /** In the user's words: `pull requests of PAY/api`. */
  readonly subject: string;
  /** Null for something that is not such an item. */
  readonly itemOf: (value: JsonObject) => Item | null;
  /** What is wanted of it, where what is newest comes first. */
  readonly window?: ListingWindow | null;
}

/** The part of a listing that is wanted: what changed last since some time. */
export interface ListingWindow {
  readonly since: number;
  /** Null where an item does not tell. */
  readonly at: (value: JsonObject) => number | null;
}

/** Pages in a row without anything new, after which the server is taken to go in circles. */
export interface PatienceWithPages {
  /** Such as show only what was seen before. */
  readonly repeated: number;
  /** Such as show that, or nothing at all. */
  readonly withoutNews: number;
}

/**
 * Reads a listing to its end, a page at a time, each item once. Comes to its end only after a page
 * that says it is the last one or, where what is newest comes first, that has come to the end of the window.
 * A listing that contradicts itself is read once more: what either reading shows is there.
 * @throws HttpError when that page is not reached, when the listing contradicts itself again, or when
 *   something among the items was none: what it stands for is not known, so that the listing was not
 *   read whole. What was given stands
 */
export async function* readToEnd<Item extends Listed>(
  listing: Wanted<Item>,
  first: FetchPage,
  patience: PatienceWithPages,
): AsyncGenerator<readonly Item[], void, undefined> {
  const known = new Set<string>();
  const reading = new ListingReading(listing, patience);
  for await (const items of reading.pages(first)) {
    for (const { item } of items) known.add(item.key);
    yield items;
  }
  if (reading.contradiction === null) return;
  const again = new ListingReading(listing, patience);
  for await (const items of again.pages(first)) {
    yield items.filter(({ item }) => !known.has(item.key));
  }
  if (again.contradiction !== null) {
    throw malformed(listing.subject, `${again.contradiction}, also when read again`);
  }
}

/** A listing without its address. */
type Wanted<Item extends Listed> = Omit<Listing<Item>, 'url'>;

/** One reading of a listing. */
class ListingReading<Item extends Listed> {
  readonly #listing: Wanted<Item>;
  readonly #patience: PatienceWithPages;
  readonly #seen = new Set<string>();
  /** How many there were that are no such items. */
  #others = 0;
  #contradiction: string | null = null;
  /** When the oldest one so far changed; null: what is newest does not come first. */
  #oldest: number | null = Infinity;

  constructor(listing: Wanted<Item>, patience: PatienceWithPages) {
    this.#listing = listing;
    this.#patience = patience;
  }

  /** How the listing contradicted itself, for a person; null: not as far as it was read. */
  get contradiction(): string | null {
    return this.#contradiction;
  }

  /** What each page has that none before it had. @throws HttpError */
  async *pages(first: FetchPage): AsyncGenerator<readonly Item[], void, undefined> {
    let total = 0;
    let isPast = false;
    let repeated = 0;
    let withoutNews = 0;
    let fetch: FetchPage | null = first;
    while (fetch !== null) {
      const page: FetchedPage = await fetch();
      const items = this.#newItems(page);
      yield items;
      this.#object(page.contradiction);
      total = page.total ?? total;
      const isNews = items.length > 0 || page.isRepeat === true;
      const isRepeat = !isNews && page.values.length > 0;
      if (isRepeat) this.#object('gave a page with nothing but what other pages had');
      repeated = isNews ? 0 : repeated + (isRepeat ? 1 : 0);
      withoutNews = isNews ? 0 : withoutNews + 1;
      isPast = this.#isPast(items);
      fetch = isPast ? null : page.next;
      const isCircle =
        repeated === this.#patience.repeated || withoutNews === this.#patience.withoutNews;
      if (fetch !== null && isCircle) {
        const reason = `gave ${withoutNews} pages in a row without anything new`;
        throw malformed(this.#listing.subject, reason);
      }
    }
    const count = this.#seen.size + this.#others;
    if (count < total && !isPast) this.#object(`spoke of ${total} and gave ${count}`);
    if (this.#contradiction !== null || this.#others === 0) return;
    const what =
      this.#others === 1 ? 'an item that lacks its' : `${this.#others} items that lack their`;
    throw malformed(this.#listing.subject, `gave ${what} identity; the others were read`);
  }

  /** What comes first is told. */
  #object(contradiction: string | undefined): void {
    this.#contradiction ??= contradiction ?? null;
  }

  /** Whether nothing is wanted any more, by the order that the listing has kept to so far. */
  #isPast(items: readonly Item[]): boolean {
    const { window = null } = this.#listing;
    if (window === null) return false;
    for (const { item } of items) {
      const at = window.at(item.value);
      if (at === null || this.#oldest === null) continue;
      this.#oldest = at > this.#oldest ? null : at;
    }
    return this.#oldest !== null && this.#oldest < window.since;
  }

  #newItems({ values }: FetchedPage): readonly Item[] {
    const items: Item[] = [];
    for (const value of values) {
      const listed = isJsonObject(value) ? this.#listing.itemOf(value) : null;
      if (listed === null) {
        this.#others += 1;
      } else if (!this.#seen.has(listed.item.key)) {
        this.#seen.add(listed.item.key);
        items.push(listed);
      }
    }
    return items;
  }
}
