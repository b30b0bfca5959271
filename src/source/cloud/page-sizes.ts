/** Listings by the largest page that they give (documented 100; pull requests answer 400 above 50). */
const largest = { general: 100, 'pull requests': 50 } as const;

/** The least that Bitbucket Cloud documents. */
const smallest = 10;

/** What a listing counts as, when it comes to the size of its pages. */
export type PageKind = keyof typeof largest;

/** How many items are asked for in a page; what was refused once is not asked for again. */
export class PageSizes {
  readonly #sizes = new Map<PageKind, number>();

  of(kind: PageKind): number {
    return this.#sizes.get(kind) ?? largest[kind];
  }

  /** Half of what was refused, or null when there is nothing less to ask for. */
  afterRefusal(kind: PageKind, refused: number): number | null {
    if (this.of(kind) < refused) return this.of(kind);
    if (refused <= smallest) return null;
    const half = Math.max(smallest, Math.floor(refused / 2));
    this.#sizes.set(kind, half);
    return half;
  }
}
