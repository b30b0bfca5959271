/** How a kind or phase of a run stands, in Port's words. */
export type SyncState = 'syncing' | 'completed' | 'failed' | 'aborted';

/** What one resource came to, for Port's Data sources page. */
export interface KindCounts {
  readonly extracted: number;
  readonly transformed: number;
  readonly filteredOut: number;
  readonly notTransformed: number;
  readonly loaded: number;
  readonly notLoaded: number;
  readonly skipped: number;
}

/** A row of the page: a resource of the mapping, or a phase of the run. */
export interface PageRow {
  readonly kindIdentifier: string;
  readonly kind: string;
  readonly kindIndex: number;
  /** The expression of the mapping; empty for a phase. */
  readonly blueprint: string;
  readonly state: SyncState;
  readonly milliseconds: number;
  /** Null: a phase that counts nothing. */
  readonly counts: KindCounts | { readonly deleted: number } | null;
}

/** The phases that have a row of their own. */
export const PHASES = { run: '__runtime__', deletion: '__reconciliation__' } as const;

/** The row of a phase. */
export function phaseRow(
  name: (typeof PHASES)[keyof typeof PHASES],
  rest: Pick<PageRow, 'state' | 'milliseconds' | 'counts'>,
): PageRow {
  return { kindIdentifier: name, kind: name, kindIndex: 0, blueprint: '', ...rest };
}
