import type { JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { ResourceReference } from '../../model/resource.js';
import { httpError, malformed } from '../failure.js';
import { jsonObject, type Listed } from '../listing/page.js';
import type { Rest } from '../listing/rest.js';
import { withUnreadable } from '../reading/furnished.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import { describeFailure, endsReading, saysThereIsNone } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import type { MoreAsked, ServerKind } from './kinds/kind.js';
import { readListing } from './paging.js';
import type { Routes } from './routes.js';

/** What asking takes. */
interface MoreContext {
  readonly rest: Rest;
  readonly routes: Routes;
  readonly resource: ResourceReference;
  /** Told of what cannot be read. */
  readonly record: ReadingRecord;
}

/** Puts the answer to another question into an item, such as the commit of a tag. */
export type AddMore = <Item extends Listed>(
  item: Item,
  within: ListedRepository | null,
) => Promise<Item>;

/**
 * Null where the kind has nothing more, or nobody wants it.
 * @throws HttpError from what it returns, only when nothing more can be read in this run; anything else that
 *   cannot be read is left out of the item and listed as unread
 */
export function moreOf(kind: ServerKind, asked: MoreAsked, context: MoreContext): AddMore | null {
  const { more } = kind;
  if (more?.isWanted(asked) !== true) return null;
  const { field } = more;
  const { rest, routes, record, resource } = context;
  return async (listed, within) => {
    const { item } = listed;
    const question = more.question(item.value);
    if (question === null) return { ...listed, item: withField(item, field, null) };
    const { path, query } = question;
    const url =
      within === null ? routes.listing(path, query) : routes.listingIn(within, path, query);
    const subject = `${field} of ${item.link ?? item.key}`;
    try {
      if (!more.isListing) {
        url.search = '';
        const { count } = record;
        const { body } = await rest.json({ url, subject, count }, jsonObject);
        return { ...listed, item: withField(item, field, body) };
      }
      const rows: JsonValue[] = [];
      const itemOf = (value: RawItem['value']): Listed => ({
        item: { key: JSON.stringify(value.id ?? value), link: null, value },
      });
      for await (const page of readListing(rest, { url, subject, itemOf }, record.count)) {
        for (const { item: row } of page) rows.push(row.value);
      }
      const told = more.of === undefined ? rows : more.of(rows, item.value);
      if (told === null) throw malformed(subject, 'does not tell what happened when');
      return { ...listed, item: withField(item, field, told) };
    } catch (error) {
      const failure = httpError(error);
      if (endsReading(failure)) throw failure;
      if (!more.isListing && saysThereIsNone(failure)) {
        return { ...listed, item: withField(item, field, null) };
      }
      const reason = describeFailure(failure);
      record.addProblem({
        code: 'attachment-unreadable',
        resource,
        item: item.link ?? item.key,
        attachment: field,
        reason,
      });
      return { ...listed, item: withUnreadable(item, [field]) };
    }
  };
}

/** The pages of a listing with more in each item, asked for one after the other. */
export async function* eachWith<Item extends Listed>(
  pages: AsyncIterable<readonly Item[]>,
  add: (item: Item) => Promise<Item>,
): AsyncGenerator<readonly Item[], void, undefined> {
  for await (const page of pages) {
    const items: Item[] = [];
    for (const item of page) items.push(await add(item));
    yield items;
  }
}

function withField(item: RawItem, field: string, value: JsonValue): RawItem {
  return { ...item, value: { ...item.value, [field]: value } };
}
