import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { encodedSegment } from '../segment.js';
import type { FileRepository } from '../files/file-source.js';
import { itemOf as listedItem } from '../kind.js';
import type { Addressed } from '../listing/page.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';

/** A repository, and what its URLs are made of. */
export type ListedRepository = FileRepository;

/** A text that there need not be. */
const someText = z.string().min(1).nullish().catch(null);
/** All of them may be missing in an answer. */
const repositoryFacts = z.object({
  name: someText,
  full_name: someText,
  mainbranch: z
    .object({ name: z.string().min(1) })
    .nullish()
    .catch(null),
});
const workspaceFacts = z.object({
  full_name: someText,
  workspace: z.object({ slug: z.string() }).nullish().catch(null),
});

/** An item of a kind, below its workspace. Null for something else. */
export function itemOf(
  kind: CloudKind,
  value: JsonObject,
  within?: ListedRepository,
): Addressed | null {
  const known = listedItem(kind, value, within);
  if (known === null || within !== undefined) return known;
  return { ...known, segments: [workspaceOf(value), ...known.segments] };
}

/** Null for what is not a repository. */
export function repositoryOf(value: JsonObject): ListedRepository | null {
  const listed = itemOf(repository, value);
  const slug = listed?.segments.at(-1);
  if (listed === null || slug === undefined) return null;
  const facts = repositoryFacts.parse(value);
  return {
    ...listed,
    slug,
    displayName: facts.name ?? slug,
    name: facts.full_name ?? slug,
    mainBranch: facts.mainbranch?.name ?? null,
  };
}

/** Where a person sees something of the repository at a revision; null when Bitbucket does not tell. */
export function sourceLink(of: RawItem, revision: string, path: string): string | null {
  if (of.link === null) return null;
  const segments = [revision, ...path.split('/')].map(encodedSegment);
  return `${of.link}/src/${segments.join('/')}`;
}

/** The slug of the workspace that something at the root says it is in; empty: it does not say. */
function workspaceOf(value: JsonObject): string {
  const { full_name: fullName, workspace } = workspaceFacts.parse(value);
  return fullName?.split('/')[0] ?? workspace?.slug ?? '';
}
