import { z } from 'zod';
import { changelogTarget } from './changelog.js';
import { anyJson, anyObject } from './json.js';

const mappingIdentifier = z.union([
  z.string(),
  z.strictObject({ combinator: z.string(), rules: z.array(anyObject) }),
]);

const entityMapping = z.looseObject({
  identifier: mappingIdentifier,
  blueprint: z.string(),
  title: z.string().optional(),
  properties: anyObject.optional(),
  relations: anyObject.optional(),
});

const config = z
  .looseObject({
    createMissingRelatedEntities: z.boolean().optional(),
    deleteDependentEntities: z.boolean().optional(),
    resources: z
      .array(
        z.looseObject({
          kind: z.string(),
          selector: z.looseObject({ query: z.string().optional() }),
          port: z.looseObject({
            entity: z.looseObject({
              mappings: z.union([entityMapping, z.array(entityMapping)]),
            }),
          }),
        }),
      )
      .optional(),
  })
  .catchall(anyJson)
  .nullable();

const changelogDestination = z.union([z.strictObject({}), changelogTarget]);

const dateOrNull = z.iso.datetime({ offset: true }).nullable();

/** Body of `POST /v1/integration`. Not in the reference: the fields that Port's own exporter sends. */
export const integrationToCreate = z.strictObject({
  installationId: z.string().min(1),
  installationAppType: z.string(),
  version: z.string(),
  title: z.string().nullable().optional(),
  changelogDestination: changelogDestination.optional(),
  config: config.optional(),
  actionsProcessingEnabled: z.boolean().optional(),
  incrementalSyncEnabled: z.boolean().optional(),
  createPortResourcesOrigin: z.string().optional(),
});

/** Body of `PATCH /v1/integration/{identifier}`; an empty one asks for a resync. */
export const integrationToPatch = z
  .object({
    title: z.string().nullable().optional(),
    installationAppType: z.string().optional(),
    version: z.string().optional(),
    spec: anyObject.optional(),
    actionsProcessingEnabled: z.boolean().optional(),
    arePortResourcesInitialized: z.boolean().optional(),
    config: config.optional(),
    changelogDestination: changelogDestination.optional(),
  })
  .catchall(anyJson)
  .prefault({});

/** Body of `PATCH …/config`. */
export const integrationConfig = z.strictObject({ config });

/** Body of `PATCH …/resync-state`. `intervalInMinuets` is the API's own spelling. */
export const resyncState = z.strictObject({
  status: z.enum(['running', 'completed', 'failed', 'aborted']),
  lastResyncStart: dateOrNull.optional(),
  lastResyncEnd: dateOrNull.optional(),
  nextResync: dateOrNull.optional(),
  intervalInMinuets: z.number().nullable().optional(),
});

/** Body of `POST …/kinds/{kind}/examples`. */
export const kindExamples = z.strictObject({ examples: z.array(anyJson) });

/** State of the last resync as it was told. */
export type ResyncState = z.output<typeof resyncState>;
/** What a new integration tells of itself. */
export type IntegrationInput = z.output<typeof integrationToCreate>;
/** What an integration changes. */
export type IntegrationPatch = z.output<typeof integrationToPatch>;
