/** A request that failed, as far as somebody needs to know who looks into it. */
export interface RequestFacts {
  readonly method: string;
  /** Without the query, but for a filter that may be what was refused. */
  readonly address: string;
  /** What was answered; null: nothing. */
  readonly status: number | null;
  readonly attempts: number;
  /** By which the server's own log knows it; null where it names none. */
  readonly id: string | null;
}

/** What carries the facts of a failed request, where there are any. */
export interface WithRequest {
  readonly request?: RequestFacts;
}
