import type { JsonObject } from '../../model/json.js';
import { itemOf } from '../kind.js';
import type { Addressed, Listed } from '../listing/page.js';
import type { Count, Rest } from '../listing/rest.js';
import { type Selection, untoldOf } from '../reading/selection.js';
import type { ListedRepository } from './items.js';
import type { ServerKind } from './kinds/kind.js';
import { readListing } from './paging.js';
import type { Routes } from './routes.js';

type PerBranch = NonNullable<ServerKind['perBranch']>;

/** A branch of a listing. */
interface ListedBranch extends Listed {
  readonly place: NonNullable<ReturnType<PerBranch['of']>>;
}

/** What a kind is listed by in one repository. */
export interface InBranches {
  readonly rest: Rest;
  readonly routes: Routes;
  readonly selection: Selection;
  /** In the user's words. */
  readonly subject: string;
  /** The listing of branches. */
  readonly url: URL;
  readonly onGap: () => void;
}

/**
 * What each branch has that the selector names or, where it names none, the default branch: all of a page of
 * branches at a time. Branches with one commit share its listing.
 * @throws HttpError where a listing is not read to its end, or does not tell which branch is the default one
 */
export async function* perBranch(
  kind: ServerKind,
  { field, of, most }: PerBranch,
  within: ListedRepository,
  { rest, routes, selection, subject, url, onGap }: InBranches,
  count: Count,
): AsyncGenerator<readonly Addressed[], void, undefined> {
  const known = new Map<string, readonly Addressed[]>();
  const listing = {
    url,
    subject,
    onGap,
    itemOf: (value: JsonObject): ListedBranch | null => {
      const place = of(value);
      return place && { item: { key: place.name, link: null, value }, place };
    },
  };
  let untold = 0;
  for await (const branches of readListing(rest, listing, count)) {
    const items: Addressed[] = [];
    for (const { item, place } of branches) {
      const isTaken = selection.takesBranch(place.name) ?? place.isDefault;
      if (isTaken === null) untold += 1;
      if (isTaken !== true) continue;
      const asItem = (value: JsonObject): Addressed | null =>
        itemOf(kind, { ...value, [field]: item.value }, within);
      const at = routes.listingOf(place.part, place.path);
      const ofCommit =
        known.get(at.href) ??
        (await allOf(readListing(rest, { url: at, subject, itemOf: asItem, onGap }, count)));
      known.set(at.href, ofCommit);
      if (ofCommit.length >= most) onGap();
      items.push(...ofCommit.flatMap((one) => asItem(one.item.value) ?? []));
    }
    yield items;
  }
  if (untold > 0) throw untoldOf(subject, untold);
}

async function allOf<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
