import type { Inspection } from '../../source/tiny-requests.js';
import type { Source } from '../../source/source.js';

/** A Bitbucket of either kind, ready to be asked. Nothing was sent yet. */
export interface BitbucketConnection {
  readonly source: Source;
  /** For those who only look. */
  readonly inspection: Inspection;
  /** In words: `Bitbucket Data Center https://bitbucket.example.com`. */
  readonly description: string;
  /** Requests over the wire so far, repeats included. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}
