import { z } from 'zod';
import { HttpError, requestOf } from '../http/http-error.js';
import type { WithRequest } from '../model/request-facts.js';
import { type Attempt, bisect, type Blockade, settleAll } from './bulk.js';
import { describeFailure } from './describe-failure.js';
import { entitiesOf } from '../problems/phrases.js';
import type { PortClient } from './port-client.js';
import { refusalScope } from './refusal-scope.js';

/** What became of one identifier. */
export type DeleteOutcome =
  | { readonly type: 'deleted' }
  /** It was not there any more. */
  | { readonly type: 'gone' }
  /** Port turned the deletion down, as it does when other entities require this one. */
  | { readonly type: 'refused'; readonly reason: string }
  /** Nobody knows, or Port could not be asked. */
  | ({ readonly type: 'failed'; readonly reason: string } & WithRequest);

/** How entities are deleted. */
export interface DeleteOptions {
  /** Whether all that relates to them goes along, whoever made it. */
  readonly withDependents: boolean;
  /** Once it is aborted, what is under way may end, and no other deletion is asked for. */
  readonly stop?: AbortSignal;
}

/** The most that a bulk deletion takes (API reference, delete-multiple-entities). */
const identifiersPerDeletion = 100;

const answerSchema = z.object({
  ok: z.literal(true).optional(),
  deletedEntities: z.array(z.string()),
});

/**
 * Deletes entities, at most 100 a call. A call that Port turns down because something relates to one
 * of them is divided until the entities at fault are alone. Never throws for what Port or the
 * network does.
 * @param blockade what the run knows of something on the way that turns calls down
 * @returns one outcome per identifier, in order
 */
export async function deleteEntities(
  client: PortClient,
  blueprint: string,
  identifiers: readonly string[],
  options: DeleteOptions = { withDependents: false },
  blockade?: Blockade,
): Promise<readonly DeleteOutcome[]> {
  const outcomes: DeleteOutcome[] = [];
  for (let start = 0; start < identifiers.length; start += identifiersPerDeletion) {
    const part = identifiers.slice(start, start + identifiersPerDeletion);
    outcomes.push(
      ...(await bisect(part, (half) => deleteOnce(client, blueprint, half, options), blockade)),
    );
  }
  return outcomes;
}

async function deleteOnce(
  client: PortClient,
  blueprint: string,
  identifiers: readonly string[],
  { withDependents, stop }: DeleteOptions,
): Promise<Attempt<DeleteOutcome>> {
  if (stop?.aborted === true) {
    return settleAll(identifiers, { type: 'failed', reason: 'the run was stopped' });
  }
  try {
    const { deletedEntities } = await client.body(
      {
        method: 'POST',
        path: ['blueprints', blueprint, 'bulk', 'entities', 'delete'],
        query: { delete_dependents: withDependents },
        subject: `deletion of ${entitiesOf(blueprint, identifiers.length)}`,
        caller: 'exporter',
        repeatable: true,
        lastAttempt: stop,
        body: { entities: identifiers },
      },
      answerSchema,
    );
    const deleted = new Set(deletedEntities);
    const outcomes = identifiers.map((identifier): DeleteOutcome => ({
      type: deleted.has(identifier) ? 'deleted' : 'gone',
    }));
    return { type: 'settled', outcomes };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const scope = await refusalScope(client, blueprint, error);
    const reason = describeFailure(error);
    const request = requestOf(error);
    if (scope === 'blueprint-missing') return settleAll(identifiers, { type: 'gone' });
    if (scope === 'unrelated' || scope === 'forbidden')
      return settleAll(identifiers, { type: 'failed', reason, ...request });
    const alone = aloneOutcome(error, reason);
    if (scope !== 'blocked') return { type: 'rejected', alone };
    return { type: 'blocked', alone, whole: { type: 'failed', reason, ...request } };
  }
}

/** A single 404 while the blueprint is there: the entity itself is not. */
function aloneOutcome(error: HttpError, reason: string): DeleteOutcome {
  return error.details.status === 404 ? { type: 'gone' } : { type: 'refused', reason };
}
