import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';

/** Any object. It passes through as it is. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Asks for a page. @throws HttpError */
export type FetchPage = () => Promise<FetchedPage>;

/** A page of a listing. */
export interface FetchedPage {
  readonly values: readonly JsonObject[];
  /**
   * The way to the page after it; null: this one says that it is the last.
   * @throws HttpError when it says neither
   */
  readonly next: () => FetchPage | null;
}
