import type { Answer } from '../../loopback.js';
import { checkSameIdentifier } from '../blueprint.js';
import { forbidden, identifierTaken, notFound } from '../refusal.js';
import { route, success, type Route } from '../route.js';
import { webhookToPatch, webhookToPut } from '../schemas/webhook-body.js';
import type { PortState } from '../state.js';
import { webhookKeyOf, type Webhook } from '../webhooks.js';

const ALL = '/v1/webhooks';
const ONE = '/v1/webhooks/{identifier}';

/** Reading and writing webhooks. What a success answers, the reference does not show. */
export function webhookRoutes({ webhooks, conduct }: PortState): readonly Route[] {
  const checkRole = (): void => {
    if (conduct.webhooks === 'none') throw forbidden('an admin or a moderator manages webhooks');
  };
  const existing = (identifier: string): Webhook => {
    checkRole();
    const found = webhooks.find(identifier);
    if (found === undefined) throw notFound(`Webhook "${identifier}"`);
    return found;
  };
  const shown = ({ security, ...rest }: Webhook): Readonly<Record<string, unknown>> => {
    const { secret, ...others } = security ?? {};
    const told = conduct.webhookSecret === 'told' ? { ...others, secret } : others;
    return { ...rest, security: told, url: webhooks.urlOf(rest) };
  };
  const put = (webhook: Webhook, status = 200): Answer =>
    success({ integration: shown(webhooks.put(webhook)) }, status);
  return [
    route({
      method: 'GET',
      path: ALL,
      handle: () => {
        checkRole();
        return success({ integrations: webhooks.list().map(shown) });
      },
    }),
    route({
      method: 'POST',
      path: ALL,
      body: webhookToPut,
      handle: ({ body, actor: { at, by } }) => {
        checkRole();
        const { identifier = `webhook-${webhooks.list().length + 1}` } = body;
        if (webhooks.find(identifier) !== undefined) {
          throw identifierTaken(`Webhook "${identifier}"`);
        }
        const audit = { createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
        return put({ ...body, identifier, webhookKey: webhookKeyOf(identifier), ...audit }, 201);
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      handle: ({ parameter }) => success({ integration: shown(existing(parameter('identifier'))) }),
    }),
    route({
      method: 'PUT',
      path: ONE,
      body: webhookToPut,
      handle: ({ parameter, body, actor: { at, by } }) => {
        const { identifier, webhookKey, createdAt, createdBy } = existing(parameter('identifier'));
        checkSameIdentifier(identifier, body.identifier);
        const audit = { createdAt, createdBy, updatedAt: at, updatedBy: by };
        return put({ ...body, identifier, webhookKey, ...audit });
      },
    }),
    route({
      method: 'PATCH',
      path: ONE,
      body: webhookToPatch,
      handle: ({ parameter, body, actor: { at, by } }) => {
        const found = existing(parameter('identifier'));
        checkSameIdentifier(found.identifier, body.identifier);
        const { identifier } = found;
        const { title = found.title, enabled = found.enabled } = body;
        const changed = { identifier, title, enabled, updatedAt: at, updatedBy: by };
        return put({ ...found, ...body, ...changed });
      },
    }),
    route({
      method: 'DELETE',
      path: ONE,
      handle: ({ parameter }) => {
        webhooks.remove(existing(parameter('identifier')));
        return success({});
      },
    }),
  ];
}
