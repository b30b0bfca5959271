import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import { type FileRepository, unnamedMain } from '../files/file-source.js';
import { itemOf } from '../kind.js';
import { repository } from './kinds/repository.js';

/** A repository, and what its URLs are made of. */
export interface ListedRepository extends FileRepository {
  readonly projectKey: string;
}

const someName = z.object({ name: z.string().min(1) });

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
