import type { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import { addressOf, type PagePattern, partKind, WebPages } from '../addresses/web-pages.js';
import { leavesNothingOpen, type AddressRules, type Refusal } from '../addresses/asker.js';
import type { Address } from '../source.js';
import { describeFailure, exceptionOf, isCaptcha, serverWords } from './describe-failure.js';
import { itemOf } from '../kind.js';
import { serverKinds } from './kinds/index.js';
import type { ServerKind } from './kinds/kind.js';
import { project } from './kinds/project.js';
import { repository } from './kinds/repository.js';
import { user } from './kinds/user.js';
import type { Routes } from './routes.js';

/** Where something of a kind is; null where the segments name nothing. */
export function serverAddress(name: string, segments: readonly string[]): Address | null {
  if (segments.length === 0 || segments.includes('')) return null;
  const [projectKey = '', slug = ''] = segments;
  switch (name) {
    case project.name:
    case user.name:
      return addressOf(name, segments, null);
    case repository.name:
      return addressOf(name, segments, addressOf(project.name, [projectKey], null));
    default: {
      const above = serverAddress(repository.name, [projectKey, slug]);
      return segments.length < 3 || above === null ? null : addressOf(name, segments, above);
    }
  }
}

/**
 * Reads links of Data Center.
 * @param base what its pages are below unless links of living items look otherwise
 */
export function serverPages(base: string): WebPages {
  return new WebPages(serverKinds.flatMap(patternsOf).concat(parts()), serverAddress, base);
}

function patternsOf({ name, scope, pages }: ServerKind): readonly PagePattern[] {
  const own = pages.map((pattern) => ({ kind: name, pattern }));
  if (name === repository.name) {
    return [...own, ...pages.map((page) => ({ kind: name, pattern: `${page}/browse` }))];
  }
  if (scope === 'root') return own;
  return repository.pages.flatMap((above) => {
    return own.map(({ kind, pattern }) => ({ kind, pattern: `${above}/${pattern}` }));
  });
}

/** Whatever else there is in a repository. */
function parts(): readonly PagePattern[] {
  return repository.pages.map((above) => ({ kind: partKind, pattern: `${above}/{...}` }));
}

/** How Data Center is asked for something by its address. */
export function serverAddressRules(routes: Routes, pages: WebPages): AddressRules {
  const kindOf = (name: string): ServerKind | undefined =>
    serverKinds.find((kind) => kind.name === name);
  return {
    urlOf: ({ kind: name, segments }) => {
      const kind = kindOf(name);
      if (kind === undefined) return null;
      const [projectKey = '', slug = '', ...own] = segments;
      const above = ['projects', projectKey, 'repos', slug];
      if (kind === repository) return routes.item(above);
      return routes.item(
        kind.scope === 'root' ? [...kind.path, ...segments] : [...above, ...kind.path, ...own],
      );
    },
    shownAt: ({ kind: name, segments }, value) => {
      const kind = kindOf(name);
      const own = kind?.identify(value)?.segments;
      if (kind === undefined || own === undefined) return [];
      const home = kind.homeOf(value);
      const above = kind.scope === 'root' ? [] : home.length > 0 ? home : segments.slice(0, 2);
      // A personal project is known by its owner's name and by the one in links, which may differ.
      return [serverAddress(name, [...above, ...own]), linkedAddress(kind, value, pages)].flatMap(
        (address) => (address === null ? [] : [{ name: address.name, address }]),
      );
    },
    refusalOf,
    neighboursOf: ({ kind }) => routes.listing(kindOf(kind)?.path ?? project.path, {}, 1),
    describe: describeFailure,
  };
}

function linkedAddress(kind: ServerKind, value: JsonObject, pages: WebPages): Address | null {
  const link = itemOf(kind, value)?.item.link ?? null;
  const address = link === null ? null : pages.addressOf(link);
  // The page of a personal project is that of its owner.
  if (address?.kind === user.name && kind === project) return personalProject(address);
  return address?.kind === kind.name ? address : null;
}

/** The project of a user: the page of the one is the page of the other. */
export function personalProject({ segments: [slug = ''] }: Address): Address {
  return addressOf(project.name, [`~${slug}`], null);
}

function refusalOf(failure: HttpError): Refusal {
  const { status } = failure.details;
  const exception = exceptionOf(failure);
  if (exception === null || isCaptcha(failure)) return { type: 'unclear' };
  const missing = serverKinds.find((kind) => kind.missing === exception);
  if (status === 404 && missing !== undefined) {
    return { type: 'none', kind: missing.name, isPlain: leavesNothingOpen(serverWords(failure)) };
  }
  if (exception === 'RepositoryMovedException') return { type: 'moved' };
  const isKnown = !/authentication/i.test(exception);
  if ((status === 401 || status === 403) && isKnown) return { type: 'hidden', code: status };
  return { type: 'unclear' };
}
