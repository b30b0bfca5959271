import type { RawItem } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Count } from '../listing/rest.js';
import { type Furnished, withUnreadable } from '../reading/furnished.js';
import type { ReadRequest } from '../source.js';
import { codeOwnersPaths, type ParsedCodeOwners, parseCodeOwners } from './code-owners.js';
import type { FileReads } from './file-reads.js';
import type { FileOutcome, RepositoryRevision, FileRepository } from './file-source.js';
import { cleanPath, within } from './paths.js';
import { codeOwnersField, includedFilesOf } from './selector-keys.js';

/** The kind of either Bitbucket that code owners are attached to. */
const repositoryKind = 'repository';

/** Files that the selector includes, by their paths from the repository's root. */
const includedFilesField = '__includedFiles';

/** Files that expressions name as `file://PATH`, by that path. */
const mappedFilesField = '__mappedFiles';

/** What files are attached as, which take requests of their own. */
export const attachedFields = [includedFilesField, mappedFilesField, codeOwnersField];

/** Where the files of an item are. */
export interface AttachmentFolder<Repository> extends Omit<
  RepositoryRevision<Repository>,
  'branch'
> {
  /** Null: the repository has none, so that it has no files. */
  readonly branch: string | null;
  /** What paths of `file://` count from; empty: the root. */
  readonly folder: string;
}

interface Wish {
  readonly field: string;
  readonly name: string;
  /** Counts from the folder of the item instead of the root. */
  readonly isBelowFolder: boolean;
  /** Wanted only where this one is not there. */
  readonly insteadOf: Wish | null;
}

/** Attaches files to the items of one reading. */
export class AttachedFiles<Repository extends FileRepository> {
  readonly #files: FileReads<Repository>;
  readonly #request: ReadRequest;
  readonly #wishes: readonly Wish[];
  readonly #wantsOwners: boolean;

  /** Wants nothing when no expression uses what it would attach. */
  constructor(files: FileReads<Repository>, request: ReadRequest) {
    const included = request.mentions(includedFilesField) ? includedFilesOf(request.selector) : [];
    const mapped = [...new Set(request.mappedFiles ?? [])];
    this.#files = files;
    this.#request = request;
    this.#wishes = [
      ...includedWishes(included, request.standIns ?? new Map()),
      ...mapped.map((name) => ({
        field: mappedFilesField,
        name,
        isBelowFolder: true,
        insteadOf: null,
      })),
    ];
    this.#wantsOwners = request.kind === repositoryKind && request.mentions(codeOwnersField);
    const paths = new Set(this.#wishes.map(({ name }) => cleanPath(name) ?? name));
    const owners = this.#wantsOwners ? codeOwnersPaths : [];
    files.announce((path) => paths.has(path) || owners.includes(path));
  }

  /** How many files of an item are read at the same time at most; 0: none is read at all. */
  get readsAtOnce(): number {
    const wishes = this.#wishes.filter(({ insteadOf }) => insteadOf === null);
    return wishes.length + (this.#wantsOwners ? 1 : 0);
  }

  /** Files that are read of every repository, whose paths all count from its root. */
  get paths(): readonly string[] {
    const paths = this.#wishes.flatMap(({ name, insteadOf }) =>
      insteadOf === null ? (cleanPath(name) ?? []) : [],
    );
    const owners = this.#wantsOwners ? codeOwnersPaths.slice(0, 1) : [];
    return [...new Set([...paths, ...owners])];
  }

  /**
   * A new item with the files: their text, or null for one that does not exist. A file that cannot be
   * read is left out, and told.
   * @throws HttpError only when nothing more can be read in this run
   */
  async attach(
    item: RawItem,
    place: AttachmentFolder<Repository>,
    count: Count,
  ): Promise<Furnished> {
    if (this.readsAtOnce === 0) return { item, problems: [] };
    const fields: Record<string, Record<string, string | null>> = {};
    const unreadable: string[] = [];
    const problems: Problem[] = [];
    const outcomes = this.#readAll(place, count);
    const owners = this.#wantsOwners ? await this.#codeOwners(place, count) : null;
    for (const [index, outcome] of (await Promise.all(outcomes)).entries()) {
      const wish = this.#wishes[index];
      if (wish === undefined) continue;
      const texts = (fields[wish.field] ??= {});
      if (outcome.type === 'unread') {
        unreadable.push(this.#unreadableToken(wish));
        problems.push(this.#problem(item, wish.name, outcome.reason));
      } else texts[wish.name] = outcome.type === 'text' ? outcome.text : null;
    }
    if (owners?.ok === false) {
      unreadable.push(codeOwnersField);
      problems.push(this.#problem(item, codeOwnersField, owners.reason));
    }
    const owned = owners?.ok === true ? { [codeOwnersField]: owners.value } : {};
    return {
      item: withUnreadable({ ...item, value: { ...item.value, ...fields, ...owned } }, unreadable),
      problems,
    };
  }

  /** A new item whose files are not read: what is mapped from them stays as it is. */
  without(item: RawItem): Furnished {
    if (this.readsAtOnce === 0) return { item, problems: [] };
    const fields = Object.fromEntries(this.#wishes.map(({ field }) => [field, {}]));
    const unreadable = [
      ...this.#wishes.map((wish) => this.#unreadableToken(wish)),
      ...(this.#wantsOwners ? [codeOwnersField] : []),
    ];
    const value = { ...item.value, ...fields };
    return { item: withUnreadable({ ...item, value }, unreadable), problems: [] };
  }

  /** One outcome for each wish, in order. */
  #readAll(place: AttachmentFolder<Repository>, count: Count): readonly Promise<FileOutcome>[] {
    const outcomes = new Map<Wish, Promise<FileOutcome>>();
    const outcomeOf = (wish: Wish): Promise<FileOutcome> => {
      const known = outcomes.get(wish);
      if (known !== undefined) return known;
      const { insteadOf } = wish;
      const outcome =
        insteadOf === null
          ? this.#read(wish, place, count)
          : outcomeOf(insteadOf).then((other) =>
              other.type === 'none' ? this.#read(wish, place, count) : NOT_WANTED,
            );
      outcomes.set(wish, outcome);
      return outcome;
    };
    return this.#wishes.map(outcomeOf);
  }

  async #read(
    { name, isBelowFolder }: Wish,
    { branch, folder, ...place }: AttachmentFolder<Repository>,
    count: Count,
  ): Promise<FileOutcome> {
    if (branch === null) return { type: 'none', missing: 'branch' };
    const path = isBelowFolder ? within(folder, name) : name;
    return await this.#files.read({ ...place, branch }, path, count);
  }

  /** Null: the repository names none. What cannot be read may name others than a later file does. */
  async #codeOwners(
    { repository, branch, commit }: AttachmentFolder<Repository>,
    count: Count,
  ): Promise<ParsedCodeOwners | { readonly ok: true; readonly value: null }> {
    if (branch === null) return { ok: true, value: null };
    for (const path of codeOwnersPaths) {
      const outcome = await this.#files.read({ repository, branch, commit }, path, count);
      if (outcome.type === 'unread') return { ok: false, reason: `${path}: ${outcome.reason}` };
      if (outcome.type === 'text') return parseCodeOwners(path, outcome.text);
    }
    return { ok: true, value: null };
  }

  /** The file alone where expressions name it, else everything that was attached with it. */
  #unreadableToken({ field, name }: Wish): string {
    return this.#request.mentions(name) ? name : field;
  }

  #problem(item: RawItem, attachment: string, reason: string): Problem {
    return {
      code: 'attachment-unreadable',
      resource: this.#request.resource,
      item: item.link ?? item.key,
      attachment,
      reason,
    };
  }
}

/** A file that counts for nothing, as another one is there, or may be. */
const NOT_WANTED: FileOutcome = { type: 'none', missing: 'path' };

function includedWishes(
  names: readonly string[],
  standIns: ReadonlyMap<string, string>,
): readonly Wish[] {
  const wishes = new Map<string, Wish>();
  const wishFor = (name: string): Wish => {
    const known = wishes.get(name);
    if (known !== undefined) return known;
    const other = standIns.get(name);
    const insteadOf = other === undefined || !names.includes(other) ? null : wishFor(other);
    const wish = { field: includedFilesField, name, isBelowFolder: false, insteadOf };
    wishes.set(name, wish);
    return wish;
  };
  return names.map(wishFor);
}
