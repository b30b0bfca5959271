import { encodedSegment } from '../segment.js';
import { cleanPath } from '../files/paths.js';
import type { Parameters } from '../kind.js';
import { repositoryQuery, type RepositoryFilter } from './repository-filter.js';

/** Where things are below the root of the API. Page sizes are not said here. */
export class Routes {
  /** Of the API, without a trailing slash. */
  readonly root: string;
  /** Its slug, or its UUID in braces. */
  readonly workspace: string;

  /** @param root ends in `/2.0`, with or without a trailing slash */
  constructor(root: URL, workspace: string) {
    this.root = `${root.origin}${root.pathname.replace(/\/+$/, '')}`;
    this.workspace = workspace;
  }

  /** The oldest repositories, by their identities alone: the smallest question about what is read. */
  probe(): URL {
    return this.#url(['repositories', this.workspace], {
      fields: 'size,values.uuid',
      pagelen: '10',
      sort: 'created_on',
    });
  }

  /** Any of the workspace's members: a question that takes credentials, and those of any sort do. */
  members(): URL {
    return this.#url(['workspaces', this.workspace, 'members'], {
      pagelen: '1',
      fields: 'values.user.uuid',
    });
  }

  /** Whom the credentials belong to. */
  user(): URL {
    return this.#url(['user'], { fields: 'uuid' });
  }

  /** A listing below the root; `{}` in its path is the workspace. */
  listing(path: readonly string[], parameters: Parameters = {}): URL {
    return this.#url(
      path.map((segment) => (segment === '{}' ? this.workspace : segment)),
      parameters,
    );
  }

  repositories(filter: RepositoryFilter): URL {
    return this.#url(['repositories', this.workspace], repositoryQuery(filter));
  }

  /** A listing below a repository, or something in it. */
  below(slug: string, path: readonly string[], parameters: Parameters = {}): URL {
    return this.#repository(slug, path, parameters);
  }

  /** A repository, as far as it says whether it is the one that was listed. */
  repository(slug: string): URL {
    return this.#repository(slug, [], { fields: 'uuid,mainbranch.name' });
  }

  /** A branch with the commit that it points at. */
  branch(slug: string, branch: string): URL {
    return this.#repository(slug, ['refs', 'branches', ...branch.split('/')], {
      fields: 'name,target.hash',
    });
  }

  /** Branches of exactly this name: one, or none. */
  branchesCalled(slug: string, branch: string): URL {
    const name = branch.replace(/["\\]/gu, '\\$&');
    return this.below(slug, ['refs', 'branches'], { q: `name = "${name}"`, fields: 'values.name' });
  }

  /** The raw content of a file. */
  file(slug: string, revision: string, path: string): URL {
    return this.#repository(slug, ['src', revision, ...segmentsOf(path)], {});
  }

  /** What a listing would say of a file. */
  fileEntry(slug: string, revision: string, path: string): URL {
    return this.#repository(slug, ['src', revision, ...segmentsOf(path)], { format: 'meta' });
  }

  /** What is in a directory; `` is the root. */
  directory(
    slug: string,
    revision: string,
    directory: string,
    parameters: Readonly<Record<string, string>>,
  ): URL {
    // The trailing slash makes it a directory, for the root it is required.
    return this.#repository(slug, ['src', revision, ...segmentsOf(directory), ''], parameters);
  }

  #repository(
    slug: string,
    segments: readonly string[],
    parameters: Readonly<Record<string, string>>,
  ): URL {
    return this.#url(['repositories', this.workspace, slug, ...segments], parameters);
  }

  #url(segments: readonly string[], parameters: Readonly<Record<string, string>> = {}): URL {
    const path = segments.map(encodedSegment).join('/');
    const url = new URL(`${this.root}/${path}`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }
}

/** @throws TypeError for a path that leads out of its repository: URLs would resolve it silently */
function segmentsOf(path: string): readonly string[] {
  const clean = cleanPath(path);
  if (clean === null) throw new TypeError(`${path} leads out of its repository`);
  return clean === '' ? [] : clean.split('/');
}
