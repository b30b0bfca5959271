import { afterEach, describe, expect, it } from '@jest/globals';
import { startCloud, type SandboxCloud } from '../../src/sandbox/cloud/cloud.js';
import {
  hookPermissions,
  readPermissions,
  type Credential,
} from '../../src/sandbox/cloud/credential.js';
import { mergePullRequest, renameRepository } from '../../src/sandbox/company/changes.js';
import { requirePullRequest, requireRepository } from '../../src/sandbox/company/lookup.js';
import type { Happening } from '../../src/sandbox/happening.js';
import { post, type Delivery } from '../../src/sandbox/hooks.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { startDataCenter, type SandboxDataCenter } from '../../src/sandbox/server/data-center.js';
import type { Behaviour } from '../../src/sandbox/server/route.js';
import { startPort, type SandboxPort } from '../../src/sandbox/port/port.js';
import type { SandboxPortOptions } from '../../src/sandbox/port/state.js';
import type { IngestedEvent } from '../../src/sandbox/port/webhooks.js';
import { aCompany, aMoment, aPullRequest } from '../world/a-company.js';
import { findJq } from '../world/world-around.js';
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

  it('stay where they are when the repository gets another name', async () => {
    const { call, company: served } = await start();
    await call('POST /projects/PAY/repos/api/webhooks', hook);
    renameRepository(served, 'PAY', 'api', 'core');
    const { body } = await call('GET /projects/PAY/repos/core/webhooks');
    expect(body).toMatchObject({ values: [{ id: 1 }] });
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

describe('events', () => {
  /** Makes a pull request of any that an event tells of. */
  const mapping = {
    blueprint: 'pullRequest',
    filter: '.body.eventKey | IN("pr:opened", "pr:merged")',
    entity: {
      identifier: '.body.pullRequest | "\\(.toRef.repository.slug)-\\(.id)"',
      title: '.body.pullRequest.title',
      properties: { state: '.body.pullRequest.state', owner: '.body.pullRequest.author.user.name' },
      relations: { repository: '.body.pullRequest.toRef.repository.slug' },
    },
  };
  const deletion = {
    blueprint: 'pullRequest',
    operation: { type: 'delete', deleteDependents: false },
    filter: '.headers["X-Event-Key"] == "pr:deleted"',
    entity: { identifier: mapping.entity.identifier },
  };
  const security = {
    secret: 'sixteen characters',
    signatureHeaderName: 'x-hub-SIGNATURE',
    signatureAlgorithm: 'sha256',
    signaturePrefix: 'sha256=',
    requestIdentifierPath: '.headers["X-Request-Id"]',
  };
  const own = 'port-ocean/bitbucket-server/1.0.0/prod/exporter';

  /** A Data Center whose project tells Port of its pull requests. */
  async function start(
    options: Partial<SandboxPortOptions> = {},
    events = ['pr:opened', 'pr:merged', 'pr:deleted'],
  ): Promise<{
    bitbucket: SandboxDataCenter;
    port: SandboxPort;
    happens: (change: 'merged' | 'deleted') => Happening;
  }> {
    const built = aCompany()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', { id: 7, author: 'ann' })
      .build();
    const bitbucket = await startDataCenter({ company: built, token: 'secret' });
    const client = { clientId: 'client', clientSecret: 'secret' };
    const port = await startPort({ ...client, clock: createFakeClock(), jq: findJq, ...options });
    running.push(bitbucket, port);
    port.putBlueprint({
      identifier: 'repository',
      title: 'Repository',
      schema: { properties: {} },
    });
    port.putBlueprint({
      identifier: 'pullRequest',
      title: 'Pull request',
      schema: {
        properties: {
          state: { type: 'string' },
          owner: { type: 'string' },
          size: { type: 'number' },
        },
      },
      relations: { repository: { target: 'repository', required: false, many: false } },
    });
    port.putEntity(
      'pullRequest',
      { identifier: 'api-7', properties: { state: 'OPEN', size: 3 } },
      { datasource: own },
    );
    const token = await send(port.url, '', 'POST /v1/auth/access_token', client);
    const made = await send(
      port.url,
      `Bearer ${String(member(token.body, 'accessToken'))}`,
      'POST /v1/webhooks',
      { identifier: 'hook', title: 'Hook', enabled: true, mappings: [mapping, deletion], security },
    );
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).not.toContain(security.secret);
    const url = String(member(made.body, 'integration', 'url'));
    bitbucket.hooks.add('PAY', {
      name: 'Port',
      url,
      active: true,
      events,
      secret: security.secret,
    });
    const happens = (change: 'merged' | 'deleted'): Happening => ({
      type: 'pull-request',
      change,
      repository: requireRepository(built, 'PAY', 'api'),
      pullRequest:
        change === 'merged'
          ? mergePullRequest(built, 'PAY', 'api', 7, aMoment)
          : requirePullRequest(built, 'PAY', 'api', 7),
      by: 'ann',
      at: aMoment,
    });
    return { bitbucket, port, happens };
  }

  it('are signed and posted, checked and mapped', async () => {
    const { bitbucket, port, happens } = await start();
    const [delivery] = await bitbucket.tell(happens('merged'));
    expect(delivery).toMatchObject({
      status: 200,
      headers: {
        'X-Event-Key': 'pr:merged',
        'X-Hub-Signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
      },
    });
    expect(port.events).toEqual([{ webhook: 'hook', outcome: 'mapped', problems: [] }]);
    expect(port.entity('pullRequest', 'api-7')).toMatchObject({
      properties: { state: 'MERGED', owner: 'ann', size: 3 },
      relations: { repository: 'api' },
      datasource: own,
    });
    expect(port.entity('repository', 'api')?.datasource).toBe('webhook/hook');
  });

  it('may change whose an entity is', async () => {
    const { bitbucket, port, happens } = await start({ datasource: 'last-writer' });
    await bitbucket.tell(happens('merged'));
    expect(port.entity('pullRequest', 'api-7')?.datasource).toBe('webhook/hook');
  });

  it('may delete what they tell of, and what a webhook does not want is not sent', async () => {
    const { bitbucket, port, happens } = await start({}, ['pr:deleted']);
    expect(await bitbucket.tell(happens('merged'))).toEqual([]);
    await bitbucket.tell(happens('deleted'));
    expect(port.entities('pullRequest')).toEqual([]);
  });

  it.each<[string, IngestedEvent['outcome'] | null, (sent: Delivery) => Partial<Delivery>]>([
    ['forged', 'forged', ({ body }) => ({ body: body.replace('MERGED', 'OPEN') })],
    [
      'unsigned',
      'forged',
      ({ headers }) => ({ headers: { 'X-Event-Key': headers['X-Event-Key'] ?? '' } }),
    ],
    ['sent again', 'repeated', () => ({})],
    ['larger than 512 KiB', null, ({ body }) => ({ body: body + ' '.repeat(524_288) })],
  ])('change nothing when they are %s', async (_, outcome, change) => {
    const { bitbucket, port, happens } = await start();
    const [sent] = await bitbucket.tell(happens('merged'));
    if (sent === undefined) throw new Error('nothing was sent');
    port.reset();
    const { hook, headers, body } = { ...sent, ...change(sent) };
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    expect(await post(hook.url, { ...headers, ...length }, body)).toBe(
      outcome === null ? 413 : 200,
    );
    expect(port.events.map((event) => event.outcome)).toEqual(outcome === null ? [] : [outcome]);
    expect(port.writes).toEqual([]);
  });
});

describe('what happens', () => {
  const built = company();
  const repository = requireRepository(built, 'PAY', 'api');
  const [project] = built.projects;
  if (project === undefined) throw new Error('there is no project');
  const done = { by: 'admin', at: aMoment } as const;
  const pullRequest = aPullRequest({ id: 7, state: 'MERGED', mergeCommit: 'c0ffee' });
  const happened = {
    merge: { ...done, type: 'pull-request', change: 'merged', repository, pullRequest },
    deletion: { ...done, type: 'pull-request', change: 'deleted', repository, pullRequest },
    push: { ...done, type: 'push', repository, branch: 'main', from: null, to: 'c0ffee' },
    creation: { ...done, type: 'repository', repository, before: null },
    renaming: { ...done, type: 'repository', repository, before: { ...repository, name: 'old' } },
    project: { ...done, type: 'project', project, before: { ...project, name: 'Old' } },
  } as const satisfies Readonly<Record<string, Happening>>;

  const unheard = { name: '', url: 'http://127.0.0.1:1', active: true, secret: null };
  const posted = async (
    { hooks, tell }: Pick<SandboxDataCenter, 'hooks' | 'tell'>,
    hook: { readonly place: string; readonly event: string },
    happening: Happening,
  ): Promise<unknown> => {
    hooks.add(hook.place, { ...unheard, events: [hook.event] });
    const [delivery] = await tell(happening);
    if (delivery === undefined) return null;
    // Nobody listens there.
    expect(delivery).toMatchObject({ status: null, headers: { 'X-Event-Key': hook.event } });
    const body: unknown = JSON.parse(delivery.body);
    return body;
  };

  it.each<[keyof typeof happened, string, string, object | null]>([
    ['merge', 'PAY/api', 'pr:merged', { pullRequest: { properties: { mergeCommit: {} } } }],
    ['merge', 'PAY', 'pr:merged', { pullRequest: { toRef: { repository: { slug: 'api' } } } }],
    ['deletion', 'PAY', 'pr:deleted', { pullRequest: { id: 7 } }],
    ['push', 'PAY', 'repo:refs_changed', { changes: [{ type: 'ADD', toHash: 'c0ffee' }] }],
    ['renaming', 'PAY/api', 'repo:modified', { old: { name: 'old' }, new: { slug: 'api' } }],
    ['creation', 'PAY', 'repo:modified', null],
    ['project', 'PAY', 'project:modified', { old: { name: 'Old' }, new: { key: 'PAY' } }],
    ['project', 'PAY/api', 'project:modified', null],
  ])('is told by Data Center: %s, to a webhook of %s, as %s', async (what, place, event, body) => {
    const server = await startDataCenter({ company: built, token: 'secret' });
    running.push(server);
    const found = await posted(server, { place, event }, happened[what]);
    if (body === null) expect(found).toBeNull();
    else
      expect(found).toMatchObject({ ...body, eventKey: event, date: '2025-05-20T12:37:29+0000' });
  });

  it.each<[keyof typeof happened, string, object | null]>([
    ['merge', 'pullrequest:fulfilled', { pullrequest: { state: 'MERGED', reviewers: [] } }],
    ['deletion', 'pullrequest:rejected', null],
    ['push', 'repo:push', { push: { changes: [{ created: true, new: { name: 'main' } }] } }],
    ['renaming', 'repo:updated', { changes: { name: { old: 'old' } } }],
    ['creation', 'repo:created', { repository: { full_name: 'acme/api' } }],
    ['project', 'project:updated', { project: { key: 'PAY' } }],
  ])('is told by Cloud: %s, to a webhook of the workspace, as %s', async (what, event, body) => {
    const server = await startCloud({
      company: built,
      workspace: { slug: 'acme', name: 'Acme' },
      clock: createFakeClock(),
      credentials: [],
    });
    running.push(server);
    const found = await posted(server, { place: 'workspace', event }, happened[what]);
    if (body === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ ...body, actor: { display_name: 'Admin' } });
  });
});
