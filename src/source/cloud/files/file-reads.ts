import type { Count, Rest } from '../../listing/rest.js';
import { HttpError } from '../../../http/http-error.js';
import { errorIn } from '../../error-answer.js';
import { httpError } from '../../failure.js';
import { endsReading } from '../describe-failure.js';
import type { ListedRepository } from '../items.js';
import type { Routes } from '../routes.js';
import { isDirectory } from './directory-answer.js';
import { outcomeOf, unreadFor, unusable, type FileOutcome } from './file-outcome.js';
import { cleanPath } from './file-path.js';
import { KeptTexts } from './kept-texts.js';
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
