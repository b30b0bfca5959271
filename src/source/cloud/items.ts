import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { Listed, NamedRepository } from '../listing/listed.js';
import { encodedSegment } from './routes.js';

/** A repository, and what its URLs are made of. */
export interface ListedRepository extends NamedRepository {
  readonly slug: string;
  /** What people call it, which need not resemble the slug. */
  readonly displayName: string;
  /** Null in a repository that nothing was pushed to yet. */
  readonly mainBranch: string | null;
}

const htmlLink = z.object({ links: z.object({ html: z.object({ href: z.string() }) }) });
const identified = z.object({ uuid: z.string().min(1) });
const numbered = z.object({ id: z.int() });
const repository = z.object({
  uuid: z.string().min(1),
  slug: z.string().min(1),
  name: z.string().nullish(),
  full_name: z.string().nullish(),
  mainbranch: z.object({ name: z.string().min(1) }).nullish(),
});

/** Null for what is not a project. */
export function projectOf(value: JsonObject): Listed | null {
  const known = identified.safeParse(value).data;
  return known === undefined ? null : { item: itemOf(known.uuid, value) };
}

/** Null for what is not a repository. */
export function repositoryOf(value: JsonObject): ListedRepository | null {
  const known = repository.safeParse(value).data;
  if (known === undefined) return null;
  const { uuid, slug } = known;
  return {
    item: itemOf(uuid, value),
    slug,
    displayName: known.name ?? slug,
    name: known.full_name ?? slug,
    mainBranch: known.mainbranch?.name ?? null,
  };
}

/**
 * Null for what is not a pull request. Its number counts within its repository, hence the repository's
 * own identity before it, which outlives a rename.
 */
export function pullRequestOf(repositoryKey: string, value: JsonObject): Listed | null {
  const known = numbered.safeParse(value).data;
  return known === undefined ? null : { item: itemOf(`${repositoryKey}#${known.id}`, value) };
}

/** Where a person sees something of the repository at a revision; null when Bitbucket does not tell. */
export function sourceLink(of: RawItem, revision: string, path: string): string | null {
  if (of.link === null) return null;
  const segments = [revision, ...path.split('/')].map(encodedSegment);
  return `${of.link}/src/${segments.join('/')}`;
}

function itemOf(key: string, value: JsonObject): RawItem {
  return { key, link: htmlLink.safeParse(value).data?.links.html.href ?? null, value };
}
