import { z } from 'zod';
import { Refusal } from '../refusal.js';
import { route, success, type Route } from '../route.js';
import type { PortState } from '../state.js';

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
const kindMetrics = z.looseObject({
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

const logLine = z.strictObject({
  message: z.string().min(1),
  level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
  timestamp: z.iso.datetime(),
  extra: z.looseObject({ instance: z.string().min(1) }),
});

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

/** The addresses that integrations name: a host of their own, which takes the token of the API. */
export function pageRoutes({ page }: PortState): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/logs',
      body: z.strictObject({ logs: z.array(logLine).min(1) }),
      handle: ({ body }) => {
        page.lines.push(...body.logs);
        return success({}, 202);
      },
    }),
    route({
      method: 'POST',
      path: '/metrics/syncMetrics',
      body: z.strictObject({ syncKindsMetrics: z.array(kindMetrics).min(1) }),
      handle: ({ body }) => {
        for (const one of body.syncKindsMetrics) page.put(one);
        return success({}, 202);
      },
    }),
    route({
      method: 'PUT',
      path: '/metrics/syncMetrics/resync/{eventId}/kind/{kind}',
      body: z.strictObject({ syncKindMetrics: kindMetrics }),
      handle: ({ body: { syncKindMetrics: one }, parameter }) => {
        if (one.eventId !== parameter('eventId') || one.kindIdentifier !== parameter('kind')) {
          throw new Refusal(422, 'invalid_request', 'the address and the body differ');
        }
        page.replace(one);
        return success({}, 202);
      },
    }),
    route({
      method: 'POST',
      path: '/metrics/heartbeat',
      body: z.strictObject({ eventId: z.guid() }),
      handle: ({ body }) => {
        page.beats.push(body.eventId);
        return success({}, 202);
      },
    }),
  ];
}
