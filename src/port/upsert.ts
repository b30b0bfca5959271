import { z } from 'zod';
import { HttpError, requestOf } from '../http/http-error.js';
import type { WithRequest } from '../model/request-facts.js';
import { type Attempt, bisect, type Blockade, portBulkLimits, settleAll } from './bulk.js';
import { describeFailure, portRefusal, statusOf } from './describe-failure.js';
import { bulkBytes, bulkText, type WrittenEntity } from './catalog-entity.js';
import type { PortClient, PortRequest } from './port-client.js';
import { entitiesOf } from '../problems/phrases.js';
import { refusalScope } from './refusal-scope.js';

/** What became of one entity. */
export type UpsertOutcome =
  | { readonly type: 'created'; readonly found?: string }
  /** `found`: the identifier of the entity that a search query led to. */
  | { readonly type: 'updated'; readonly found?: string }
  /** Port turned it down. `error` is Port's word for programs, `not_found` for a missing target. */
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly error: string;
      readonly message: string;
    }
  /** Something on the way to Port turned it down. `answer`: what came back. */
  | { readonly type: 'blocked'; readonly answer: string }
  /**
   * Alone larger than a request may be. `bytes`: of the request. `answer`: of who refused what is not
   * too large for Port; null when it was not sent.
   */
  | { readonly type: 'too-large'; readonly bytes: number; readonly answer: string | null }
  /**
   * Nobody knows, or Port could not be asked. Sending it again does no harm. `isForbidden`: Port says
   * that the credentials may not write.
   */
  | ({
      readonly type: 'not-loaded';
      readonly reason: string;
      readonly isForbidden?: true;
    } & WithRequest);

/** How entities are written. */
export interface UpsertOptions {
  /** Whether fields that are not sent keep their values in Port. */
  readonly merge: boolean;
  readonly createMissingRelatedEntities: boolean;
  /** As whom; by default as the exporter, whose entities are those of our data source. */
  readonly caller?: PortRequest['caller'];
  /** What the run knows of something on the way that turns bulks down; by default nothing. */
  readonly blockade?: Blockade;
}

const answerSchema = z.object({
  entities: z
    .array(
      z.object({
        index: z.number().int(),
        created: z.boolean(),
        identifier: z.string().optional().catch(undefined),
      }),
    )
    .default([]),
  errors: z
    .array(
      z.object({
        index: z.number().int(),
        statusCode: z.number().catch(0),
        error: z.string().catch(''),
        message: z.string().catch(''),
      }),
    )
    .default([]),
});

/**
 * Loads the entities of one bulk. A bulk that Port turns down as a whole, or that is too large, is
 * divided until the entities at fault are alone. Never throws for what Port or the network does.
 * @param entities at most 20, as `bulksOf` gives them; more are divided first
 * @returns one outcome per entity, in order
 */
export function upsertEntities(
  client: PortClient,
  blueprint: string,
  entities: readonly WrittenEntity[],
  options: UpsertOptions,
): Promise<readonly UpsertOutcome[]> {
  const send = (part: readonly WrittenEntity[]): Promise<Attempt<UpsertOutcome>> =>
    upsertOnce(client, blueprint, part, options);
  return bisect(entities, send, options.blockade);
}

/**
 * Creates those of the entities that are not there yet, and leaves the others as they are. Whatever
 * goes wrong with it, the call that needs them meets it as well, and tells.
 * @param entities at most 20, as `bulksOf` gives them
 */
export async function createMissing(
  client: PortClient,
  blueprint: string,
  entities: readonly WrittenEntity[],
): Promise<void> {
  try {
    await client.json(
      {
        method: 'POST',
        path: ['blueprints', blueprint, 'entities', 'bulk'],
        query: { upsert: false, validation_only: false },
        subject: entitiesOf(blueprint, entities.length),
        caller: 'exporter',
        repeatable: true,
        text: bulkText(entities),
      },
      z.unknown(),
    );
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
  }
}

async function upsertOnce(
  client: PortClient,
  blueprint: string,
  entities: readonly WrittenEntity[],
  options: UpsertOptions,
): Promise<Attempt<UpsertOutcome>> {
  const bytes = bulkBytes(entities);
  const tooLarge = (answer: string | null): Attempt<UpsertOutcome> => ({
    type: 'rejected',
    alone: { type: 'too-large', bytes, answer },
  });
  if (bytes > portBulkLimits.maximumBytes) return tooLarge(null);
  if (entities.length > portBulkLimits.maximumEntities) return tooLarge(null);
  try {
    const answer = await client.body(
      {
        method: 'POST',
        path: ['blueprints', blueprint, 'entities', 'bulk'],
        query: {
          upsert: true,
          merge: options.merge,
          create_missing_related_entities: options.createMissingRelatedEntities,
          validation_only: false,
        },
        subject: entitiesOf(blueprint, entities.length),
        caller: options.caller ?? 'exporter',
        repeatable: true,
        text: bulkText(entities),
      },
      answerSchema,
    );
    return { type: 'settled', outcomes: outcomesOf(answer, entities) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const reason = describeFailure(error);
    const request = requestOf(error);
    switch (await refusalScope(client, blueprint, error)) {
      case 'too-large':
        return tooLarge(reason);
      case 'content':
        return { type: 'rejected', alone: refused(error) };
      case 'blocked': {
        const whole = `something on the way to Port refuses all that is sent: it ${reason}`;
        return {
          type: 'blocked',
          alone: { type: 'blocked', answer: reason },
          whole: { type: 'not-loaded', reason: whole, ...request },
        };
      }
      case 'blueprint-missing':
        return settleAll(entities, refused(error));
      case 'forbidden':
        return settleAll(entities, { type: 'not-loaded', reason, isForbidden: true, ...request });
      case 'unrelated':
        return settleAll(entities, { type: 'not-loaded', reason, ...request });
    }
  }
}

function refused(error: HttpError): UpsertOutcome {
  const { error: word, message } = portRefusal(error);
  const told = message === '' ? describeFailure(error) : message;
  return { type: 'refused', status: statusOf(error) ?? 0, error: word, message: told };
}

/** By place in the request, never by identifier: that may be `unknown`, or stand there twice. */
function outcomesOf(
  answer: z.output<typeof answerSchema>,
  entities: readonly WrittenEntity[],
): readonly UpsertOutcome[] {
  const outcomes = new Map<number, UpsertOutcome>();
  for (const { index, created, identifier } of answer.entities) {
    const isSearched = typeof entities[index]?.entity.identifier !== 'string';
    outcomes.set(index, {
      type: created ? 'created' : 'updated',
      ...(isSearched && identifier !== undefined ? { found: identifier } : {}),
    });
  }
  for (const { index, statusCode, error, message } of answer.errors) {
    outcomes.set(index, { type: 'refused', status: statusCode, error, message });
  }
  const silence: UpsertOutcome = {
    type: 'not-loaded',
    reason: 'Port answered for others of the same request, but not for this one',
  };
  return entities.map((_, index) => outcomes.get(index) ?? silence);
}
