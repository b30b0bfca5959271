import { z } from 'zod';
import { HttpError, isStopped } from '../http/http-error.js';
import type { PortClient } from './port-client.js';

/**
 * How many entities a blueprint holds, whoever made them; null when Port does not tell. A run can
 * do without it: it only saves requests.
 */
export async function countEntities(client: PortClient, blueprint: string): Promise<number | null> {
  try {
    const { count } = await client.body(
      {
        method: 'GET',
        path: ['blueprints', blueprint, 'entities-count'],
        subject: `number of entities of ${blueprint}`,
        caller: 'exporter',
        repeatable: true,
      },
      z.object({ count: z.number().nullish() }),
    );
    return count ?? null;
  } catch (error) {
    if (!(error instanceof HttpError) || isStopped(error)) throw error;
    return null;
  }
}
