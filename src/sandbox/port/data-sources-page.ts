import { z } from 'zod';
import { Refusal } from './refusal.js';

/** What one kind or phase of a run came to, as Port's Data sources page shows it. */
export type PageMetrics = z.output<typeof kindMetrics>;

/** A line of the log on the page. */
export type PageLogLine = z.output<typeof logLine>;

/** Port's Data sources page: what runs told of themselves. */
export class DataSourcesPage {
  readonly lines: PageLogLine[] = [];
  readonly beats: string[] = [];
  readonly #rows = new Map<string, PageMetrics>();

  /** The latest of each kind and phase of each run, in the order in which they were first told. */
  rows(): readonly PageMetrics[] {
    return [...this.#rows.values()];
  }

  put(metrics: PageMetrics): void {
    this.#rows.set(`${metrics.eventId} ${metrics.kindIdentifier}`, metrics);
  }

  /** @throws Refusal for a row that was never told of */
  replace(metrics: PageMetrics): void {
    if (!this.#rows.has(`${metrics.eventId} ${metrics.kindIdentifier}`)) {
      throw new Refusal(404, 'not_found', `${metrics.kindIdentifier} is not of this resync`);
    }
    this.put(metrics);
  }

  clear(): void {
    this.lines.length = 0;
    this.beats.length = 0;
    this.#rows.clear();
  }
}

const count = z.strictObject({ object_count: z.int().nonnegative() });

/** What was counted in a phase, by the names that the container gives it. */
function counted(...names: readonly string[]) {
  return z.strictObject({
    object_count_type: z.strictObject(Object.fromEntries(names.map((name) => [name, count]))),
  });
}

const phases = z.strictObject({
  resync: z.strictObject({
    duration_seconds: z.number().nonnegative(),
    success: z.literal([0, 1]),
  }),
  extract: counted('raw_extracted').optional(),
  transform: counted('transformed', 'filtered_out', 'failed').optional(),
  load: counted('loaded', 'failed', 'skipped').optional(),
  delete: counted('deleted').optional(),
});

/** What one kind or phase came to. Not in the reference: what Port's own exporter sends. */
export const kindMetrics = z.looseObject({
  integrationType: z.string().min(1),
  installationType: z.literal('OnPrem'),
  executionMode: z.literal('single_process'),
  integrationIdentifier: z.string().min(1),
  integrationVersion: z.string().min(1),
  oceanVersion: z.string().min(1),
  kindIdentifier: z.string().min(1),
  kind: z.string().min(1),
  kindIndex: z.int().nonnegative(),
  eventId: z.guid(),
  syncState: z.enum(['pending', 'syncing', 'completed', 'failed', 'aborted']),
  blueprint: z.string(),
  metrics: z.looseObject({ phase: phases }),
});

export const logLine = z.strictObject({
  message: z.string().min(1),
  level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
  timestamp: z.iso.datetime(),
  extra: z.looseObject({ instance: z.string().min(1) }),
});
