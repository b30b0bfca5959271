import type { JsonObject, JsonValue } from '../../model/json.js';
import { ApiError, unknownToContract } from './api-error.js';
import type { Positions } from './positions.js';

/** Rows by position; undefined where one is filtered out. An array is a listing. */
export interface Listing<Row> {
  readonly length: number;
  at(position: number): Row | undefined;
}

/** How a server pages. */
export interface Paging {
  readonly positions: Positions;
  /** The largest page, whatever `limit` asks for. */
  readonly cap: number;
}

/** Rows in a page when the request does not say. */
const defaultLimit = 25;

/** Parameters of every paged route. */
export const pageParameters = ['start', 'limit'] as const;

/**
 * The page of `listing` that `query` asks for.
 * @throws ApiError for a `start` or `limit` that is no count, or a `start` that was never given out
 */
export function pageOf<Row>(
  listing: Listing<Row>,
  query: URLSearchParams,
  paging: Paging,
  payload: (row: Row) => JsonValue,
): JsonObject {
  const limit = Math.min(wholeNumber(query, 'limit', defaultLimit), paging.cap);
  if (limit < 1) throw unknownToContract('limit must be positive', 'limit');
  const start = wholeNumber(query, 'start', 0);
  const from = paging.positions.read(start);
  if (from === undefined) {
    throw new ApiError(400, `start=${start} is no nextPageStart of this listing`, null, {
      context: 'start',
      violation: true,
    });
  }
  const { values, next } =
    from.type === 'empty'
      ? { values: [], next: from.position }
      : take(listing, from.position, limit, payload);
  const isLastPage = next >= listing.length;
  return {
    size: values.length,
    limit,
    isLastPage,
    values,
    start,
    ...(isLastPage ? {} : { nextPageStart: paging.positions.write(next, from) }),
    ...(isLastPage && !paging.positions.lastIsSilent ? { nextPageStart: null } : {}),
  };
}

/** Up to `limit` rows, and the position of the next row that is not filtered out. */
function take<Row>(
  listing: Listing<Row>,
  from: number,
  limit: number,
  payload: (row: Row) => JsonValue,
): { values: JsonValue[]; next: number } {
  const values: JsonValue[] = [];
  for (let position = from; position < listing.length; position += 1) {
    const row = listing.at(position);
    if (row === undefined) continue;
    if (values.length === limit) return { values, next: position };
    values.push(payload(row));
  }
  return { values, next: listing.length };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw unknownToContract(`${name}=${text} is no count`, name);
  return Number(text);
}
