import { z } from 'zod';
import { Refusal } from '../refusal.js';
import { route, type Route, success } from '../route.js';
import type { PortState } from '../state.js';
import { kindMetrics, logLine } from '../data-sources-page.js';

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
