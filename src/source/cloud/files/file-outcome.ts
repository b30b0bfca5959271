import type { HttpError } from '../../../http/http-error.js';

/** The longest file that is passed on, in bytes. Port takes entities of up to 1 MiB. */
export const largestFileBytes = 1024 * 1024;

/** Why a file of more than that is not read. */
export const tooLarge = 'larger than 1 MiB';

/** How Git LFS marks what it keeps elsewhere (git-lfs, docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/';

export const keptInLfs = 'kept in Git LFS, so that the repository holds a pointer alone';
export const isBinary = 'a binary file';

/** What became of reading a file. `none`: there is no such file. */
export type FileOutcome =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'none' }
  | { readonly type: 'unread'; readonly reason: string };

/** A file's content, when it is a text that can be passed on. Line ends stay as they are. */
export function outcomeOf(text: string): FileOutcome {
  if (Buffer.byteLength(text) > largestFileBytes) return { type: 'unread', reason: tooLarge };
  if (text.startsWith(lfsPointer)) return { type: 'unread', reason: keptInLfs };
  return text.includes('\0') ? { type: 'unread', reason: isBinary } : { type: 'text', text };
}

/** Why a file could not be read. Bitbucket sends readers of Git LFS files to another origin. */
export function unreadFor({ failure, reason }: HttpError): FileOutcome {
  return {
    type: 'unread',
    reason:
      failure === 'foreign-origin' ? `${reason}; this is how files in Git LFS answer` : reason,
  };
}
