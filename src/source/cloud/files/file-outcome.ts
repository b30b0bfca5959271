import type { HttpError } from '../../../http/http-error.js';

/** The longest file that is passed on, in bytes. Port takes entities of up to 1 MiB. */
export const largestFileBytes = 1024 * 1024;

/** Why a file of more than that is not read. */
export const tooLarge = 'larger than 1 MiB';

/** How Git LFS marks what it keeps elsewhere (git-lfs, docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/';

export const keptInLfs = 'kept in Git LFS, so that the repository holds a pointer alone';
export const isBinary = 'a binary file';

/** What became of reading a file. */
export type FileOutcome =
  | { readonly type: 'text'; readonly text: string }
  /** There is no such file; `branch`: as there is no such branch. */
  | { readonly type: 'none'; readonly missing: 'path' | 'branch' }
  | {
      readonly type: 'unread';
      readonly reason: string;
      /** Null: the file is there, and cannot be used. Otherwise nobody knows whether it is there. */
      readonly failure: HttpError | null;
    };

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
export function unreadFor(error: HttpError): FileOutcome {
  const { failure, reason } = error;
  if (failure === 'too-large') return unusable(tooLarge);
  if (failure === 'foreign-origin') {
    return unusable(`${reason}; this is how files in Git LFS answer`);
  }
  return { type: 'unread', reason, failure: error };
}
