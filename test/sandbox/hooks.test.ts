import { afterEach, describe, expect, it } from '@jest/globals';
import { startCloud, type SandboxCloud } from '../../src/sandbox/cloud/cloud.js';
import {
  hookPermissions,
  readPermissions,
  type Credential,
} from '../../src/sandbox/cloud/credential.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { startDataCenter, type SandboxDataCenter } from '../../src/sandbox/server/data-center.js';
import type { Behaviour } from '../../src/sandbox/server/route.js';
import { aCompany } from '../world/a-company.js';
import { createFakeClock } from '../world/fake-clock.js';
import { member } from './server/a-data-center.js';

const company = (): Company => aCompany().withRepository('PAY', 'api').build();

/** What a server that was sent a request answered. */
interface Answered {
  readonly status: number;
  readonly body: unknown;
}

const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Sends `PUT /projects/PAY/webhooks/1` below `root`. */
async function send(
  root: string,
  authorization: string,
  operation: string,
  body?: object,
): Promise<Answered> {
  const [method = '', path = ''] = operation.split(' ');
  const response = await fetch(`${root}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, body: parsed };
}

describe('webhooks of Data Center', () => {
  async function start(
    behaviour: Partial<Behaviour> = {},
  ): Promise<
    SandboxDataCenter & { call: (operation: string, body?: object) => Promise<Answered> }
  > {
    const server = await startDataCenter({ company: company(), token: 'secret', ...behaviour });
    running.push(server);
    const root = `${server.url}/rest/api/latest`;
    return {
      ...server,
      call: (operation, body) => send(root, 'Bearer secret', operation, body),
    };
  }

  const hook = {
    name: 'Port',
    url: 'https://ingest.getport.io/key',
    active: true,
    events: ['pr:merged'],
    configuration: { secret: 'sixteen characters' },
  };

  it.each(['/projects/PAY/webhooks', '/projects/PAY/repos/api/webhooks'])(
    'are made, read, changed and deleted: %s',
    async (path) => {
      const { call, hooks, violations } = await start();
      const made = await call(`POST ${path}`, hook);
      expect(made).toMatchObject({ status: 200, body: { id: 1, ...hook, configuration: {} } });
      expect(await call(`GET ${path}?limit=1000`)).toMatchObject({
        status: 200,
        body: { size: 1, limit: 25, isLastPage: true, values: [made.body] },
      });
      const events = ['pr:deleted', 'repo:modified'];
      const changed = await call(`PUT ${path}/1`, { ...hook, events, configuration: {} });
      expect(changed).toMatchObject({ status: 200, body: { id: 1, events } });
      // Whatever is sent replaces all that there was.
      expect(hooks.list()).toMatchObject([{ secret: null }]);
      expect(await call(`GET ${path}/1`)).toEqual(changed);
      expect(await call(`DELETE ${path}/1`)).toEqual({ status: 204, body: null });
      expect((await call(`GET ${path}/1`)).status).toBe(404);
      expect(violations).toEqual([]);
    },
  );

  it('come 25 on a page, whatever the limit', async () => {
    const { call, hooks } = await start();
    for (let count = 0; count < 26; count += 1) {
      hooks.add('PAY', { ...hook, secret: null });
    }
    const path = 'GET /projects/PAY/webhooks?limit=1000';
    expect(await call(path)).toMatchObject({ body: { size: 25, nextPageStart: 25 } });
    expect(await call(`${path}&start=25`)).toMatchObject({ body: { size: 1, isLastPage: true } });
  });

  it.each([
    ['8.7.3', '/projects/PAY/webhooks', ['pr:merged'], 404],
    ['8.7.3', '/projects/PAY/repos/api/webhooks', ['pr:merged'], 200],
    ['8.8.0', '/projects/PAY/webhooks', ['pr:merged', 'project:modified'], 200],
    ['8.19.1', '/projects/PAY/webhooks', ['project:modified'], 200],
    ['9.4.1', '/projects/PAY/repos/api/webhooks', ['project:modified'], 400],
    ['9.4.1', '/projects/PAY/webhooks', ['pr:exploded'], 400],
    ['9.4.1', '/projects/NONE/webhooks', ['pr:merged'], 404],
  ])('of %s below %s for %j: %i', async (version, path, events, status) => {
    const { call, violations } = await start({ version });
    expect((await call(`POST ${path}`, { ...hook, events })).status).toBe(status);
    expect(violations).toEqual([]);
  });

  it.each([401, 403] as const)('are refused with %i where the caller may not', async (status) => {
    const { call } = await start({
      refusesHooks: ({ project, slug }) => (project === 'PAY' && slug !== 'api' ? status : null),
    });
    const refused = await call('GET /projects/PAY/webhooks');
    expect(refused).toMatchObject({
      status,
      body: { errors: [{ exceptionName: 'com.atlassian.bitbucket.AuthorisationException' }] },
    });
    expect((await call('POST /projects/PAY/webhooks', hook)).status).toBe(status);
    expect((await call('GET /projects/PAY/repos/api/webhooks')).status).toBe(200);
  });

  it('may show their secret, and be made with 201', async () => {
    const { call } = await start({ tellsHookSecrets: true, createdHook: 201 });
    const made = await call('POST /projects/PAY/webhooks', hook);
    expect(made).toMatchObject({ status: 201, body: hook });
  });
});

describe('webhooks of Cloud', () => {
  async function start(
    credential: Partial<Extract<Credential, { type: 'api-token' }>> = {},
    refusesHooks: (slug: string | null) => boolean = () => false,
  ): Promise<SandboxCloud & { call: (operation: string, body?: object) => Promise<Answered> }> {
    const login = { type: 'api-token', email: 'a@example.com', token: 'secret' } as const;
    const server = await startCloud({
      company: company(),
      workspace: { slug: 'acme', name: 'Acme' },
      clock: createFakeClock(),
      credentials: [{ ...login, scopes: [...readPermissions, ...hookPermissions], ...credential }],
      refusesHooks,
    });
    running.push(server);
    const authorization = `Basic ${Buffer.from('a@example.com:secret').toString('base64')}`;
    return {
      ...server,
      call: (operation, body) => send(server.url, authorization, operation, body),
    };
  }

  const hook = {
    description: 'Port',
    url: 'https://ingest.getport.io/key',
    active: true,
    events: ['pullrequest:fulfilled'],
    secret: 'sixteen characters',
  };

  it.each(['/workspaces/acme/hooks', '/repositories/acme/api/hooks'])(
    'are made, read, changed and deleted: %s',
    async (path) => {
      const { call, hooks, violations } = await start();
      const made = await call(`POST ${path}`, hook);
      const { secret, ...shown } = hook;
      expect(made).toMatchObject({ status: 201, body: { ...shown, secret_set: true } });
      expect(made.body).not.toHaveProperty('secret');
      const list = await call(`GET ${path}?pagelen=100`);
      expect(list).toMatchObject({ status: 200, body: { size: 1, values: [made.body] } });
      const one = `${path}/${encodeURIComponent(String(member(made.body, 'uuid')))}`;
      const changed = await call(`PUT ${one}`, { active: false });
      expect(changed).toMatchObject({ status: 200, body: { ...shown, active: false } });
      expect(hooks.list()).toMatchObject([{ secret }]);
      await call(`PUT ${one}`, { secret: '' });
      expect(await call(`GET ${one}`)).toMatchObject({ body: { secret_set: false } });
      expect(await call(`DELETE ${one}`)).toEqual({ status: 204, body: null });
      expect((await call(`GET ${one}`)).status).toBe(404);
      expect(violations).toEqual([]);
    },
  );

  it.each([
    ['a token without the scopes', { scopes: readPermissions }, 403, 403, 403],
    [
      'one that may only read them',
      { scopes: [...readPermissions, 'read:webhook:bitbucket'] },
      200,
      403,
      200,
    ],
    ['one who only reads the repository', { role: () => 'member' as const }, 200, 201, 403],
  ])('are for who may: %s', async (_, credential, list, create, ofRepository) => {
    const { call } = await start(credential);
    expect((await call('GET /workspaces/acme/hooks')).status).toBe(list);
    expect((await call('POST /workspaces/acme/hooks', hook)).status).toBe(create);
    expect((await call('GET /repositories/acme/api/hooks')).status).toBe(ofRepository);
  });

  it('may be refused for the workspace alone', async () => {
    const { call } = await start({}, (slug) => slug === null);
    expect((await call('POST /workspaces/acme/hooks', hook)).status).toBe(403);
    expect((await call('POST /repositories/acme/api/hooks', hook)).status).toBe(201);
  });

  it.each([
    ['an unknown event', { ...hook, events: ['pr:merged'] }],
    ['no event', { ...hook, events: [] }],
    ['a secret of 129 characters', { ...hook, secret: 's'.repeat(129) }],
  ])('are refused with %s', async (_, body) => {
    const { call, violations } = await start();
    expect((await call('POST /workspaces/acme/hooks', body)).status).toBe(400);
    expect(violations).toHaveLength(1);
  });
});
