import { z } from 'zod';
import { forbidden, notFound, unprocessable } from '../refusal.js';
import { route, success, type Route } from '../route.js';
import {
  integrationConfig,
  integrationToCreate,
  integrationToPatch,
  kindExamples,
  resyncState,
} from '../schemas/integration-body.js';
import { requiredFlag, text } from '../schemas/parameters.js';
import type { PortState } from '../state.js';

const ONE = '/v1/integration/{identifier}';

const reading = z.strictObject({
  byField: z.tuple([z.enum(['installationId', 'logIngestId'])]).optional(),
  // Sent by Port's own exporter; not in the reference.
  oceanCoreVersion: text.optional(),
  isPolling: text.optional(),
});

/** Reading and writing integrations. */
export function integrationRoutes(state: PortState): readonly Route[] {
  return [...readRoutes(state), ...writeRoutes(state), ...reportRoutes(state)];
}

function readRoutes({ integrations, conduct }: PortState): readonly Route[] {
  const only = 'an admin or a moderator may read integrations';
  return [
    route({
      method: 'GET',
      path: '/v1/integration',
      query: z.strictObject({ actionsProcessingEnabled: requiredFlag.optional() }),
      handle: ({ query: { actionsProcessingEnabled: wanted } }) => {
        if (conduct.integrations !== 'all') throw forbidden(only);
        return success({
          integrations: integrations
            .list()
            .filter((one) => wanted === undefined || one.actionsProcessingEnabled === wanted),
        });
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      query: reading,
      handle: ({ parameter, query }) => {
        if (conduct.integrations === 'none') throw forbidden(only);
        const [field] = query.byField ?? ['installationId'];
        const identifier = parameter('identifier');
        const integration = integrations.list().find((one) => one[field] === identifier);
        if (integration === undefined) throw notFound(`Integration "${identifier}"`);
        return success({ integration });
      },
    }),
  ];
}

function writeRoutes({ integrations, conduct }: PortState): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/integration',
      body: integrationToCreate,
      handle: ({ body, actor }) =>
        success({ integration: integrations.create(body, actor.at) }, 201),
    }),
    route({
      method: 'PATCH',
      path: ONE,
      body: integrationToPatch,
      handle: ({ parameter, body, actor }) => {
        const identifier = parameter('identifier');
        if (body.spec !== undefined && conduct.spec === 'refused') {
          throw unprocessable('"spec" cannot be changed');
        }
        const takesSpec = conduct.spec === 'kept';
        return success({ integration: integrations.patch(identifier, body, actor.at, takesSpec) });
      },
    }),
    route({
      method: 'PATCH',
      path: `${ONE}/config`,
      body: integrationConfig,
      handle: ({ parameter, body, actor }) =>
        success({ integration: integrations.patch(parameter('identifier'), body, actor.at) }),
    }),
    route({
      method: 'DELETE',
      path: ONE,
      handle: ({ parameter }) => {
        integrations.remove(parameter('identifier'));
        return success({});
      },
    }),
  ];
}

/** What a running integration tells of itself. */
function reportRoutes({ integrations }: PortState): readonly Route[] {
  return [
    route({
      method: 'PATCH',
      path: `${ONE}/resync-state`,
      body: resyncState,
      handle: ({ parameter, body, actor }) =>
        success({ integration: integrations.tellResync(parameter('identifier'), body, actor.at) }),
    }),
    route({
      method: 'POST',
      path: `${ONE}/kinds/{kind}/examples`,
      body: kindExamples,
      handle: ({ parameter, body }) => {
        integrations.putExamples(parameter('identifier'), parameter('kind'), body.examples);
        return success({});
      },
    }),
  ];
}
