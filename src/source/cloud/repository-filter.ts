import { z } from 'zod';
import { includedFilesKey } from '../files/selector-keys.js';

/** Selector keys of everything that is read from repositories. */
export const repositoryKeys = {
  /** The role that the user has in the repositories. */
  userRole: z.enum(['member', 'contributor', 'admin', 'owner']).nullish(),
  /** A filter in Bitbucket's query language, such as `name ~ "service"`. */
  repoQuery: z.string().nullish(),
};

/** The same where the container takes files to attach. */
export const repositorySelectorKeys = { ...repositoryKeys, ...includedFilesKey };

const repositorySelector = z.object(repositorySelectorKeys);

/** Which repositories a resource is about; null: whatever. */
export interface RepositoryFilter {
  readonly role: string | null;
  readonly query: string | null;
}

/** The filter of a valid selector. As in today's integration, an empty query is none. */
export function repositoryFilter(selector: unknown): RepositoryFilter {
  const { userRole, repoQuery } = repositorySelector.parse(keysOf(selector));
  const query = repoQuery?.trim() ?? '';
  return { role: userRole ?? null, query: query === '' ? null : query };
}

/**
 * What the listing of repositories is asked. Oldest first: what is created meanwhile comes last, and a
 * new name moves nothing.
 */
export function repositoryQuery({
  role,
  query,
}: RepositoryFilter): Readonly<Record<string, string>> {
  return {
    ...(role === null ? {} : { role }),
    ...(query === null ? {} : { q: query }),
    sort: 'created_on',
  };
}

/** A mapping may leave the selector out. */
function keysOf(selector: unknown): unknown {
  return selector ?? {};
}
