import type { JsonObject } from '../../model/json.js';
import { blueprintToCreate } from './schemas/blueprint-body.js';
import { entityToCreate } from './schemas/entity-body.js';
import {
  integrationToCreate,
  type IntegrationInput,
  type ResyncState,
} from './schemas/integration-body.js';
import type { PortState } from './state.js';
import { writeBlueprint } from './write-blueprint.js';
import { writeEntity } from './write-entity.js';

/** Whose entity a seeded one is. */
export interface SeedSource {
  /** As a `User-Agent` would say; null for an entity that a person made. */
  readonly datasource: string | null;
  /** Default: `seed`. */
  readonly by?: string;
}

/** An integration as it is to be: what a call can make of it, and what else Port tells of it. */
export type IntegrationSeed = Omit<IntegrationInput, 'config'> & {
  readonly config?: JsonObject | null;
  readonly arePortResourcesInitialized?: boolean;
  /** `dsp` when Port itself maps and loads. */
  readonly processingMode?: string;
  readonly resyncState?: ResyncState;
};

const SEEDER = 'seed';

/** Putting things into a built-in Port past HTTP: checked as a call would be, not recorded. */
export function seedsOf(state: PortState): {
  putBlueprint: (blueprint: JsonObject) => void;
  putEntity: (blueprint: string, entity: JsonObject, source: SeedSource) => void;
  putIntegration: (integration: IntegrationSeed) => void;
} {
  const at = (): string => new Date(state.clock.now()).toISOString();
  const unrecorded: PortState = { ...state, datasource: 'last-writer', writes: [] };
  return {
    putBlueprint: (blueprint) => {
      const actor = { by: SEEDER, datasource: null, at: at() };
      writeBlueprint(unrecorded, actor, blueprintToCreate.parse(blueprint));
    },
    putEntity: (blueprint, entity, { datasource, by = SEEDER }) => {
      const shelf = state.catalog.shelf(blueprint);
      const actor = { by, datasource, at: at() };
      writeEntity(unrecorded, actor, shelf.blueprint, entityToCreate.parse(entity), {
        mode: 'replace',
        createMissing: false,
        validationOnly: false,
      });
    },
    putIntegration: (integration) => {
      const { arePortResourcesInitialized, processingMode, resyncState, ...rest } = integration;
      const input = integrationToCreate.parse(rest);
      if (state.integrations.find(input.installationId) !== undefined) {
        state.integrations.remove(input.installationId);
      }
      state.integrations.put({
        ...state.integrations.create(input, at()),
        arePortResourcesInitialized: arePortResourcesInitialized ?? false,
        resyncState: resyncState ?? null,
        ...(processingMode === undefined ? {} : { processingMode }),
      });
    },
  };
}
