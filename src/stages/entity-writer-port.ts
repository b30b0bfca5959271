import { isDeepStrictEqual } from 'node:util';
import type { EventListener } from '../model/event.js';
import type { JsonObject } from '../model/json.js';
import { Blockade } from '../port/bulk.js';
import { blueprintFrom, readBlueprints, withAddition } from '../port/blueprints.js';
import { addedFields, completeBlueprint } from '../port/complete-blueprint.js';
import { watchedClient } from '../port/watched-client.js';
import { createBlueprints } from '../port/create-blueprints.js';
import { deleteEntities } from '../port/delete.js';
import {
  createIntegration,
  leaveNotes,
  signIntegration,
  updateIntegration,
  writeMapping,
} from '../port/integration.js';
import type { PortClient } from '../port/port-client.js';
import { sendExamples } from '../port/raw-examples.js';
import { reportResyncState } from '../port/resync-state.js';
import { BulkWriter } from './bulk-writer.js';
import { CreatedForRelations } from './created-for-relations.js';
import type { PortWriter } from './entity-writer.js';
import { HttpError } from '../http/http-error.js';
import { statusOf } from '../port/describe-failure.js';

/** What was written is in Port. */
const NOTHING_PENDING: ReadonlyMap<string, JsonObject> = new Map();

/** Carries out in Port what a run comes to. */
export function createPortWriter(client: PortClient, emit: EventListener): PortWriter {
  const record = new RecordWrites(client);
  const blockade = new Blockade();
  const onTheWay = new CreatedForRelations();
  return {
    entityWriter: (blueprint, { onCall, ...options }) => {
      onTheWay.know(blueprint.identifier, options.isOurs);
      return new BulkWriter(watchedClient(client, onCall), blueprint, {
        ...options,
        blockade,
        answered: (entities, outcomes) => {
          if (options.createMissingRelatedEntities) onTheWay.see(blueprint, entities, outcomes);
          options.answered(entities, outcomes);
        },
      });
    },
    createdForRelations: (since) => onTheWay.find(client, since, emit),
    deleteEntities: (blueprint, identifiers, options) =>
      deleteEntities(client, blueprint, identifiers, options, blockade),
    pendingRelations: () => NOTHING_PENDING,
    keepAll: () => undefined,
    postpone: (due, why) => {
      const entities = due.map(({ blueprint, identifier }) => ({ blueprint, identifier }));
      emit({ type: 'deletions-held', why, entities });
    },
    createBlueprints: async (definitions, existing) => {
      const created = await createBlueprints(client, definitions, new Set(existing.keys()));
      for (const blueprint of created) {
        emit({ type: 'note', level: 'info', text: `Created the default blueprint ${blueprint}` });
      }
      // One that somebody else was faster to create may be another than ours.
      if (created.length < definitions.length)
        return { created, blueprints: await readBlueprints(client) };
      const blueprints = new Map(existing);
      for (const each of definitions) blueprints.set(each.identifier, blueprintFrom(each));
      return { created, blueprints };
    },
    addToBlueprint: async (addition, existing) => {
      if (!(await completeBlueprint(client, addition))) return existing;
      const fields = addedFields(addition).join(', ');
      const text = `Added ${fields} to the built-in blueprint ${addition.blueprint}`;
      emit({ type: 'note', level: 'info', text });
      return withAddition(existing, addition);
    },
    createIntegration: (config) =>
      record.create(() => createIntegration(record.client, { config })),
    writeMapping: (config) => record.attempt(() => writeMapping(record.client, config), undefined),
    signIntegration: async (mark, holds) => {
      const { mark: kept } = await signIntegration(record.client, mark, holds);
      return isDeepStrictEqual(kept, mark);
    },
    updateIntegration: (change) =>
      record.attempt(() => updateIntegration(record.client, change), undefined),
    leaveNotes: (notes, startedAt) =>
      record.attempt(() => leaveNotes(record.client, notes, startedAt), undefined),
    reportResyncState: (state) =>
      record.attempt(() => reportResyncState(record.client, state), null),
    sendExamples: (kind, items) =>
      record.attempt(() => sendExamples(record.client, kind, items), null),
  };
}

/**
 * What a run tells Port about itself, which it can do without. An account that may not write the
 * integration, or that could not create it, is told so by the first call; the others are not made.
 */
class RecordWrites {
  readonly client: PortClient;
  #isRefused = false;

  constructor(client: PortClient) {
    this.client = {
      ...client,
      get requests() {
        return client.requests;
      },
      json: (request, schema) => this.#noting(client.json(request, schema)),
      body: (request, schema) => this.#noting(client.body(request, schema)),
    };
  }

  /** The answer of the call, or `otherwise` when it would be refused as an earlier one was. */
  async attempt<Value>(call: () => Promise<Value>, otherwise: Value): Promise<Value> {
    return this.#isRefused ? otherwise : call();
  }

  /** Without a record, there is nothing that could be written to. */
  async create<Created>(call: () => Promise<Created>): Promise<Created> {
    try {
      return await call();
    } catch (error) {
      this.#isRefused = true;
      throw error;
    }
  }

  async #noting<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      const status = error instanceof HttpError ? statusOf(error) : null;
      if (status === 401 || status === 403) this.#isRefused = true;
      throw error;
    }
  }
}
