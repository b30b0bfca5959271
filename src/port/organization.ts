import { z } from 'zod';
import { asCallProblem } from './describe-failure.js';
import type { PortClient } from './port-client.js';

/** What Port tells of the organization that the credentials belong to. */
export interface Organization {
  /** Whether the organization has its raw data mapped and loaded by Port itself. */
  readonly isProcessedByPort: boolean;
  readonly isBlocked: boolean;
}

/** Feature flags of an organization whose raw data Port processes; each of them counts (port-labs/ocean). */
const PROCESSING_FLAGS = ['LAKEHOUSE_ELIGIBLE', 'DATA_SOURCE_PROCESSOR_ENABLED'];

/** Not in the API reference: nothing but the object itself is relied upon. */
const answerSchema = z.object({
  organization: z.object({
    featureFlags: z.array(z.string()).nullish().catch(null),
    isBlocked: z.boolean().nullish().catch(null),
  }),
});

/**
 * The organization that the credentials belong to.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function readOrganization(client: PortClient): Promise<Organization> {
  const subject = 'the organization';
  try {
    const { organization } = await client.body(
      { method: 'GET', path: ['organization'], subject, caller: 'integration', repeatable: true },
      answerSchema,
    );
    const flags = organization.featureFlags ?? [];
    return {
      isProcessedByPort: PROCESSING_FLAGS.every((flag) => flags.includes(flag)),
      isBlocked: organization.isBlocked ?? false,
    };
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}
