import type { Address } from '../source.js';
import { encodedSegment } from '../segment.js';

/**
 * Where the pages of a kind are, below the part of the address that all pages share:
 * `projects/{}/repos/{}`. `{}` stands for one segment of the address, `{~}` for one that begins with
 * a tilde there, `{...}` for all that is left.
 */
export interface PagePattern {
  readonly kind: string;
  readonly pattern: string;
}

/** How a source makes an address of a kind out of its segments. */
export type MakeAddress = (kind: string, segments: readonly string[]) => Address | null;

/** More of them than any Bitbucket has: one that gives every link another look is not believed. */
const mostPrefixes = 4;

/**
 * Knows how links look, from the links of living items, and reads links. Only what is known to be
 * where its link leads teaches anything: the base of the API may be another than that of the pages.
 */
export class WebPages {
  readonly #patterns: readonly PagePattern[];
  readonly #addressTo: MakeAddress;
  readonly #assumed: WebLocation | null;
  readonly #prefixes: WebLocation[] = [];

  /**
   * @param assumed what links begin with as long as nothing alive has shown a link: credentials that see
   *   nothing any more must ask all the same. One that is wrong leads nowhere
   */
  constructor(patterns: readonly PagePattern[], addressTo: MakeAddress, assumed: string) {
    this.#patterns = patterns;
    this.#addressTo = addressTo;
    this.#assumed = placeOf(assumed);
  }

  /** What the links of this run begin with, such as `https://bitbucket.example.com/git`. */
  get prefixes(): readonly string[] {
    return this.#prefixes.map(({ origin, path }) => [origin, ...path].join('/'));
  }

  /** Takes the own link of something alive, of which is known where it is. */
  learn(kind: string, segments: readonly string[], link: string | null): void {
    const wanted = this.#addressTo(kind, segments);
    const page = link === null ? null : placeOf(link);
    if (wanted === null || page === null || this.#prefixes.length >= mostPrefixes) return;
    const isAt = (prefix: WebLocation): boolean =>
      this.#pagesBelow(prefix, page).some((found) => {
        return found.kind === kind && this.#addressTo(kind, found.segments)?.key === wanted.key;
      });
    if (this.#prefixes.some(isAt)) return;
    const { origin, path } = page;
    const all = path.map((_, length) => ({ origin, path: path.slice(0, length) }));
    const prefix = all.find(isAt);
    if (prefix !== undefined) this.#prefixes.push(prefix);
  }

  /**
   * Null for what leads elsewhere. A page that is shown in another way (`?at=`) is another page: a part of
   * what it shows.
   */
  addressOf(link: string): Address | null {
    const page = placeOf(link);
    if (page === null) return null;
    const known = this.#prefixes.length > 0 ? this.#prefixes : [this.#assumed];
    for (const prefix of known.filter((one) => one !== null)) {
      for (const { kind, segments } of this.#pagesBelow(prefix, page)) {
        if (page.shown !== '' && kind !== partKind) continue;
        const [last = '', ...above] = [...segments].reverse();
        const address = this.#addressTo(kind, [...above.reverse(), `${last}${page.shown}`]);
        if (address !== null) return address;
      }
    }
    return null;
  }

  #pagesBelow(
    prefix: WebLocation,
    { origin, path }: WebLocation,
  ): readonly { kind: string; segments: readonly string[] }[] {
    if (origin !== prefix.origin) return [];
    if (prefix.path.some((segment, index) => !isSame(segment, path[index]))) return [];
    const page = path.slice(prefix.path.length).map(decodeURIComponent);
    if (page.some(leadsAway)) return [];
    return this.#patterns.flatMap(({ kind, pattern }) => {
      const segments = matched(pattern.split('/'), page);
      return segments === null ? [] : [{ kind, segments }];
    });
  }
}

interface WebLocation {
  readonly origin: string;
  /** Segments as they are written. */
  readonly path: readonly string[];
}

/** Null for what is no address of a page. `shown`: how it is to be shown, where the link says so. */
function placeOf(link: string): (WebLocation & { readonly shown: string }) | null {
  if (!URL.canParse(link)) return null;
  const { origin, protocol, pathname, search } = new URL(link);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const path = pathname.split('/').filter((segment) => segment !== '');
  return path.every(isDecodable) ? { origin, path, shown: search } : null;
}

/** A segment that would be another path once it is decoded. */
function leadsAway(segment: string): boolean {
  return segment.includes('/') || /^\.+$/.test(segment);
}

function isDecodable(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}

/** What stands for the places of a pattern; null where the page does not meet the pattern. */
function matched(pattern: readonly string[], page: readonly string[]): readonly string[] | null {
  const takesRest = pattern.at(-1) === '{...}';
  const isLong = takesRest ? page.length >= pattern.length : page.length === pattern.length;
  if (!isLong) return null;
  const segments: string[] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = page[index];
    if (segment === undefined) return null;
    if (part === '{...}') segments.push(page.slice(index).join('/'));
    else if (part === '{}') segments.push(segment);
    else if (part === '{~}') segments.push(`~${segment}`);
    else if (!isSame(part, segment)) return null;
  }
  return segments;
}

/** Both servers look names up whatever their case. */
function isSame(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

/** The kind of addresses in a repository that nothing can be asked for by. */
export const partKind = 'part';

/**
 * An address of the segments from the top. Names at the root, and those of repositories, are the same
 * whatever their case; what is below a repository by its case.
 */
export function addressOf(
  kind: string,
  segments: readonly string[],
  parent: Address | null,
): Address {
  const own = segments.slice(parent?.segments.length ?? 0);
  const isRepository = kind === 'repository';
  const isBelow = parent !== null && !isRepository;
  const noun = kind.replace(/-/g, ' ');
  const name = isBelow
    ? `${noun} ${own.join('/')} of ${parent.segments.join('/')}`
    : `${noun} ${segments.join('/')}`;
  const encoded = (isBelow ? own : segments.map((segment) => segment.toLowerCase())).map(
    encodedSegment,
  );
  const key = isBelow
    ? `${kind} ${parent.key.slice(parent.kind.length + 1)}/${encoded.join('/')}`
    : `${kind} ${encoded.join('/')}`;
  return { kind, name, key, parent, segments };
}
