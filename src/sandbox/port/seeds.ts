import type { JsonObject } from '../../model/json.js';
import { blueprintToCreate } from './schemas/blueprint-body.js';
import { entityToCreate } from './schemas/entity-body.js';
import {
  integrationConfig,
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

/** Who made a seeded blueprint, and who changed it last. Default: `seed`. */
export interface BlueprintAuthors {
  readonly by?: string;
  readonly updatedBy?: string;
}

/** An integration as it is to be: what a call can make of it, and what else Port tells of it. */
export type IntegrationSeed = Omit<IntegrationInput, 'config'> & {
  readonly config?: JsonObject | null;
  readonly arePortResourcesInitialized?: boolean;
  /** `dsp` when Port itself maps and loads. */
  readonly processingMode?: string;
  /**
   * `OnPrem` where the user runs it; begins with `Saas` where Port hosts it, which then keeps its
   * settings in `spec`. Seen in Port's own exporter, not in the reference.
   */
  readonly installationType?: string;
  readonly spec?: JsonObject;
  readonly resyncState?: ResyncState;
};

const SEEDER = 'seed';

/** Putting things into a built-in Port past HTTP: checked as a call would be, not recorded. */
export function seedsOf(state: PortState): {
  putBlueprint: (blueprint: JsonObject, authors?: BlueprintAuthors) => void;
  putEntity: (blueprint: string, entity: JsonObject, source: SeedSource) => void;
  putIntegration: (integration: IntegrationSeed) => void;
  putMapping: (installationId: string, config: JsonObject) => void;
  sign: (installationId: string, version: string) => void;
  beginResync: (installationId: string, millisecondsAgo?: number) => void;
  age: (milliseconds: number) => void;
} {
  const at = (millisecondsAgo = 0): string =>
    new Date(state.clock.now() - millisecondsAgo).toISOString();
  const unrecorded: PortState = { ...state, datasource: 'last-writer', writes: [] };
  return {
    putBlueprint: (blueprint, { by = SEEDER, updatedBy = by } = {}) => {
      const actor = { by, datasource: null, at: at() };
      const written = writeBlueprint(unrecorded, actor, blueprintToCreate.parse(blueprint));
      state.catalog.putBlueprint({ ...written, updatedBy });
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
      const { arePortResourcesInitialized, resyncState, ...more } = integration;
      const { processingMode, installationType, spec, ...rest } = more;
      const input = integrationToCreate.parse(rest);
      if (state.integrations.find(input.installationId) !== undefined) {
        state.integrations.remove(input.installationId);
      }
      state.integrations.put({
        ...state.integrations.create(input, at()),
        arePortResourcesInitialized: arePortResourcesInitialized ?? false,
        resyncState: resyncState ?? null,
        ...(processingMode === undefined ? {} : { processingMode }),
        ...(installationType === undefined ? {} : { installationType }),
        ...(spec === undefined ? {} : { spec }),
      });
    },
    putMapping: (installationId, config) => {
      const { config: checked } = integrationConfig.parse({ config });
      state.integrations.patch(installationId, { config: checked }, at());
    },
    age: (milliseconds) => {
      const before = (time: string): string =>
        new Date(Date.parse(time) - milliseconds).toISOString();
      for (const { blueprint } of state.catalog.shelves()) {
        for (const entity of state.catalog.entities(blueprint.identifier)) {
          const { createdAt, updatedAt } = entity;
          state.catalog.putEntity({
            ...entity,
            createdAt: before(createdAt),
            updatedAt: before(updatedAt),
          });
        }
      }
    },
    sign: (installationId, version) => {
      state.integrations.patch(installationId, { version }, at());
    },
    beginResync: (installationId, millisecondsAgo = 0) => {
      const lastResyncStart = at(millisecondsAgo);
      const begun = { status: 'running' as const, lastResyncStart, lastResyncEnd: null };
      state.integrations.tellResync(installationId, begun, at());
    },
  };
}
