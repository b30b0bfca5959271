import { z } from 'zod';
import type { Count, Rest } from '../../listing/rest.js';
import { HttpError } from '../../../http/http-error.js';
import { errorIn, httpError } from '../../failure.js';
import { endsReading } from '../describe-failure.js';
import type { ListedRepository } from '../items.js';
import type { Routes } from '../routes.js';
import { type FileOutcome, outcomeOf, unreadFor, unusable } from './file-outcome.js';
import { cleanPath } from './file-path.js';
import { isNotFound, type MissingThings } from './missing.js';
import type { Revisions } from './revisions.js';

/** Where in a repository files are read. */
export interface FilePlace {
  readonly repository: ListedRepository;
  readonly branch: string;
  /** The commit of the branch that a listing named; null: none did. */
  readonly commit: string | null;
}

/** Whether a reading will ask for a path. */
export type WantsPath = (path: string) => boolean;

/** Reads files, each once in a run even when several resources want it. */
export class FileReads {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #revisions: Revisions;
  readonly #missing: MissingThings;
  readonly #kept = new KeptTexts<FileOutcome>();
  readonly #wants: WantsPath[] = [];

  constructor(rest: Rest, routes: Routes, revisions: Revisions, missing: MissingThings) {
    this.#rest = rest;
    this.#routes = routes;
    this.#revisions = revisions;
    this.#missing = missing;
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
  async read(place: FilePlace, path: string, count: Count): Promise<FileOutcome> {
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

  async #read(place: FilePlace, path: string, count: Count): Promise<FileOutcome> {
    try {
      return await this.#ask(place, path, count);
    } catch (error) {
      const failure = httpError(error);
      if (endsReading(failure)) throw failure;
      return unreadFor(failure);
    }
  }

  /** @throws HttpError */
  async #ask(
    { repository, branch, commit }: FilePlace,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    const revision = commit ?? (await this.#revisions.of(repository, branch, count));
    if (revision === null) return { type: 'none', missing: 'branch' };
    const url = this.#routes.file(repository.slug, revision, path);
    const subject = `${path} of ${repository.name}`;
    try {
      const { body } = await this.#rest.text({ url, subject, count });
      const words = errorIn(body, /\.json$/i.test(path));
      if (words !== null) {
        throw new HttpError('malformed', subject, `answered with an error in its place: ${words}`);
      }
      return isDirectory(path, body) ? { type: 'none', missing: 'path' } : outcomeOf(body);
    } catch (error) {
      const failure = httpError(error);
      if (!isNotFound(failure)) throw failure;
      const missing = await this.#missing.of(failure, { repository, revision }, count);
      if (missing === 'unknown') throw failure;
      return { type: 'none', missing };
    }
  }
}

const listing = z.object({
  pagelen: z.number(),
  values: z.array(z.object({ type: z.string().startsWith('commit_'), path: z.string() })).min(1),
});

/**
 * Whether the answer to a question for a file is the listing of a directory of that path, which
 * Bitbucket gives without being asked for one. Git knows no empty directories.
 */
function isDirectory(path: string, text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.includes('"commit_')) return false;
  try {
    const { data } = listing.safeParse(JSON.parse(text));
    return (
      data?.values.every((entry) => entry.path.startsWith(path === '' ? '' : `${path}/`)) ?? false
    );
  } catch {
    return false;
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
