import { HttpError } from '../../http/http-error.js';
import type { JsonValue } from '../../model/json.js';
import type { ResourceReference } from '../../model/resource.js';
import type { Problem } from '../../problems/problem.js';
import { errorIn, httpError } from '../failure.js';
import type { Count, Rest } from '../listing/rest.js';
import { type Furnished, withUnreadable } from '../reading/furnished.js';
import { type FileSource, unnamedMain } from '../files/file-source.js';
import {
  describeFailure,
  endsReading,
  isWordedByOthers,
  saysThereIsNone,
} from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { pageBody } from './paging.js';
import type { Routes } from './routes.js';
import { attachmentFields, type AttachmentName } from './kinds/repository.js';

/** The longest readme that is passed on, in bytes. */
const readmeBytes = 1024 * 1024;

/** How much of attachments is kept for other resources, in characters; what is beyond is asked for again. */
const keptCharacters = 32 * 1024 * 1024;

/** What Bitbucket takes for a README, at the root alone. */
const readmeName = /^readme(?:\.(?:md|txt))?$/iu;

const atRoot = {
  branch: unnamedMain,
  isBranchOptional: false,
  directory: '',
  depth: 1,
  type: 'commit_file',
  paths: null,
} as const;

type Outcome =
  | { readonly type: 'read'; readonly value: JsonValue }
  | { readonly type: 'unread'; readonly reason: string };

/** Fetches attachments, each once even when several resources want it. */
export class Attachments {
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #files: Pick<FileSource<ListedRepository>, 'list'>;
  readonly #outcomes = new Map<string, Promise<Outcome>>();
  /** How many readings want each attachment. */
  readonly #wanted = new Map<AttachmentName, number>();
  #keptCharacters = 0;

  constructor(rest: Rest, routes: Routes, files: Pick<FileSource<ListedRepository>, 'list'>) {
    this.#rest = rest;
    this.#routes = routes;
    this.#files = files;
  }

  /** Tells ahead that a reading will ask for these: what several ask for is kept. */
  announce(names: readonly AttachmentName[]): void {
    for (const name of names) this.#wanted.set(name, (this.#wanted.get(name) ?? 0) + 1);
  }

  /**
   * A new item with the attachments. One that cannot be read is left out of it, listed as unread and
   * told.
   * @throws HttpError only when nothing more can be read in this run
   */
  async attach(
    repository: ListedRepository,
    names: readonly AttachmentName[],
    resource: ResourceReference,
    count: Count,
  ): Promise<Furnished> {
    const outcomes = await Promise.all(
      names.map(async (attachment) => ({
        attachment,
        outcome: await this.#outcome(repository, attachment, count),
      })),
    );
    const value: Record<string, JsonValue> = { ...repository.item.value };
    const unreadable: string[] = [];
    const problems: Problem[] = [];
    for (const { attachment, outcome } of outcomes) {
      const field = attachmentFields[attachment];
      if (outcome.type === 'read') value[field] = outcome.value;
      else {
        const { key, link } = repository.item;
        const { reason } = outcome;
        unreadable.push(field);
        problems.push({
          code: 'attachment-unreadable',
          resource,
          item: link ?? key,
          attachment: field,
          reason,
        });
      }
    }
    return { item: withUnreadable({ ...repository.item, value }, unreadable), problems };
  }

  #outcome(
    repository: ListedRepository,
    attachment: AttachmentName,
    count: Count,
  ): Promise<Outcome> {
    const key = `${attachment} ${repository.item.key}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const outcome = this.#read(repository, attachment, count);
    this.#outcomes.set(key, outcome);
    void outcome.then(
      (settled) => {
        this.#keep(attachment, key, settled);
      },
      () => undefined,
    );
    return outcome;
  }

  #keep(attachment: AttachmentName, key: string, outcome: Outcome): void {
    const value = outcome.type === 'read' ? outcome.value : null;
    const characters = typeof value === 'string' ? value.length : 0;
    const isFull = this.#keptCharacters + characters > keptCharacters;
    if (isFull || (this.#wanted.get(attachment) ?? 0) < 2) this.#outcomes.delete(key);
    else this.#keptCharacters += characters;
  }

  async #read(
    repository: ListedRepository,
    attachment: AttachmentName,
    count: Count,
  ): Promise<Outcome> {
    const isReadme = attachment === 'readme';
    try {
      const value = isReadme
        ? await this.#readme(repository, count)
        : await this.#latestCommit(repository, count);
      return { type: 'read', value };
    } catch (error) {
      const failure = httpError(error);
      if (endsReading(failure)) throw failure;
      if (saysThereIsNone(failure)) return { type: 'read', value: isReadme ? '' : null };
      return { type: 'unread', reason: describeFailure(failure) };
    }
  }

  /** Whether there is none, by the list of files at the root. */
  async #hasNoReadme(repository: ListedRepository, count: Count): Promise<boolean> {
    const { pages } = this.#files.list({ repository, ...atRoot }, count);
    for await (const page of pages)
      if (page.some(({ path }) => readmeName.test(path))) return false;
    return true;
  }

  async #readme(repository: ListedRepository, count: Count): Promise<string> {
    const subject = `readme of ${repository.name}`;
    const url = this.#routes.readme(repository);
    const answer = await this.#rest.text({ url, subject, count }).catch(async (error: unknown) => {
      const failure = httpError(error);
      const isNone = isWordedByOthers(failure) && (await this.#hasNoReadme(repository, count));
      if (isNone) return null;
      throw failure;
    });
    if (answer === null) return '';
    // A readme is sent as plain text: a web page is the sign-in page of a proxy.
    if (/^\s*text\/html\b/i.test(answer.headers.get('content-type') ?? '')) {
      throw new HttpError('login-page', subject, 'answered with a web page instead of a readme');
    }
    const words = errorIn(answer.body);
    if (words !== null) {
      throw new HttpError('malformed', subject, `answered with an error in its place: ${words}`);
    }
    if (Buffer.byteLength(answer.body) > readmeBytes) {
      throw new HttpError('too-large', subject, 'larger than 1 MiB');
    }
    return answer.body;
  }

  async #latestCommit(repository: ListedRepository, count: Count): Promise<JsonValue> {
    const subject = `latest commit of ${repository.name}`;
    const url = this.#routes.latestCommit(repository);
    const answer = await this.#rest.json({ url, subject, count }, pageBody);
    return answer.body?.values[0] ?? null;
  }
}
