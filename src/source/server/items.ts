import { z } from 'zod';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { Listed, NamedRepository } from '../listing/listed.js';

/** A project. Personal ones have a key such as `~jdoe`. */
export interface ListedProject extends Listed {
  readonly key: string;
}

/** A repository, and what its URLs are made of. */
export interface ListedRepository extends NamedRepository {
  readonly projectKey: string;
  readonly slug: string;
}

const selfLink = z.object({
  links: z.object({ self: z.tuple([z.object({ href: z.string() })], z.unknown()) }),
});
const identified = z.object({ id: z.int() });
const project = z.object({ id: z.int(), key: z.string().min(1) });
const repository = z.object({
  id: z.int(),
  slug: z.string().min(1),
  project: z.object({ key: z.string().min(1) }),
});

/** Null for what is not a project. */
export function projectOf(value: JsonObject): ListedProject | null {
  const known = project.safeParse(value).data;
  return known === undefined ? null : { item: itemOf(String(known.id), value), key: known.key };
}

/** Null for what is not a repository. */
export function repositoryOf(value: JsonObject): ListedRepository | null {
  const known = repository.safeParse(value).data;
  if (known === undefined) return null;
  return {
    item: itemOf(String(known.id), value),
    projectKey: known.project.key,
    slug: known.slug,
    name: `${known.project.key}/${known.slug}`,
  };
}

/** Null for what is not a user. */
export function userOf(value: JsonObject): Listed | null {
  const known = identified.safeParse(value).data;
  return known === undefined ? null : { item: itemOf(String(known.id), value) };
}

/**
 * Null for what is not a pull request. Its number counts within its repository, hence the repository's
 * own id before it, which outlives a rename.
 */
export function pullRequestOf(repositoryKey: string, value: JsonObject): Listed | null {
  const known = identified.safeParse(value).data;
  return known === undefined ? null : { item: itemOf(`${repositoryKey}#${known.id}`, value) };
}

function itemOf(key: string, value: JsonObject): RawItem {
  return { key, link: selfLink.safeParse(value).data?.links.self[0].href ?? null, value };
}
