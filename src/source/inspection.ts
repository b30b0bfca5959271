/** What a Bitbucket tells of itself and of what the credentials may read, a tiny request each. */
export interface Inspection {
  /**
   * Null: it has none to tell, or does not tell it.
   * @throws HttpError `aborted`
   */
  version(): Promise<string | null>;
  /**
   * Asks for one item of a kind. `untried`: there is no repository to look into.
   * @throws ProblemError permission-refused, server-unavailable
   */
  tryKind(kind: string): Promise<'readable' | 'untried'>;
  /** Of the last answer; null before the first. */
  readonly headers: Headers | null;
}
