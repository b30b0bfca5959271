import { HttpError } from '../http/http-error.js';

/** A page of a listing that names where the next one begins, or nothing when it is the last. */
export interface ListedPage {
  readonly next?: string | null | undefined;
}

/**
 * All pages of a listing, each fetched when the consumer asks for it. Only the absence of `next`
 * ends the listing: an empty or short page does not. Pages that ended by themselves are all pages.
 * @param subject what is listed, for the error
 * @throws HttpError when a `next` comes back a second time, and whatever `fetchPage` throws
 */
export async function* followPages<Page extends ListedPage>(
  subject: string,
  fetchPage: (from: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const followed = new Set<string>();
  let from: string | undefined;
  do {
    const page = await fetchPage(from);
    yield page;
    from = page.next ?? undefined;
    if (from !== undefined && followed.has(from)) {
      throw new HttpError('malformed', subject, 'a page leads back to one that was read before');
    }
    if (from !== undefined) followed.add(from);
  } while (from !== undefined);
}
