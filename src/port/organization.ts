import { z } from 'zod';
import { asCallProblem } from './failure-problem.js';
import type { PortClient } from './port-client.js';

const answerSchema = z.object({
  organization: z.object({ featureFlags: z.array(z.string()).nullish() }),
});

/**
 * What is switched on for the organization, such as `DATA_SOURCE_PROCESSOR_ENABLED`.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function readOrganizationFlags(client: PortClient): Promise<ReadonlySet<string>> {
  const subject = 'the organization';
  try {
    const { organization } = await client.body(
      { method: 'GET', path: ['organization'], subject, caller: 'integration', repeatable: true },
      answerSchema,
    );
    return new Set(organization.featureFlags ?? []);
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}
