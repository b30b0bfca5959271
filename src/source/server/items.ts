import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import { type FileRepository, unnamedMain } from '../files/file-source.js';
import type { Addressed } from '../listing/page.js';
import type { ServerKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';

/** A repository, and what its URLs are made of. */
export interface ListedRepository extends FileRepository {
  readonly projectKey: string;
}

const someName = z.object({ name: z.string().min(1) });

/**
 * An item of a kind. Null for something else.
 * @param within the repository that it was listed in. What counts within a repository alone gets that
 *   one's own id before it, which outlives a rename.
 */
export function itemOf(
  kind: ServerKind,
  value: JsonObject,
  within?: ListedRepository,
): Addressed | null {
  const known = kind.identify(value);
  if (known === null) return null;
  if (within === undefined) {
    return { item: { key: known.key, link: kind.linkOf(value), value }, segments: known.segments };
  }
  const whole = kind.whole(value, within.item);
  return {
    item: { key: `${within.item.key}#${known.key}`, link: kind.linkOf(whole), value: whole },
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
