import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import type { JsonValue } from '../model/json.js';
import type { ProblemOf } from '../problems/problem.js';
import { portBulkLimits } from './bulk.js';
import { describeFailure } from './describe-failure.js';
import { maskExample } from './mask-example.js';
import type { PortClient } from './port-client.js';

/** Raw items that Port keeps of each kind (port-labs/ocean); its mapping editor shows them. */
export const EXAMPLES_PER_KIND = 5;

/**
 * Sends the first items of a kind, masked, so that Port shows what a mapping can use. A run can do
 * without, so that a failure is only a problem to be recorded; null when all went well.
 * @param items as Bitbucket gave them
 */
export async function sendExamples(
  client: PortClient,
  kind: string,
  items: readonly JsonValue[],
): Promise<ProblemOf<'best-effort-failed'> | null> {
  const { identifier } = client.integration;
  const subject = `sending examples of ${kind}`;
  try {
    await client.json(
      {
        method: 'POST',
        path: ['integration', identifier, 'kinds', kind, 'examples'],
        subject,
        caller: 'integration',
        // Examples take the place of earlier ones.
        repeatable: true,
        body: examplesPayload(items),
      },
      z.unknown(),
    );
    return null;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { code: 'best-effort-failed', subject, reason: describeFailure(error) };
  }
}

/** As many as Port takes in a request. */
function examplesPayload(items: readonly JsonValue[]): { readonly examples: readonly JsonValue[] } {
  const examples = items.slice(0, EXAMPLES_PER_KIND).map(maskExample);
  while (Buffer.byteLength(JSON.stringify({ examples })) > portBulkLimits.maximumBytes) {
    examples.pop();
  }
  return { examples };
}
