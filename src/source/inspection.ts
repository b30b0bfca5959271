import type { AnswerHeaders } from '../http/answer-headers.js';
import type { RawItem } from '../model/page.js';

/** How asking for one item of a kind ended. */
export type TriedKind =
  /** `item`: the one that was shown, with what a run would read besides named as unread; null: none. */
  | { readonly status: 'readable'; readonly item: RawItem | null }
  /** There is no repository to look into. */
  | { readonly status: 'untried' };

/** What a Bitbucket tells of itself and of what the credentials may read, a tiny request each. */
export interface Inspection {
  /**
   * Null: it has none to tell, or does not tell it.
   * @throws HttpError `aborted`
   */
  version(): Promise<string | null>;
  /**
   * Asks for one item of a kind. What kinds share is asked for once.
   * @throws ProblemError permission-refused, server-unavailable
   */
  tryKind(kind: string): Promise<TriedKind>;
  /** Of the last answer; null before the first. */
  readonly headers: AnswerHeaders | null;
}
