import type { JsonObject, JsonValue } from '../../model/json.js';
import { commitId } from '../company/identifiers.js';
import type { RecordedRequest } from '../loopback.js';
import { invalidPagelen, unknownToContract } from './cloud-error.js';

/** Where the documents and the product leave room in paging. */
export interface PagingOptions {
  /** The largest page: of pull requests 50, of everything else 100. More is refused. */
  readonly pagelen?: { readonly pullRequests?: number; readonly others?: number };
  /** The most rows of a page, whatever `pagelen` asks for; by default as many. */
  readonly mostRows?: number;
  /** Whether an empty page, which is not the last, follows the first. */
  readonly emptyPages?: boolean;
  /** A listing, by its path, whose first page comes again and again. */
  readonly repeated?: {
    readonly listing: (path: string) => boolean;
    /** Whether each repetition names the same `next`, or a new one. */
    readonly next: 'same' | 'new';
  };
}

/** What a kind of listing looks like. */
export interface ListingStyle {
  readonly rows: 'pull-requests' | 'others';
  /**
   * A listing that is walked commit by commit counts nothing, and names its pages by hashes. Those of
   * Bitbucket Pipelines count, and name no next page: it is asked for by its number.
   */
  readonly pages: 'numbers' | 'hashes' | 'unnamed';
}

/** Where a page that was announced begins. */
interface PageStart {
  readonly number: number;
  readonly row: number;
  readonly isEmpty: boolean;
}

/** Parameters of every paged route. */
export const pageParameters = ['pagelen', 'page'] as const;

const defaultPagelen = 10;
const firstPage: PageStart = { number: 1, row: 0, isEmpty: false };

/** Gives out pages, and remembers every `next` that it named. */
export class Pager {
  readonly #url: () => string;
  readonly #options: PagingOptions;
  /** Path and query of each `next`, byte for byte. */
  readonly #announced = new Map<string, PageStart>();

  /** `url`: the server's own, without the root of the API. */
  constructor(options: PagingOptions, url: () => string) {
    this.#options = options;
    this.#url = url;
  }

  /**
   * The page of `rows` that the request asks for.
   * @throws CloudError 400; a violation when its `page` is none that a `next` named
   */
  page<Row>(
    request: RecordedRequest,
    rows: readonly Row[],
    payload: (row: Row) => JsonValue,
    style: ListingStyle,
  ): JsonObject {
    const asked = this.#pagelen(request.query, style);
    const pagelen = Math.min(asked, this.#options.mostRows ?? asked);
    const start = this.#start(request, style, pagelen);
    const end = start.isEmpty ? start.row : start.row + pagelen;
    const following = this.#following(request.path, start, end, rows.length);
    return {
      values: rows.slice(start.row, end).map(payload),
      pagelen,
      ...(style.pages === 'hashes' ? {} : { size: rows.length, page: start.number }),
      ...(following === undefined || style.pages === 'unnamed'
        ? {}
        : { next: this.#announce(request, following, style) }),
    };
  }

  #pagelen(query: URLSearchParams, { rows }: ListingStyle): number {
    const { pullRequests = 50, others = 100 } = this.#options.pagelen ?? {};
    const given = query.get('pagelen');
    if (given === null) return defaultPagelen;
    if (!/^[1-9]\d{0,8}$/.test(given)) throw unknownToContract(`pagelen=${given} is no count`);
    const pagelen = Number(given);
    if (pagelen > (rows === 'pull-requests' ? pullRequests : others)) throw invalidPagelen();
    return pagelen;
  }

  #start({ target, query }: RecordedRequest, { pages }: ListingStyle, pagelen: number): PageStart {
    const page = query.get('page');
    if (page === null) return firstPage;
    if (pages === 'unnamed') {
      if (!/^[1-9]\d{0,8}$/.test(page)) throw unknownToContract(`page=${page} is no number`);
      const number = Number(page);
      return { number, row: (number - 1) * pagelen, isEmpty: false };
    }
    const start = this.#announced.get(target);
    if (start === undefined) {
      throw unknownToContract('Invalid page: this is not, byte for byte, the next of an answer');
    }
    return start;
  }

  #following(path: string, start: PageStart, end: number, length: number): PageStart | undefined {
    const { emptyPages = false, repeated } = this.#options;
    if (repeated?.listing(path) === true) {
      return { ...firstPage, number: repeated.next === 'same' ? 2 : start.number + 1 };
    }
    if (end >= length) return undefined;
    return { number: start.number + 1, row: end, isEmpty: emptyPages && start.number === 1 };
  }

  #announce({ path, query }: RecordedRequest, start: PageStart, { pages }: ListingStyle): string {
    const token =
      pages === 'numbers' ? String(start.number) : hash(`${path} ${start.number} ${start.row}`);
    const others = [...query].filter(([name]) => name !== 'page');
    const parameters = [['page', token] as const, ...others];
    const written = parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`);
    const target = `${path}?${written.join('&')}`;
    this.#announced.set(target, start);
    return `${this.#url()}${target}`;
  }
}

/** A word that nobody can count on; its last sign has to be escaped. */
function hash(text: string): string {
  return `${Buffer.from(commitId(text), 'hex').toString('base64url')}=`;
}

/** Valid, and unlike what programs write, so that a `next` that was taken apart is noticed. */
function encode(value: string): string {
  return encodeURIComponent(value)
    .replace(/'/g, '%27')
    .replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}
