import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { Problem } from '../../problems/problem.js';
import type { Count } from '../listing/rest.js';
import { withUnreadable } from '../reading/furnished.js';
import type { ReadRequest } from '../source.js';
import { AttachedFiles } from './attached-files.js';
import { type FileReads, isBinary, keptInLfs, tooLarge, unusable } from './file-reads.js';
import {
  type FileOutcome,
  type FileRepository,
  missingBranch,
  type TreeEntry,
} from './file-source.js';
import { excessOf, linesOfParts, type ParsedFile, parseFile } from './parse-file.js';
import { cleanPath, folderOf, within } from './paths.js';
import { blueprintsOf } from './selector-keys.js';

/** Where what a file holds stands in its item. */
export const contentField = 'content';

/** Characters of content that weigh as much as an ordinary item. */
const charactersPerWeight = 4_096;

/** A file that was found on a branch. */
export interface FoundFile<Repository> {
  readonly repository: Repository;
  readonly branch: string;
  readonly entry: TreeEntry;
  readonly link: string | null;
}

/** What became of a file: an item, nothing as it does not exist, or left out for its size. */
export type FileItem =
  | {
      readonly type: 'item';
      readonly item: RawItem;
      readonly problems: readonly Problem[];
      readonly weight: number;
    }
  | { readonly type: 'none' }
  | { readonly type: 'too large' };

/** Makes items of files: `{content, repo, branch, metadata}`. */
export class FileItems<Repository extends FileRepository> {
  readonly #files: FileReads<Repository>;
  readonly #request: ReadRequest;
  readonly #skipParsing: boolean;
  readonly #isBounded: boolean;
  readonly #attached: AttachedFiles<Repository>;

  constructor(files: FileReads<Repository>, request: ReadRequest, skipParsing: boolean) {
    this.#files = files;
    this.#request = request;
    this.#skipParsing = skipParsing;
    this.#isBounded = blueprintsOf(request.selector) !== null;
    this.#attached = new AttachedFiles(files, request);
  }

  /**
   * Reads a file and what it refers to. Content that cannot be read or parsed is null in the item,
   * named as unread, and told.
   * @param isListed whether a listing showed it, so that it is there
   * @throws HttpError when nothing more can be read in this run, or when it stays open whether a file
   * that no listing showed is there
   */
  async make(found: FoundFile<Repository>, isListed: boolean, count: Count): Promise<FileItem> {
    const { repository, branch, entry } = found;
    const isWanted = !isListed || this.#request.mentions(contentField);
    const outcome = isWanted ? await this.#read(found, entry.path, count) : null;
    if (!isListed && !isThere(found, outcome)) return { type: 'none' };
    if (outcome?.type === 'unread' && outcome.reason === tooLarge) return { type: 'too large' };
    const parsed =
      outcome === null
        ? ({ ok: true, value: null } as const)
        : await this.#contentOf(found, outcome, count);
    const { problems, ...made } = this.#itemOf(found, parsed, await this.#nameOf(found, count));
    const parts = outcome?.type === 'text' ? this.#partsOf(found, outcome.text) : [];
    const item = parts.length === 0 ? made.item : { ...made.item, parts };
    const place = { repository, branch, commit: entry.commit, folder: '' };
    const attached = await this.#attached.attach(item, place, count);
    const characters = outcome?.type === 'text' ? outcome.text.length : 0;
    return {
      type: 'item',
      item: attached.item,
      problems: [...problems, ...attached.problems],
      weight: 1 + characters / charactersPerWeight,
    };
  }

  async #read(
    { repository, branch, entry }: FoundFile<Repository>,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    const { attributes, commit } = entry;
    if (path === entry.path && attributes.includes('lfs')) {
      return unusable(keptInLfs);
    }
    if (path === entry.path && attributes.includes('binary')) {
      return unusable(isBinary);
    }
    return await this.#files.read({ repository, branch, commit }, path, count);
  }

  async #contentOf(
    found: FoundFile<Repository>,
    outcome: FileOutcome,
    count: Count,
  ): Promise<ParsedFile> {
    const { path } = found.entry;
    if (outcome.type === 'none') return { ok: false, reason: 'gone before it was read' };
    if (outcome.type === 'unread') return { ok: false, reason: outcome.reason };
    if (this.#skipParsing) return { ok: true, value: outcome.text };
    const parsed = parseFile(path, outcome.text);
    if (!parsed.ok) return parsed;
    return await withReferences(path, parsed.value, (file) => this.#read(found, file, count));
  }

  /** Where its documents, or the members of its list, begin: those whose blueprints it names itself. */
  #partsOf({ repository, branch, entry }: FoundFile<Repository>, text: string): readonly string[] {
    if (!this.#isBounded || this.#skipParsing) return [];
    const place = { repository, branch, commit: entry.commit };
    const { source } = this.#files;
    return linesOfParts(text).flatMap((line) => source.linkTo(place, entry.path, line) ?? []);
  }

  /** What the branch is called may take a request. */
  async #nameOf({ repository, branch }: FoundFile<Repository>, count: Count): Promise<string> {
    if (!this.#request.mentions('branch')) return branch;
    return await this.#files.source.nameOf(repository, branch, count);
  }

  #itemOf(
    found: FoundFile<Repository>,
    parsed: ParsedFile,
    branch: string,
  ): { readonly item: RawItem; readonly problems: readonly Problem[] } {
    if (parsed.ok) return { item: fileItem(found, branch, parsed.value), problems: [] };
    const item = fileItem(found, branch, null);
    const problem: Problem = {
      code: 'attachment-unreadable',
      resource: this.#request.resource,
      item: item.link ?? item.key,
      attachment: contentField,
      reason: parsed.reason,
    };
    return { item: withUnreadable(item, [contentField]), problems: [problem] };
  }
}

/**
 * What mappings see of a file: `{content, repo, branch, metadata}`.
 * @param branch what its branch is called
 */
export function fileItem<Repository extends FileRepository>(
  { repository, entry, link, ...found }: FoundFile<Repository>,
  branch: string,
  content: JsonValue,
): RawItem {
  return {
    key: `${repository.item.key}:${found.branch}:${entry.path}`,
    link,
    value: {
      content,
      repo: repository.item.value,
      branch,
      metadata: withRepository(entry.item.value, repository.item.value),
    },
  };
}

/**
 * Whether a file that no listing showed is there.
 * @throws HttpError when that stays open
 */
function isThere<Repository extends FileRepository>(
  { repository, branch }: FoundFile<Repository>,
  outcome: FileOutcome | null,
): boolean {
  if (outcome?.type === 'unread' && outcome.failure !== null) throw outcome.failure;
  if (outcome?.type !== 'none') return true;
  if (outcome.missing === 'branch') throw missingBranch(repository, branch);
  return false;
}

/** Code search, which files used to be found with, named the repository inside of the commit. */
function withRepository(metadata: JsonObject, repository: JsonObject): JsonObject {
  const { commit } = metadata;
  if (!isJsonObject(commit) || 'repository' in commit) return metadata;
  const shown = ['type', 'name', 'full_name', 'uuid', 'links', 'mainbranch'];
  const named = Object.fromEntries(shown.map((field) => [field, repository[field] ?? null]));
  return { ...metadata, commit: { ...commit, repository: named } };
}

const prefix = 'file://';

/** How many files one may refer to: each takes a request. */
const mostReferences = 200;

/** How much of a reference is told, in characters. It is content of a file. */
const toldCharacters = 120;

type Read = (path: string) => Promise<FileOutcome>;

/**
 * Content whose values of the form `file://PATH` are replaced by the files that they name: counted from
 * the file's own folder, parsed when they are JSON, null when they do not exist. Looks, as today's
 * integration does, at the members of an object, or of each object of a list.
 */
async function withReferences(path: string, content: JsonValue, read: Read): Promise<ParsedFile> {
  const references = referencesIn(content);
  if (references.length === 0) return { ok: true, value: content };
  if (references.length > mostReferences) {
    return { ok: false, reason: `refers to more than ${mostReferences} other files` };
  }
  const reading = references.map(
    async (reference) => [reference, await referenced(path, reference, read)] as const,
  );
  const files = new Map(await Promise.all(reading));
  const faults = [...files].flatMap(([reference, file]) =>
    file.ok ? [] : [`${reference.slice(0, toldCharacters)}: ${file.reason}`],
  );
  const [fault] = faults.sort();
  if (fault !== undefined) return { ok: false, reason: fault };
  const value = replaced(content, files);
  const excess = excessOf(value);
  return excess === null ? { ok: true, value } : { ok: false, reason: excess };
}

/** Each once. */
function referencesIn(content: JsonValue): readonly string[] {
  const objects = isJsonArray(content) ? content : [content];
  const values = objects.flatMap((each) => (isJsonObject(each) ? Object.values(each) : []));
  return [...new Set(values.filter(isReference))];
}

function replaced(content: JsonValue, files: ReadonlyMap<string, ParsedFile>): JsonValue {
  if (isJsonArray(content)) {
    return content.map((entry) => (isJsonObject(entry) ? replaced(entry, files) : entry));
  }
  if (!isJsonObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => {
      const file = isReference(value) ? files.get(value) : undefined;
      return [name, file?.ok === true ? file.value : value];
    }),
  );
}

function isReference(value: JsonValue): value is string {
  return typeof value === 'string' && value.startsWith(prefix);
}

async function referenced(from: string, reference: string, read: Read): Promise<ParsedFile> {
  const path = cleanPath(within(folderOf(from), reference.slice(prefix.length)));
  if (path === null) return { ok: false, reason: 'leads out of the repository' };
  const outcome = await read(path);
  if (outcome.type === 'unread') return { ok: false, reason: outcome.reason };
  if (outcome.type === 'none') return { ok: true, value: null };
  return /\.json$/i.test(path) ? parseFile(path, outcome.text) : { ok: true, value: outcome.text };
}
