import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../model/json.js';
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

/** A text that there need not be. */
const someText = z.string().min(1).nullish().catch(null);
/** All but the UUID may be missing in an answer. */
const repository = z.object({
  uuid: z.string().min(1),
  slug: someText,
  name: someText,
  full_name: someText,
  mainbranch: z
    .object({ name: z.string().min(1) })
    .nullish()
    .catch(null),
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
  const { uuid } = known;
  const lastName = known.full_name?.split('/').at(-1);
  // The UUID stands for the slug in addresses, where Bitbucket gives none that could stand there.
  const slug = [known.slug, lastName].find(isSegment) ?? uuid;
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
export function pullRequestOf(repository: RawItem, value: JsonObject): Listed | null {
  const known = numbered.safeParse(value).data;
  if (known === undefined) return null;
  return { item: itemOf(`${repository.key}#${known.id}`, withDestination(repository, value)) };
}

/** What is said of a repository inside of another thing. */
const referenceFields = ['type', 'uuid', 'name', 'full_name', 'links'];

/** A pull request leads into the repository that lists it, also where Bitbucket leaves that out. */
function withDestination(repository: RawItem, value: JsonObject): JsonObject {
  const destination = isJsonObject(value.destination) ? value.destination : {};
  if (isJsonObject(destination.repository)) return value;
  const reference = Object.fromEntries(
    Object.entries(repository.value).filter(([name]) => referenceFields.includes(name)),
  );
  return { ...value, destination: { ...destination, repository: reference } };
}

/** Where a person sees something of the repository at a revision; null when Bitbucket does not tell. */
export function sourceLink(of: RawItem, revision: string, path: string): string | null {
  if (of.link === null) return null;
  const segments = [revision, ...path.split('/')].map(encodedSegment);
  return `${of.link}/src/${segments.join('/')}`;
}

/** Whether a text can be a part of an address: dots alone lead elsewhere. */
function isSegment(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== '' && !/^\.{1,2}$/u.test(text);
}

function itemOf(key: string, value: JsonObject): RawItem {
  return { key, link: htmlLink.safeParse(value).data?.links.html.href ?? null, value };
}
