import type { SizePatience } from '../../http/client.js';
import { HttpError } from '../../http/http-error.js';
import { slowStatuses } from '../../http/next-attempt.js';
import type { Problem } from '../../problems/problem.js';

/** How many items the pages of a listing may hold. */
export interface PageSize {
  /** Listings of one sort share what was learned. */
  readonly sort: string;
  readonly largest: number;
  readonly smallest: number;
  /** Statuses that say something else than that a page is too large. */
  readonly final?: readonly number[];
}

/** A page that could not be had. */
export interface RefusedPage {
  readonly items: number;
  readonly failure: HttpError;
}

/** Asks for a page of so many items. @throws HttpError */
export type AskForPage<Page> = (items: number, patience: SizePatience | undefined) => Promise<Page>;

/** Nobody waits again and again for what can be asked for in halves. */
const atFirst: SizePatience = { slow: 2, failed: Infinity };
const inHalves: SizePatience = { slow: 1, failed: 1 };

/**
 * How many items a server gives in a page. Bitbucket Cloud answers 504 above some size, and Data Center
 * where its disks are slow: such a page is asked for in halves, and the first size that came is kept to.
 */
export class PageSizes {
  readonly #sizes = new Map<string, number>();
  readonly #report: (problem: Problem) => void;

  /** @param report told of each size that is kept to because the server failed */
  constructor(report: (problem: Problem) => void = () => undefined) {
    this.#report = report;
  }

  of({ sort, largest }: PageSize): number {
    return this.#sizes.get(sort) ?? largest;
  }

  /** How often to ask for a page of so many items before less is asked for. */
  patience({ smallest }: PageSize, items: number): SizePatience | undefined {
    return items > smallest ? atFirst : undefined;
  }

  /**
   * A page as large as the server gives it, which is kept to.
   * @throws HttpError why the largest page cannot be had, when the smallest cannot either
   */
  async fitting<Page>(size: PageSize, subject: string, ask: AskForPage<Page>): Promise<Page> {
    const { page, refused, items } = await this.below(null, size, ask);
    if (refused !== null) this.keepTo(size, items, subject, refused.failure);
    return page;
  }

  /**
   * The same, below one that was asked for before. What it comes to is kept to only by `keepTo`.
   * @throws HttpError as `fitting`
   */
  async below<Page>(
    before: RefusedPage | null,
    size: PageSize,
    ask: AskForPage<Page>,
  ): Promise<{
    readonly page: Page;
    readonly items: number;
    readonly refused: RefusedPage | null;
  }> {
    let refused = before;
    for (;;) {
      const items = refused === null ? this.of(size) : this.#half(size, refused.items);
      try {
        const page = await ask(items, refused === null ? this.patience(size, items) : inHalves);
        return { page, items, refused };
      } catch (error) {
        if (!isTooMuch(error, size)) throw error;
        const failure = refused?.failure ?? error;
        if (items <= size.smallest) throw failure;
        refused = { items, failure };
      }
    }
  }

  keepTo(size: PageSize, items: number, subject: string, failure: HttpError): void {
    if (items >= this.of(size)) return;
    this.#sizes.set(size.sort, items);
    if (isRefusal(failure)) return;
    const { reason } = failure;
    const { largest } = size;
    this.#report({ code: 'page-size-reduced', listing: subject, largest, items, reason });
  }

  /** Or what others have found out meanwhile. */
  #half(size: PageSize, items: number): number {
    return Math.min(Math.max(size.smallest, Math.floor(items / 2)), this.of(size));
  }
}

/** Whether a smaller page may do better: an error of the server's, or no complete response in time. */
export function isTooMuch(error: unknown, { final = [] }: PageSize): error is HttpError {
  if (!(error instanceof HttpError)) return false;
  const { failure, details } = error;
  const { status = 0 } = details;
  if (failure === 'status') return !final.includes(status) && (status >= 500 || isRefusal(error));
  return failure === 'timeout' || failure === 'too-large';
}

/** Whether it came to nothing for the time that it took. */
export function isSlow({ failure, details }: HttpError): boolean {
  return failure === 'timeout' || slowStatuses.includes(details.status ?? 0);
}

/** Bitbucket Cloud says `Invalid pagelen`. */
function isRefusal({ details, reason }: HttpError): boolean {
  return details.status === 400 && /pagelen/i.test(reason);
}
