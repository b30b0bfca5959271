import type { CatalogBlueprint } from '../blueprint.js';
import type { Actor } from '../entity.js';
import { Refusal } from '../refusal.js';
import { route, type Route } from '../route.js';
import { entitiesToCreate, type EntityInput } from '../schemas/entity-body.js';
import type { PortState } from '../state.js';
import { writeEntity, type WriteOptions } from '../write-entity.js';
import { upsertParameters, writeOptionsOf } from './entity-writes.js';

interface Loaded {
  readonly created: boolean;
  readonly identifier: string;
  readonly index: number;
}

interface Failed {
  readonly identifier: string;
  readonly index: number;
  readonly statusCode: number;
  readonly error: string;
  readonly message: string;
}

/** Writing up to twenty entities: each stands or falls alone, once the body as a whole is in shape. */
export function bulkUpsertRoutes(state: PortState): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/blueprints/{blueprint_identifier}/entities/bulk',
      query: upsertParameters,
      body: entitiesToCreate,
      handle: ({ parameter, query, body, actor }) => {
        const { blueprint } = state.catalog.shelf(parameter('blueprint_identifier'));
        const options = writeOptionsOf(query);
        const entities: Loaded[] = [];
        const errors: Failed[] = [];
        for (const [index, input] of body.entities.entries()) {
          const outcome = attempt(state, actor, blueprint, input, options);
          if ('error' in outcome) errors.push({ ...outcome, index });
          else entities.push({ ...outcome, index });
        }
        return { status: errors.length === 0 ? 200 : 207, body: { ok: true, entities, errors } };
      },
    }),
  ];
}

function attempt(
  state: PortState,
  actor: Actor,
  blueprint: CatalogBlueprint,
  input: EntityInput,
  options: WriteOptions,
): Omit<Loaded, 'index'> | Omit<Failed, 'index'> {
  try {
    const { created, entity } = writeEntity(state, actor, blueprint, input, options);
    return { created, identifier: entity.identifier };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const identifier = typeof input.identifier === 'string' ? input.identifier : 'unknown';
    return {
      identifier,
      statusCode: error.status,
      error: error.error,
      message: error.message,
    };
  }
}
