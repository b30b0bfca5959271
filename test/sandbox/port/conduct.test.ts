import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { anEmptyPort, aPort, credentials, type PortUnderTest } from './a-port.js';

const integration = {
  installationId: 'my-integration',
  installationAppType: 'bitbucket-server',
  version: '1.0.0',
} as const;

const ONE = '/v1/integration/my-integration';
const HOUR = 3_600_000;

const userAgent = (identifier: string): string =>
  `port-ocean/bitbucket-server/1.0.0/${identifier}/exporter`;

describe('the clock of Port', () => {
  it('tells its time with each answer, faults included', async () => {
    const { port, call, clock } = await anEmptyPort({
      conduct: { clockOffsetMilliseconds: HOUR },
    });
    port.fail({
      fault: { type: 'answer', answer: { status: 503 } },
      when: ({ path }) => path === '/v1/organization',
      times: 1,
    });
    const failed = fetch(`${port.url}/v1/organization`);
    const ahead = new Date(clock.now() + HOUR).toUTCString();
    expect((await failed).headers.get('date')).toBe(ahead);
    expect((await call('GET /v1/organization')).headers.get('date')).toBe(ahead);

    port.behave({ clockOffsetMilliseconds: -HOUR });
    const { headers } = await call('GET /v1/organization');
    expect(headers.get('date')).toBe(new Date(clock.now() - HOUR).toUTCString());
    expect(headers.get('age')).toBeNull();
  });

  it('dates what is written, and when another run began', async () => {
    const { port, call, clock } = await aPort({ conduct: { clockOffsetMilliseconds: -HOUR } });
    const at = new Date(clock.now() - HOUR).toISOString();
    await call('POST /v1/blueprints/user/entities/bulk', {
      query: 'upsert=true',
      body: { entities: [{ identifier: 'bea' }] },
    });
    expect(port.entity('user', 'bea')).toMatchObject({
      createdAt: at,
      createdBy: credentials.clientId,
      updatedAt: at,
      updatedBy: credentials.clientId,
    });

    port.putIntegration(integration);
    port.beginResync('my-integration', 60_000);
    expect((await call(`GET ${ONE}`)).body).toMatchObject({
      integration: {
        updatedAt: at,
        resyncState: {
          status: 'running',
          lastResyncStart: new Date(clock.now() - HOUR - 60_000).toISOString(),
          lastResyncEnd: null,
        },
      },
    });
  });

  it('stands beside an age where a cache answers', async () => {
    const { call } = await anEmptyPort({ conduct: { ageSeconds: 30 } });
    expect((await call('GET /v1/organization')).headers.get('age')).toBe('30');
  });
});

describe('the spec of an integration', () => {
  const hosted = {
    ...integration,
    installationType: 'Saas',
    spec: { appSpec: { scheduledResyncInterval: '2h' } },
  };
  const marked = { bitbucketPort: { judgedAt: '2026-01-01T00:00:00Z' } };

  it.each<['kept' | 'dropped' | 'refused', number, JsonObject]>([
    ['kept', 200, marked],
    ['dropped', 200, hosted.spec],
    ['refused', 422, hosted.spec],
  ])('is %s', async (spec, status, held) => {
    const { port, call } = await anEmptyPort({ conduct: { spec } });
    port.putIntegration(hosted);
    const answer = await call(`PATCH ${ONE}`, { body: { spec: marked } });
    expect(answer.status).toBe(status);
    expect((await call(`GET ${ONE}`)).body).toMatchObject({
      integration: { installationType: 'Saas', spec: held },
    });
    expect(port.integration('my-integration')?.spec).toEqual(held);
  });

  it('stays where a change does not name it, as when another program signs', async () => {
    const { port, call } = await anEmptyPort();
    port.putIntegration(hosted);
    await call(`PATCH ${ONE}`, { body: { version: '2.0.0' } });
    port.sign('my-integration', '3.0.0');
    expect(port.integration('my-integration')).toMatchObject({
      version: '3.0.0',
      spec: hosted.spec,
    });
  });
});

describe('a mapping that somebody saves in Port', () => {
  it('takes the place of the one before, and of nothing else', async () => {
    const { port } = await anEmptyPort();
    const spec = { appSpec: {} };
    port.putIntegration({ ...integration, spec });
    port.putMapping('my-integration', { resources: [] });
    expect(port.integration('my-integration')).toMatchObject({
      version: '1.0.0',
      config: { resources: [] },
      spec,
    });
  });
});

describe('who may read integrations', () => {
  it.each<['all' | 'own' | 'none', number, number]>([
    ['all', 200, 200],
    ['own', 403, 200],
    ['none', 403, 403],
  ])('%s', async (integrations, list, one) => {
    const { port, call } = await anEmptyPort({ conduct: { integrations } });
    port.putIntegration(integration);
    expect((await call('GET /v1/integration')).status).toBe(list);
    expect((await call(`GET ${ONE}`)).status).toBe(one);
  });
});

describe('data sources', () => {
  const found = async (
    { call }: PortUnderTest,
    rule: { readonly operator: string; readonly value: string },
  ): Promise<unknown> => {
    const { body } = await call('POST /v1/blueprints/user/entities/search', {
      body: {
        query: { combinator: 'and', rules: [{ property: '$datasource', ...rule }] },
        include: ['$identifier'],
      },
    });
    return body;
  };

  it.each<[string, string, readonly string[]]>([
    ['contains', '/prod/exporter', ['of-prod', 'of-eu-prod']],
    ['endsWith', '/prod/exporter', ['of-prod', 'of-eu-prod']],
    ['contains', '/eu/prod/exporter', ['of-eu-prod']],
    ['contains', '/PROD/exporter', []],
    ['beginsWith', 'port-ocean/bitbucket-server/', ['of-prod', 'of-eu-prod']],
    ['=', userAgent('prod'), ['of-prod']],
  ])('of nested identifiers: %s %s', async (operator, value, identifiers) => {
    const underTest = await aPort();
    const { port } = underTest;
    port.putEntity('user', { identifier: 'of-prod' }, { datasource: userAgent('prod') });
    port.putEntity('user', { identifier: 'of-eu-prod' }, { datasource: userAgent('eu/prod') });
    port.putEntity('user', { identifier: 'by-hand' }, { datasource: null });
    const entities = identifiers.map((identifier) => ({ identifier }));
    const answered = await found(underTest, { operator, value });
    expect(answered).toMatchObject({
      entities: operator === 'beginsWith' ? [{ identifier: 'ada' }, ...entities] : entities,
    });
  });

  it('are stored in lower case where Port does so', async () => {
    const underTest = await aPort({ conduct: { datasourceCase: 'lower' } });
    await underTest.call('POST /v1/blueprints/user/entities/bulk', {
      query: 'upsert=true',
      body: { entities: [{ identifier: 'bea' }] },
      headers: { 'user-agent': userAgent('My-Integration') },
    });
    expect(underTest.port.entity('user', 'bea')?.datasource).toBe(userAgent('my-integration'));
  });
});

describe('what every organization has', () => {
  it('are users and teams, who are deleted like anything else', async () => {
    const { port, call } = await anEmptyPort({ systemBlueprints: true });
    expect(port.blueprints().map(({ identifier }) => identifier)).toEqual(['_team', '_user']);
    port.putEntity('_user', { identifier: 'ada@example.com' }, { datasource: null });
    await call('POST /v1/blueprints/_user/bulk/entities/delete', {
      query: 'delete_dependents=false',
      body: { entities: ['ada@example.com'] },
    });
    expect(port.entities('_user')).toEqual([]);
  });
});

describe('a listener', () => {
  it('hears of each request by its number, and may keep the answer waiting', async () => {
    const { port, call } = await anEmptyPort();
    const heard: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    port.watch((request, number) => {
      heard.push(`${number} ${request.method} ${request.path}`);
      if (number !== 2) return undefined;
      heard.push('waits');
      setImmediate(release);
      return released;
    });
    await call('GET /v1/organization');
    expect(heard).toEqual(['1 POST /v1/auth/access_token', '2 GET /v1/organization', 'waits']);
    port.reset();
    await call('GET /v1/organization');
    expect(heard).toHaveLength(3);
  });
});
