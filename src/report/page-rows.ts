import type { ResourceCounts, RunEvent } from '../model/event.js';
import {
  PHASES,
  phaseRow,
  type KindCounts,
  type PageRow,
  type SyncState,
} from '../model/page-row.js';
import type { ResourceReference } from '../model/resource.js';
import type { RunSummary } from '../model/summary.js';

/** What became of an item that is no entity, and is counted among those that failed. */
const MAPPING_FAILURES: ReadonlySet<string> = new Set([
  'selector-failed',
  'identity-failed',
  'blueprint-unlisted',
  'item-failed',
  'item-given-up',
]);

/** A resource of the mapping while the run goes on. */
interface ResourceRow {
  readonly reference: ResourceReference;
  readonly blueprint: string;
  state: SyncState;
  startedAt: number | null;
  endedAt: number | null;
  counts: ResourceCounts | null;
  mappingFailures: number;
}

/** Keeps what Port's Data sources page shows of a run: a row for each resource, and for its phases. */
export class PageRows {
  readonly #resources = new Map<number, ResourceRow>();
  /** When the last resource ended, which the deletions begin after. */
  #loadedAt: number | null = null;

  /** @param startedAt when the run began, in milliseconds since the epoch */
  constructor(private readonly startedAt: number) {}

  /** The resources that are loaded, with the expressions of their blueprints. */
  open(resources: readonly Pick<ResourceRow, 'reference' | 'blueprint'>[]): void {
    for (const { reference, blueprint } of resources) {
      this.#resources.set(reference.index, {
        reference,
        blueprint,
        state: 'syncing',
        startedAt: null,
        endedAt: null,
        counts: null,
        mappingFailures: 0,
      });
    }
  }

  /** @returns the row of the resource that the event ended; null for any other event */
  take(event: RunEvent): PageRow | null {
    if (event.type === 'problem' && MAPPING_FAILURES.has(event.problem.code)) {
      const index = 'resource' in event.problem ? event.problem.resource.index : -1;
      const failed = this.#resources.get(index);
      if (failed !== undefined) failed.mappingFailures += 1;
    }
    if (!('resource' in event)) return null;
    const row = this.#resources.get(event.resource.index);
    if (row === undefined) return null;
    row.startedAt ??= event.at;
    if (event.type === 'resource-started') return null;
    row.counts = event.counts;
    if (event.type !== 'resource-ended') return null;
    row.endedAt = event.at;
    this.#loadedAt = event.at;
    row.state = event.status === 'complete' ? 'completed' : 'failed';
    return rowOf(row, event.at);
  }

  /** All rows as they are while the run begins. */
  begun(now: number): readonly PageRow[] {
    const resources = [...this.#resources.values()].map((row) => rowOf(row, now));
    return [this.#run('syncing', now), ...resources];
  }

  /**
   * What is left to tell of a run that is over.
   * @param state what became of the run
   */
  ended(
    state: SyncState,
    summary: RunSummary | null,
    now: number,
  ): { readonly resources: readonly PageRow[]; readonly phases: readonly PageRow[] } {
    const open = [...this.#resources.values()].filter(({ endedAt }) => endedAt === null);
    const unended = state === 'completed' ? 'failed' : state;
    return {
      resources: open.map((row) => rowOf({ ...row, state: unended }, now)),
      phases: [...this.#deletions(state, summary, now), this.#run(state, now)],
    };
  }

  #run(state: SyncState, now: number): PageRow {
    return phaseRow(PHASES.run, { state, milliseconds: now - this.startedAt, counts: null });
  }

  #deletions(state: SyncState, summary: RunSummary | null, now: number): readonly PageRow[] {
    if (summary === null) return [];
    const milliseconds = now - (this.#loadedAt ?? now);
    const inResources = summary.resources.map(({ counts }) => counts.deleted);
    const deleted = inResources.reduce((sum, count) => sum + count, summary.deletedElsewhere);
    return [phaseRow(PHASES.deletion, { state, milliseconds, counts: { deleted } })];
  }
}

function rowOf(row: ResourceRow, now: number): PageRow {
  const { kind, index } = row.reference;
  return {
    kindIdentifier: `${kind}-${index}`,
    kind,
    kindIndex: index,
    blueprint: row.blueprint,
    state: row.state,
    milliseconds: row.startedAt === null ? 0 : now - row.startedAt,
    counts: countsOf(row),
  };
}

function countsOf({ counts, mappingFailures }: ResourceRow): KindCounts {
  const notTransformed = Math.min(mappingFailures, counts?.failed ?? 0);
  return {
    extracted: counts?.fetched ?? 0,
    transformed: counts?.mapped ?? 0,
    filteredOut: counts?.unselected ?? 0,
    notTransformed,
    loaded: (counts?.created ?? 0) + (counts?.updated ?? 0) + (counts?.searched ?? 0),
    notLoaded: (counts?.failed ?? 0) - notTransformed,
    skipped: counts?.unchanged ?? 0,
  };
}
