import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { anEmptyPort } from './a-port.js';

const ONE = '/v1/webhooks/prod';
const entity = { identifier: '.body.id', properties: { state: '.body.state' } };
const webhook = {
  identifier: 'prod',
  title: 'Bitbucket',
  enabled: true,
  mappings: [{ blueprint: 'pullRequest', operation: 'create', filter: 'true', entity }],
  security: { secret: 'sixteen characters', signatureHeaderName: 'x-hub-signature' },
} satisfies JsonObject;
const { security, ...open } = webhook;
const shown = { ...open, security: { signatureHeaderName: 'x-hub-signature' } };

it('keeps a webhook, which is changed in part or as a whole, and does not tell its secret', async () => {
  const { port, call } = await anEmptyPort();
  const made = await call('POST /v1/webhooks', { body: webhook });
  expect(made).toMatchObject({ status: 201, body: { ok: true, integration: shown } });
  expect(JSON.stringify(made)).not.toContain(security.secret);
  expect((await call('POST /v1/webhooks', { body: webhook })).status).toBe(422);
  expect(await call(`PATCH ${ONE}`, { body: { title: 'Hook' } })).toMatchObject({
    body: { integration: { ...shown, title: 'Hook' } },
  });
  expect(port.webhooks()).toMatchObject([{ security }]);
  const { identifier, title, enabled } = webhook;
  const less = { identifier, title, enabled };
  await call(`PUT ${ONE}`, { body: less });
  expect(port.webhooks()).toMatchObject([less]);
  expect(port.webhooks()[0]).not.toHaveProperty('mappings');
  expect(await call('GET /v1/webhooks')).toMatchObject({ body: { integrations: [less] } });
  await call(`DELETE ${ONE}`);
  expect((await call(`GET ${ONE}`)).status).toBe(404);
});

it('may tell the secret, and refuse whoever is no administrator', async () => {
  const { port, call } = await anEmptyPort({ conduct: { webhookSecret: 'told' } });
  await call('POST /v1/webhooks', { body: webhook });
  expect(await call(`GET ${ONE}`)).toMatchObject({ body: { integration: webhook } });
  port.behave({ webhooks: 'none' });
  for (const operation of ['GET /v1/webhooks', `GET ${ONE}`, `DELETE ${ONE}`]) {
    expect((await call(operation)).status).toBe(403);
  }
});
