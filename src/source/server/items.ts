import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { type FileRepository, unnamedMain } from '../files/file-source.js';
import type { Placed } from '../listing/page.js';
import type { ServerKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';

/** A repository, and what its URLs are made of. */
export interface ListedRepository extends FileRepository {
  readonly projectKey: string;
}

const someName = z.object({ name: z.string().min(1) });

const selfLink = z.object({
  links: z.object({ self: z.tuple([z.object({ href: z.string() })], z.unknown()) }),
});

/**
 * An item of a kind. Null for something else.
 * @param within the repository that it was listed in. What counts within a repository alone gets that
 *   one's own id before it, which outlives a rename.
 */
export function itemOf(
  kind: ServerKind,
  value: JsonObject,
  within?: ListedRepository,
): Placed | null {
  const known = kind.identify(value);
  if (known === null) return null;
  if (within === undefined) return { item: raw(known.key, value), segments: known.segments };
  return {
    item: raw(`${within.item.key}#${known.key}`, value),
    segments: [...within.segments, ...known.segments],
  };
}

/** Null for what is not a repository. */
export function repositoryOf(value: JsonObject): ListedRepository | null {
  const listed = itemOf(repository, value);
  const [projectKey, slug] = listed?.segments ?? [];
  if (listed === null || projectKey === undefined || slug === undefined) return null;
  return {
    ...listed,
    projectKey,
    slug,
    name: `${projectKey}/${slug}`,
    displayName: someName.safeParse(value).data?.name ?? slug,
    mainBranch: unnamedMain,
  };
}

function raw(key: string, value: JsonObject): RawItem {
  return { key, link: selfLink.safeParse(value).data?.links.self[0].href ?? null, value };
}
