import type { JsonObject } from '../../../model/json.js';
import type { Site } from '../route.js';

/** `links` with one address for each name. */
export function links(addresses: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, href]) => [name, { href }] as const),
  );
}

/** Where the API has a repository. */
export function repositoryApi({ api, identity }: Site, slug: string): string {
  return `${api}/repositories/${identity.slug}/${slug}`;
}

/** Where people would look at a repository. */
export function repositoryPage({ url, identity }: Site, slug: string): string {
  return `${url}/${identity.slug}/${slug}`;
}

/** A path inside a repository or a name, with its slashes, as part of an address. */
export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
