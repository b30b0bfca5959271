import { encodedSegment, isSegment } from '../segment.js';
import {
  LONGEST_PATH,
  type Placeholder,
  placeholderIn,
  takes,
  takesName,
  takesPath,
} from './asked.js';

/** What placeholders stand for. */
export type PathValues = Partial<Readonly<Record<Placeholder, string>>>;

/** What even an encoded segment must not stand for: some servers decode twice, or cut at a semicolon. */
const UNSAFE = /[/\\%;?#\p{Cc}]/u;

/** Whether one of the patterns takes the names of an address, where any stands for a placeholder. */
function takesNames(patterns: readonly string[], names: readonly string[]): boolean {
  return takes(patterns, names, (pattern, name) =>
    placeholderIn(pattern) !== null ? true : takesName(pattern, name),
  );
}

/** What may be asked of a Bitbucket, by the setting `sync.allowRequests`. */
export class AllowedRequests {
  readonly #patterns: readonly string[];
  readonly #base: string;
  readonly #below: string | null;

  /**
   * @param base the address of Bitbucket, without a trailing slash
   * @param below the name that every path of its API begins with; null: there is none
   */
  constructor(patterns: readonly string[], base: string, below: string | null) {
    this.#patterns = patterns;
    this.#base = base;
    this.#below = below;
  }

  /**
   * Where a path leads for a parent; null where it leads nowhere that is allowed.
   * @param path as the mapping writes it
   */
  url(path: readonly string[], values: PathValues): URL | null {
    if (!takesPath(this.#patterns, path)) return null;
    const names = path.map((segment) => {
      const placeholder = placeholderIn(segment);
      return placeholder === null ? segment : (values[placeholder] ?? '');
    });
    // Dots alone would lead to another path, which may be allowed as well.
    if (!names.every(isSegment)) return null;
    const url = new URL(`${this.#base}/${names.map(encodedSegment).join('/')}`);
    return this.allows(url) ? url : null;
  }

  /** Whether a request may go to the address, whoever named it: a mapping, a `next` page or a redirect. */
  allows(url: URL): boolean {
    const base = new URL(this.#base);
    const root = `${base.pathname.replace(/\/$/u, '')}/`;
    if (url.origin !== base.origin || url.username !== '' || url.password !== '') return false;
    if (!url.pathname.startsWith(root) || url.pathname.length > LONGEST_PATH) return false;
    const names = url.pathname.slice(root.length).split('/').map(decodedName);
    if (!names.every((name) => name !== null)) return false;
    if (this.#below !== null && names[0] !== this.#below) return false;
    return takesNames(this.#patterns, names);
  }
}

/** The name that a segment of an address stands for; null for what may stand for something else. */
function decodedName(segment: string): string | null {
  try {
    const name = decodeURIComponent(segment);
    return isSegment(name) && !UNSAFE.test(name) ? name : null;
  } catch {
    return null;
  }
}
