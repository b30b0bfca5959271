import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { anEmptyPort } from './a-port.js';

const config = {
  createMissingRelatedEntities: true,
  resources: [
    {
      kind: 'repository',
      selector: { query: 'true' },
      port: {
        entity: {
          mappings: { identifier: '.slug', blueprint: '"repository"', properties: { url: '.url' } },
        },
      },
    },
  ],
} satisfies JsonObject;

const integration = {
  installationId: 'my-integration',
  installationAppType: 'bitbucket-server',
  version: '1.0.0',
  changelogDestination: {},
  config,
  createPortResourcesOrigin: 'Ocean',
} satisfies JsonObject;

const ONE = '/v1/integration/my-integration';

describe('an integration', () => {
  it('is created, read and listed', async () => {
    const { port, call, clock } = await anEmptyPort();
    expect((await call(`GET ${ONE}`)).status).toBe(404);
    const at = new Date(clock.now()).toISOString();
    const stored = {
      installationId: 'my-integration',
      installationAppType: 'bitbucket-server',
      version: '1.0.0',
      config,
      arePortResourcesInitialized: false,
      createdAt: at,
      updatedAt: at,
    };
    expect(await call('POST /v1/integration', { body: integration })).toMatchObject({
      status: 201,
      body: { ok: true, integration: stored },
    });
    expect(
      await call(`GET ${ONE}`, { query: 'byField=installationId&isPolling=false' }),
    ).toMatchObject({ status: 200, body: { ok: true, integration: stored } });
    expect(await call('GET /v1/integration')).toMatchObject({
      body: { ok: true, integrations: [stored] },
    });
    expect(port.integration('my-integration')).toMatchObject(stored);
  });

  it('is found by another field, and not by the wrong one', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    const logIngestId = port.integration('my-integration')?.logIngestId ?? '';
    const query = 'byField=logIngestId';
    expect((await call(`GET /v1/integration/${logIngestId}`, { query })).status).toBe(200);
    expect((await call(`GET ${ONE}`, { query })).status).toBe(404);
  });

  it('is not created twice', async () => {
    const { call } = await anEmptyPort();
    await call('POST /v1/integration', { body: integration });
    expect(await call('POST /v1/integration', { body: integration })).toMatchObject({
      status: 422,
      body: { error: 'identifier_taken' },
    });
  });

  it('changes in what a PATCH names, and keeps the rest', async () => {
    const { port, call, clock } = await anEmptyPort();
    port.putIntegration(integration);
    const before = port.integration('my-integration');
    clock.advance(1000);
    const answer = await call(`PATCH ${ONE}`, {
      body: { version: '2.0.0', arePortResourcesInitialized: true },
    });
    const after = {
      ...before,
      version: '2.0.0',
      arePortResourcesInitialized: true,
      updatedAt: new Date(clock.now()).toISOString(),
    };
    expect(answer).toMatchObject({ status: 200, body: { ok: true, integration: after } });
    expect(port.integration('my-integration')).toEqual(after);
  });

  it('takes an empty PATCH, which asks for a resync', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration({ ...integration, arePortResourcesInitialized: true });
    expect((await call(`PATCH ${ONE}`)).status).toBe(200);
    expect(port.integration('my-integration')).toMatchObject({
      config,
      arePortResourcesInitialized: true,
    });
  });

  it('takes another mapping', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    const changed = { ...config, createMissingRelatedEntities: false };
    const answer = await call(`PATCH ${ONE}/config`, {
      body: { config: changed },
      headers: { 'x-skip-resync': 'true' },
    });
    expect(answer.status).toBe(200);
    expect(port.integration('my-integration')?.config).toEqual(changed);
  });

  it('tells how its resync goes', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    const lastResyncStart = '2026-01-01T00:00:00.000Z';
    const lastResyncEnd = '2026-01-01T00:01:00+00:00';
    await call(`PATCH ${ONE}/resync-state`, {
      body: { status: 'running', lastResyncStart, lastResyncEnd: null, intervalInMinuets: null },
    });
    const answer = await call(`PATCH ${ONE}/resync-state`, {
      body: { status: 'completed', lastResyncEnd },
    });
    expect(answer.status).toBe(200);
    expect(port.integration('my-integration')?.resyncState).toEqual({
      status: 'completed',
      lastResyncStart,
      lastResyncEnd,
      intervalInMinuets: null,
    });
  });

  it('sends raw examples of its kinds', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    const examples = [{ slug: 'api' }];
    const answer = await call(`POST ${ONE}/kinds/pull-request/examples`, { body: { examples } });
    expect(answer.status).toBe(200);
    expect(port.examples('my-integration', 'pull-request')).toEqual(examples);
    expect(port.examples('my-integration', 'user')).toEqual([]);
  });

  it('is deleted', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    expect((await call(`DELETE ${ONE}`)).status).toBe(200);
    expect(port.integration('my-integration')).toBeUndefined();
    expect((await call(`DELETE ${ONE}`)).status).toBe(404);
  });

  it('that is put replaces the one before', async () => {
    const { port } = await anEmptyPort();
    port.putIntegration({ ...integration, title: 'Old', arePortResourcesInitialized: true });
    port.putIntegration(integration);
    expect(port.integration('my-integration')).toMatchObject({
      title: null,
      arePortResourcesInitialized: false,
    });
  });

  it('that is put tells what no call can make of it', async () => {
    const { port, call } = await anEmptyPort();
    const told = { processingMode: 'dsp', resyncState: { status: 'running' as const } };
    port.putIntegration({ ...integration, ...told });
    expect((await call(`GET ${ONE}`)).body).toMatchObject({ integration: told });
  });

  it('is listed by whether it processes actions', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(integration);
    const list = async (query: string): Promise<unknown> =>
      (await call('GET /v1/integration', { query })).body;
    expect(await list('actionsProcessingEnabled=true')).toEqual({ ok: true, integrations: [] });
    expect(await list('actionsProcessingEnabled=false')).toMatchObject({ integrations: [{}] });
  });
});

describe('what breaks the contract of an integration', () => {
  const mapped = (mappings: JsonObject): JsonObject => ({
    resources: [{ kind: 'user', selector: {}, port: { entity: { mappings } } }],
  });

  it.each<[string, string, JsonObject]>([
    ['an unknown field at creation', 'POST /v1/integration', { ...integration, identifier: 'x' }],
    ['no version at creation', 'POST /v1/integration', { ...integration, version: 1 }],
    ['a null changelog destination', `PATCH ${ONE}`, { changelogDestination: null }],
    ['a webhook without its URL', `PATCH ${ONE}`, { changelogDestination: { type: 'WEBHOOK' } }],
    ['a flag that is a text', `PATCH ${ONE}`, { arePortResourcesInitialized: 'true' }],
    ['no config', `PATCH ${ONE}/config`, {}],
    [
      'a mapping without a blueprint',
      `PATCH ${ONE}/config`,
      { config: mapped({ identifier: '.' }) },
    ],
    ['an unknown status', `PATCH ${ONE}/resync-state`, { status: 'done' }],
    [
      'a field in its right spelling',
      `PATCH ${ONE}/resync-state`,
      { status: 'running', intervalInMinutes: 1 },
    ],
    ['examples that are no list', `POST ${ONE}/kinds/user/examples`, { examples: {} }],
  ])('%s', async (_, route, body) => {
    const { port, call, takeViolations } = await anEmptyPort();
    port.putIntegration({ ...integration, installationId: 'my-integration' });
    expect((await call(route, { body })).status).toBe(422);
    expect(takeViolations()).toHaveLength(1);
  });
});
