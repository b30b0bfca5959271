import { z } from 'zod';
import { Refusal } from '../refusal.js';
import { route, success, type Route } from '../route.js';
import type { PortState } from '../state.js';

/** The token, and whose it is. */
export function accessRoutes(state: PortState): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/auth/access_token',
      open: true,
      body: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
      handle: ({ body }) => {
        if (body.clientId !== state.clientId || body.clientSecret !== state.clientSecret) {
          throw new Refusal(401, 'unauthorized', 'the client ID or the client secret is wrong');
        }
        return success({ ...state.tokens.issue() });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/organization',
      handle: () =>
        success({
          organization: {
            id: 'org_built_in',
            name: 'Built-in organization',
            featureFlags: state.featureFlags,
            isBlocked: state.conduct.isBlocked,
          },
        }),
    }),
  ];
}
