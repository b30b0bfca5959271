import type { HttpError } from '../../http/http-error.js';
import { addressOf, type PagePattern, partKind, WebPages } from '../addresses/web-pages.js';
import { leavesNothingOpen, type AddressRules, type Refusal } from '../addresses/asker.js';
import type { Addressed } from '../listing/page.js';
import type { Address } from '../source.js';
import { CredentialsGone, saidOf, toldReason } from './describe-failure.js';
import { itemOf } from './items.js';
import { cloudKinds } from './kinds/index.js';
import type { CloudKind } from './kinds/kind.js';
import { repository } from './kinds/repository.js';
import type { Routes } from './routes.js';
import { scopesLacking } from './scopes.js';

/** What people's addresses begin with instead of the slug of a repository. */
const workspacePages = 'workspace';

/** Links and addresses of one workspace. Others are no address: credentials are good for this one. */
export class CloudAddresses {
  /** Null as long as nothing told it: a workspace may be set by its UUID, and links hold its slug. */
  #workspace: string | null;
  readonly #pages: WebPages;

  /**
   * @param workspace its slug, or its UUID in braces
   * @param api where the API is: pages are beside it unless links of living items look otherwise
   */
  constructor(workspace: string, api: URL) {
    this.#workspace = workspace.startsWith('{') ? null : workspace;
    this.#pages = new WebPages(
      cloudKinds.flatMap(patternsOf).concat(part),
      (name, segments) => this.to(name, segments),
      `${api.protocol}//${api.host.replace(/^api\./u, '')}`,
    );
  }

  /** Takes something that a listing of the workspace showed. */
  learn(kind: string, { segments, item: { link } }: Addressed): void {
    this.#workspace ??= segments[0] ?? null;
    this.#pages.learn(kind, segments, link);
  }

  /** Null for a link that leads elsewhere. */
  of(link: string): Address | null {
    return this.#pages.addressOf(link);
  }

  /** A repository by its slug. */
  repository(slug: string): Address | null {
    return this.#workspace === null ? null : this.to(repository.name, [this.#workspace, slug]);
  }

  /** Where something of a kind is; null where the segments name nothing in this workspace. */
  to(name: string, given: readonly string[]): Address | null {
    const kind = cloudKinds.find((each) => each.name === name);
    const isBeside = kind?.pages.some(isBesideWorkspaces) === true && given.length === 1;
    const segments = isBeside ? [this.#workspace ?? '', ...given] : given;
    const [workspace = '', slug = ''] = segments;
    if (segments.includes('') || segments.length < 2) return null;
    if (workspace.toLowerCase() !== this.#workspace?.toLowerCase()) return null;
    if (kind?.scope === 'root' && kind !== repository) return addressOf(name, segments, null);
    if (slug === workspacePages) return null;
    const above = addressOf(repository.name, [workspace, slug], null);
    if (name === repository.name) return above;
    return segments.length < 3 ? null : addressOf(name, segments, above);
  }

  /** How Bitbucket Cloud is asked for something by its address. */
  rules(routes: Routes): AddressRules {
    const kindOf = (name: string): CloudKind | undefined =>
      cloudKinds.find((kind) => kind.name === name);
    return {
      urlOf: ({ kind: name, segments }) => {
        const kind = kindOf(name);
        if (kind?.contents !== null) return null;
        const [, slug = '', ...own] = segments;
        return kind.scope === 'root'
          ? routes.listing([...kind.path, slug])
          : routes.below(slug, [...kind.path, ...own.flatMap((part) => part.split('/'))]);
      },
      shownAt: ({ kind: name, segments }, value) => {
        const kind = kindOf(name);
        const listed = kind === undefined ? null : itemOf(kind, value);
        if (kind === undefined || listed === null) return [];
        const [workspace = '', ...own] = listed.segments;
        const home = kind.homeOf(value)?.split('/') ?? segments.slice(0, 2);
        const shown =
          kind.scope === 'root'
            ? [workspace === '' ? (segments[0] ?? '') : workspace, ...own]
            : [...home, ...own];
        const address = this.to(name, shown);
        return [
          { name: address?.name ?? `${name.replace(/-/g, ' ')} ${shown.join('/')}`, address },
        ];
      },
      refusalOf,
      neighboursOf: ({ kind }) =>
        routes.listing(kindOf(kind)?.path ?? repository.path, {
          pagelen: '1',
          fields: `values.${kindOf(kind)?.smallest ?? 'uuid'}`,
        }),
      describe: toldReason,
    };
  }
}

const part: PagePattern = { kind: partKind, pattern: '{}/{}/{...}' };

/** Whether a page is below no workspace, such as that of a person. */
function isBesideWorkspaces(page: string): boolean {
  return page.startsWith('/');
}

function patternsOf({ name, scope, pages }: CloudKind): readonly PagePattern[] {
  const above = scope === 'root' ? '{}' : '{}/{}';
  return pages.map((page) => ({
    kind: name,
    pattern: isBesideWorkspaces(page) ? page.slice(1) : `${above}/${page}`,
  }));
}

/**
 * What a refusal says. A 404 for something at the root is no proof, however it is worded: Bitbucket
 * Cloud answers those who may not see it alike.
 */
function refusalOf(failure: HttpError, { kind, parent }: Address): Refusal {
  const { status, headers } = failure.details;
  const said = saidOf(failure);
  if (failure instanceof CredentialsGone || said === null) return { type: 'unclear' };
  const isLackingScope = headers !== undefined && scopesLacking(headers) !== null;
  if (status === 403 || (status === 404 && isLackingScope)) return { type: 'hidden', code: 403 };
  if (status !== 404) return { type: 'unclear' };
  return { type: 'none', kind, isPlain: parent !== null && leavesNothingOpen(said) };
}
