import type { HttpError } from '../../http/http-error.js';
import { httpError } from '../failure.js';
import type { Count } from '../listing/rest.js';
import type { FileOutcome, RepositoryRevision, FileRepository, FileSource } from './file-source.js';
import { cleanPath } from './paths.js';

/** The longest file that is passed on, in bytes. Port takes entities of up to 1 MiB. */
export const largestFileBytes = 1024 * 1024;

/** Why a file of more than that is not read. */
export const tooLarge = 'larger than 1 MiB';

/** How Git LFS marks what it keeps elsewhere (git-lfs, docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/';

export const keptInLfs = 'kept in Git LFS, so that the repository holds a pointer alone';
export const isBinary = 'a binary file';

/** A file's content, when it is a text that can be passed on. Line ends stay as they are. */
export function outcomeOf(text: string): FileOutcome {
  if (Buffer.byteLength(text) > largestFileBytes) return unusable(tooLarge);
  if (text.startsWith(lfsPointer)) return unusable(keptInLfs);
  return text.includes('\0') ? unusable(isBinary) : { type: 'text', text };
}

/** A file that is there, and cannot be used. */
export function unusable(reason: string): FileOutcome {
  return { type: 'unread', reason, failure: null };
}

/** Why a file could not be read. Bitbucket sends readers of Git LFS files to another origin. */
function unreadableFor(error: HttpError, reason: string): FileOutcome {
  if (error.failure === 'too-large') return unusable(tooLarge);
  if (error.failure === 'foreign-origin') {
    return unusable(`${reason}; this is how files in Git LFS answer`);
  }
  return { type: 'unread', reason, failure: error };
}

/** Whether a reading will ask for a path. */
export type WantsPath = (path: string) => boolean;

/** Reads files, each once in a run even when several resources want it. */
export class FileReads<Repository extends FileRepository> {
  readonly source: FileSource<Repository>;
  readonly #kept = new KeptTexts<FileOutcome>();
  readonly #wants: WantsPath[] = [];

  constructor(source: FileSource<Repository>) {
    this.source = source;
  }

  /** Tells ahead which paths a reading will ask for: what several ask for is kept. */
  announce(wants: WantsPath): void {
    this.#wants.push(wants);
  }

  /**
   * The file at a path from the repository's root, as the branch holds it: at the commit that `place`
   * names, unless it was read in this run before.
   * @throws HttpError only when nothing more can be read in this run
   */
  async read(
    place: RepositoryRevision<Repository>,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    const clean = cleanPath(path);
    if (clean === null) return unusable('leads out of the repository');
    const key = `${place.repository.item.key}\n${place.branch}\n${clean}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return await known;
    const outcome = this.#read(place, clean, count);
    const isShared = this.#wants.filter((wants) => wants(clean)).length > 1;
    this.#kept.set(key, outcome, isShared, (settled) =>
      settled.type === 'text' ? settled.text.length : 0,
    );
    return await outcome;
  }

  async #read(
    place: RepositoryRevision<Repository>,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    try {
      return await this.source.read(place, path, count);
    } catch (error) {
      const failure = httpError(error);
      if (this.source.endsReading(failure)) throw failure;
      return unreadableFor(failure, this.source.describe(failure));
    }
  }
}

/** How many characters of what several resources want are kept, and of everything else. */
const sharedCharacters = 32 * 1024 * 1024;
const recentCharacters = 2 * 1024 * 1024;

/**
 * Remembers what was read within bounds: what several want until there is no more room, anything else
 * for a while.
 */
export class KeptTexts<Value> {
  readonly #values = new Map<string, Promise<Value>>();
  /** In the order in which they were read. */
  readonly #recent = new Map<string, number>();
  #shared = 0;
  #recentSum = 0;

  get(key: string): Promise<Value> | undefined {
    return this.#values.get(key);
  }

  /**
   * @param isShared whether others will come for it
   * @param sizeOf in characters
   */
  set(
    key: string,
    value: Promise<Value>,
    isShared: boolean,
    sizeOf: (value: Value) => number,
  ): void {
    this.#values.set(key, value);
    void value.then(
      (settled) => {
        this.#settle(key, isShared, sizeOf(settled));
      },
      () => undefined,
    );
  }

  #settle(key: string, isShared: boolean, size: number): void {
    if (isShared && this.#shared + size <= sharedCharacters) {
      this.#shared += size;
      return;
    }
    this.#recent.set(key, size);
    this.#recentSum += size;
    for (const [oldest, characters] of this.#recent) {
      if (this.#recentSum <= recentCharacters) return;
      this.#recent.delete(oldest);
      this.#recentSum -= characters;
      this.#values.delete(oldest);
    }
  }
}
