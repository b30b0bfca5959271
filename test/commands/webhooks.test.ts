import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/defaults/index.js';
import { readScopes } from '../../src/sandbox/cloud/credential.js';
import { mergePullRequest } from '../../src/sandbox/company/changes.js';
import { requireRepository } from '../../src/sandbox/company/lookup.js';
import type { DataCenterOptions } from '../../src/sandbox/server/data-center.js';
import { webhookIdentifier } from '../../src/port/webhooks.js';
import { writingRequests } from '../pipeline/plan-world.js';
import { IDENTIFIER, mappingOf, putMapping, resource } from '../pipeline/safety-world.js';
import { aCompany, aMoment } from '../world/a-company.js';
import { startCloudWorld, WORKSPACE_TOKEN } from '../world/a-cloud-world.js';
import { startWorld, type RunResult, type World } from '../world/a-world.js';

const SECRET = 'a secret of enough characters';
const WEBHOOK = webhookIdentifier({ type: 'bitbucket-server', identifier: IDENTIFIER });

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((world) => world.close()));
});

async function start(
  bitbucket: Partial<DataCenterOptions> = {},
  projects: readonly string[] = ['PAY', 'WEB'],
): Promise<World> {
  const company = projects.reduce((all, key) => all.withRepository(key, 'api'), aCompany()).build();
  const world = await startWorld(company, { bitbucket });
  closing.push(world);
  return world;
}

function webhooks(
  world: World,
  line: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<RunResult> {
  return world.run(`webhooks ${line}`, { WEBHOOK_SECRET: SECRET, ...env });
}

/** Requests that change either side, since the last call. */
function changes(world: World): readonly string[] {
  const sent = [...world.bitbucket.requests, ...world.port.requests]
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/access_token'))
    .map(({ method, path }) => `${method} ${path.replace('/rest/api/1.0', '')}`);
  world.forget();
  return sent.sort();
}

describe('webhooks apply', () => {
  it.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    ['8.7.3', {}, 'repository', ['PAY/api', 'WEB/api']],
    ['8.8.0', {}, 'project', ['PAY', 'WEB']],
    ['8.19.2', { IS_VERSION_8_7_OR_OLDER: 'False' }, 'project', ['PAY', 'WEB']],
    ['9.4.1', { IS_VERSION_8_7_OR_OLDER: 'True' }, 'repository', ['PAY/api', 'WEB/api']],
    ['9.4.1', { BITBUCKET_PROJECTS_FILTER: 'PAY' }, 'project', ['PAY']],
  ])(
    'makes webhooks on Data Center %s with %j in each %s, once',
    async (version, env, level, places) => {
      const world = await start({ version });
      const first = await webhooks(world, 'apply', env);
      expect(first).toMatchObject({ exitCode: 0 });
      expect(changes(world)).toHaveLength(3 + places.length);
      const [webhook] = world.port.webhooks();
      expect(webhook).toMatchObject({
        identifier: WEBHOOK,
        enabled: true,
        integrationType: 'custom',
        security: {
          secret: SECRET,
          signatureHeaderName: 'x-hub-signature',
          signatureAlgorithm: 'sha256',
          signaturePrefix: 'sha256=',
        },
      });
      const hooks = world.bitbucket.hooks.list();
      expect(hooks.map(({ place }) => place)).toEqual(places);
      for (const { url, secret, active, events } of hooks) {
        expect({ secret, active }).toEqual({ secret: SECRET, active: true });
        expect(url).toContain(webhook?.webhookKey);
        expect(first.stdout).toContain(`Bitbucket posts to ${url}`);
        expect(events).toContain('pr:merged');
        expect(events.includes('project:modified')).toBe(level === 'project');
      }
      expect(first.stdout + first.stderr).not.toContain(SECRET);

      const second = await webhooks(world, 'apply', env);
      expect(second.exitCode).toBe(0);
      expect(second.stdout).toContain(`Applied: ${places.length + 1} unchanged`);
      expect(changes(world)).toEqual([]);
    },
  );

  it('is driven by the variables of the script that it replaces', async () => {
    const world = await start({ version: '9.4.1' });
    const { env } = world;
    const unset = Object.fromEntries(
      Object.keys(env).flatMap((name) => (name.startsWith('OCEAN__') ? [[name, undefined]] : [])),
    );
    const result = await webhooks(world, 'apply', {
      ...unset,
      PORT_CLIENT_ID: env.OCEAN__PORT__CLIENT_ID,
      PORT_CLIENT_SECRET: env.OCEAN__PORT__CLIENT_SECRET,
      PORT_API_URL: `${env.OCEAN__PORT__BASE_URL ?? ''}/v1`,
      BITBUCKET_HOST: env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL,
      BITBUCKET_USERNAME: env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME,
      BITBUCKET_PASSWORD: env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD,
      BITBUCKET_PROJECTS_FILTER: 'PAY,WEB',
      WEBHOOK_SECRET: 'bitbucket_webhook_secret',
      IS_VERSION_8_7_OR_OLDER: 'False',
      PULL_REQUEST_STATE: 'ALL',
    });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('the one of a published script');
    expect(world.bitbucket.hooks.list().map(({ place }) => place)).toEqual(['PAY', 'WEB']);
    const [webhook] = world.port.webhooks();
    expect(webhook?.identifier.length).toBeLessThanOrEqual(30);
    expect(JSON.stringify(webhook?.mappings)).not.toContain('.state | IN');
  });

  it('makes them in repositories where a server without a version has none of projects', async () => {
    const world = await start({ version: '8.7.3' });
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/application-properties'),
      fault: { type: 'answer', answer: { status: 404 } },
    });
    expect((await webhooks(world, 'apply')).exitCode).toBe(0);
    const places = world.bitbucket.hooks.list().map(({ place }) => place);
    expect(places).toEqual(['PAY/api', 'WEB/api']);
  });

  it('does 39 of 40 projects where one refuses', async () => {
    const projects = Array.from({ length: 40 }, (_, index) => `P${index + 10}`);
    const world = await start(
      { refusesHooks: ({ project }) => (project === 'P20' ? 401 : null) },
      projects,
    );
    const { exitCode, stdout } = await webhooks(world, 'apply');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('webhooks of project P20 could not be managed');
    expect(stdout).toContain('PROJECT_ADMIN');
    expect(world.bitbucket.hooks.list()).toHaveLength(39);
    const refused = world.bitbucket.requests.filter(({ path }) => path.includes('/P20/'));
    expect(refused).toHaveLength(1);
  });

  it('writes nothing where no project lets its webhooks be managed', async () => {
    const world = await start({ refusesHooks: () => 403 });
    const { exitCode, result } = await webhooks(world, 'apply');
    expect(exitCode).toBe(3);
    expect(result).toContain('does not let these credentials manage webhooks in any of 2 places');
    expect(changes(world)).toEqual([]);
  });

  it('asks no more once Bitbucket refuses the credentials', async () => {
    const world = await start();
    const exceptionName = 'com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException';
    const body = { errors: [{ context: null, message: 'Authentication failed.', exceptionName }] };
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/webhooks'),
      fault: { type: 'answer', answer: { status: 401, body } },
    });
    const { exitCode } = await webhooks(world, 'apply');
    expect(exitCode).toBe(3);
    const asked = world.bitbucket.requests.filter(({ path }) => path.endsWith('/webhooks'));
    expect(asked).toHaveLength(1);
    expect(changes(world)).toEqual([]);
  });

  it('makes no webhook twice where the answer to the first was lost', async () => {
    const world = await start();
    world.bitbucket.fail({
      when: ({ method }) => method === 'POST',
      fault: { type: 'lost-answer' },
      times: 1,
    });
    expect((await webhooks(world, 'apply')).exitCode).toBe(4);
    expect((await webhooks(world, 'apply')).exitCode).toBe(0);
    expect(world.bitbucket.hooks.list().map(({ place }) => place)).toEqual(['PAY', 'WEB']);
  });

  it('is told of by check, and cannot be noted where Port hosts the integration', async () => {
    const world = await start();
    putMapping(world, DEFAULTS['bitbucket-server'].mapping, { spec: {} });
    await webhooks(world, 'apply');
    const checked = await world.run('check');
    expect(checked.result).toContain(`webhook ${WEBHOOK} in Port maps as the mapping does`);

    world.port.putIntegration({
      ...{ installationId: IDENTIFIER, installationAppType: 'bitbucket-server' },
      ...{ version: '0.2.57', installationType: 'Saas' },
      config: DEFAULTS['bitbucket-server'].mapping,
    });
    const { exitCode, result } = await webhooks(world, 'apply');
    expect(exitCode).toBe(0);
    expect(result).toContain('Set WEBHOOK_SECRET for sync as well');
  });

  it('corrects what somebody changed, and leaves what is not ours', async () => {
    const world = await start();
    await webhooks(world, 'apply');
    const [pay, web] = world.bitbucket.hooks.list();
    if (pay === undefined || web === undefined) throw new Error('no webhooks');
    world.bitbucket.hooks.change(pay, { ...pay, active: false });
    world.bitbucket.hooks.add('WEB', { ...web });
    world.bitbucket.hooks.add('WEB', { ...web, url: 'https://ci.example.com/hook' });
    world.forget();
    const { exitCode, stdout } = await webhooks(world, 'apply');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('~ project PAY: updated\n    active: false -> true');
    expect(changes(world)).toEqual([
      'DELETE /projects/WEB/webhooks/3',
      'PUT /projects/PAY/webhooks/1',
    ]);
    expect(world.bitbucket.hooks.list().map(({ id, secret }) => [id, secret])).toEqual([
      [1, SECRET],
      [2, SECRET],
      [4, SECRET],
    ]);
  });

  it('follows the mapping, and sets a secret anew on both sides when told to', async () => {
    const world = await start();
    await webhooks(world, 'apply');
    world.forget();
    putMapping(
      world,
      mappingOf([
        resource('pull-request', {
          identifier: '.toRef.repository.project.key + "/" + (.id | tostring)',
          title: '.title',
          blueprint: '"bitbucketPullRequest"',
        }),
      ]),
      { spec: world.port.integration(IDENTIFIER)?.spec ?? {} },
    );
    const outdated = await world.run('plan --kinds project');
    expect(outdated.result).toContain(`webhook ${WEBHOOK} in Port maps otherwise than the mapping`);
    world.forget();
    expect((await webhooks(world, 'apply')).exitCode).toBe(0);
    // Of repositories and projects, nothing is mapped any more.
    expect(changes(world)).toEqual([
      `PATCH /v1/webhooks/${WEBHOOK}`,
      'PUT /projects/PAY/webhooks/1',
      'PUT /projects/WEB/webhooks/2',
    ]);
    expect(world.port.webhooks()[0]?.security?.secret).toBe(SECRET);

    const fresh = 'another secret of enough characters';
    const rotated = await webhooks(world, 'apply --rotate-secret', { WEBHOOK_SECRET: fresh });
    expect(rotated.exitCode).toBe(0);
    expect(rotated.stdout).not.toContain(fresh);
    expect(world.port.webhooks()[0]?.security?.secret).toBe(fresh);
    expect(world.bitbucket.hooks.list().map(({ secret }) => secret)).toEqual([fresh, fresh]);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, string, string]>([
    ['no secret', { WEBHOOK_SECRET: undefined }, 'apply', 'Set WEBHOOK_SECRET'],
    ['a short secret', { WEBHOOK_SECRET: 'too short' }, 'apply', '16 to 128 characters'],
    ['a level of Cloud', {}, 'apply --level workspace', 'project or repository'],
    ['a doubtful boolean', { IS_VERSION_8_7_OR_OLDER: 'perhaps' }, 'plan', 'true or false'],
  ])('refuses %s before anything is sent', async (_, env, line, words) => {
    const world = await start();
    const { exitCode, stderr } = await webhooks(world, line, env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('too short');
    expect([...world.bitbucket.requests, ...world.port.requests]).toEqual([]);
  });

  it('refuses a mapping whose selector fails on a sample event', async () => {
    const world = await start();
    const mappings = { identifier: '.id', title: '.title', blueprint: '"bitbucketPullRequest"' };
    putMapping(
      world,
      mappingOf([
        { ...resource('pull-request', mappings), selector: { query: '.id | test("a")' } },
      ]),
    );
    const { exitCode, result } = await webhooks(world, 'apply');
    expect(exitCode).toBe(2);
    expect(result).toContain('pull-request fails on a sample of the event pr:merged');
    expect(changes(world)).toEqual([]);
  });
});

describe('webhooks plan', () => {
  it('shows both sides field by field, what is left to sync and samples, and writes nothing', async () => {
    const world = await start();
    const { exitCode, stdout, stderr } = await webhooks(world, 'plan --detailed-exitcode');
    expect(exitCode).toBe(10);
    expect(stdout).toContain(`+ webhook ${WEBHOOK} in Port: to create`);
    expect(stdout).toContain('    enabled: true');
    expect(stdout).toContain('    mappings[0].entity.identifier: ".body.new.key"');
    expect(stdout).toContain('+ project PAY: to create');
    expect(stdout).toContain('    secret: "(set)"');
    expect(stdout).toContain('  - user: Bitbucket has no event of a user');
    expect(stdout).toContain('  pr:merged of pull-request -> bitbucketPullRequest api-42');
    expect(stdout).toContain('Plan: 4 to create');
    expect(stderr).toContain('run sync first');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(writingRequests(world.port)).toEqual([]);
    expect(changes(world)).toEqual([]);
    expect(world.bitbucket.hooks.list()).toEqual([]);

    await webhooks(world, 'apply');
    const again = await webhooks(world, 'plan --detailed-exitcode');
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain('Plan: 3 unchanged');
  });

  it('is JSON for programs', async () => {
    const world = await start();
    const { stdout } = await webhooks(world, 'plan --output json');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      exitCode: 0,
      action: 'plan',
      steps: [
        { target: `webhook ${WEBHOOK} in Port`, action: 'create', status: 'planned' },
        { target: `integration ${IDENTIFIER} in Port`, action: 'create' },
        { target: 'project PAY', action: 'create' },
        { target: 'project WEB', action: 'create' },
      ],
      samples: expect.arrayContaining([
        expect.objectContaining({ event: 'pr:merged', isSelected: true }),
      ]),
      problems: [],
    });
    expect(stdout).not.toContain(SECRET);
  });
});

describe('webhooks remove', () => {
  it('takes away what posts to the webhook in Port, then that one', async () => {
    const world = await start();
    await webhooks(world, 'apply');
    world.bitbucket.hooks.add('PAY', {
      ...{ name: 'CI', url: 'https://ci.example.com/hook', active: true },
      ...{ events: ['pr:opened'], secret: null },
    });
    world.forget();
    const { exitCode, stdout } = await world.run('webhooks remove');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Removed: 3 removed');
    expect(world.bitbucket.hooks.list().map(({ name }) => name)).toEqual(['CI']);
    expect(world.port.webhooks()).toEqual([]);
    const again = await world.run('webhooks remove');
    expect(again.stdout).toContain('Removed: there is no webhook of ours');
  });

  it('keeps the webhook in Port while one of Bitbucket posts to it', async () => {
    let isRefused = false;
    const world = await start({
      refusesHooks: ({ project }) => (isRefused && project === 'WEB' ? 403 : null),
    });
    await webhooks(world, 'apply');
    isRefused = true;
    const { exitCode } = await world.run('webhooks remove');
    expect(exitCode).toBe(4);
    expect(world.bitbucket.hooks.list().map(({ place }) => place)).toEqual(['WEB']);
    expect(world.port.webhooks()).toHaveLength(1);
  });

  it('tells that the webhook in Port stays where only some projects are cleared', async () => {
    const world = await start();
    await webhooks(world, 'apply');
    for (const projects of ['PAY', 'PAY,WEB']) {
      const { exitCode, stdout } = await world.run(`webhooks remove --projects ${projects}`);
      expect(exitCode).toBe(0);
      expect(stdout.replace(/\s+/gu, ' ')).toContain(
        'in Port, which stays until it is removed without --projects or BITBUCKET_PROJECTS_FILTER',
      );
      expect(world.port.webhooks()).toHaveLength(1);
    }
    await world.run('webhooks remove');
    expect(world.port.webhooks()).toEqual([]);
  });
});

describe('on Bitbucket Cloud', () => {
  it.each<[string, (slug: string | null) => boolean, readonly string[]]>([
    ['the workspace', () => false, ['/2.0/workspaces/fernlicht/hooks']],
    [
      'each repository, where the workspace refuses',
      (slug) => slug === null,
      ['/2.0/repositories/fernlicht/api/hooks', '/2.0/repositories/fernlicht/web/hooks'],
    ],
  ])('webhooks are made in %s, and removed', async (_, refusesHooks, places) => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', { id: 7, author: 'ann' })
      .withRepository('PAY', 'web')
      .build();
    const scopes = [...readScopes, 'webhook'];
    const token = { type: 'workspace-token', token: WORKSPACE_TOKEN, scopes } as const;
    const world = await startCloudWorld(company, {
      bitbucket: { credentials: [token], refusesHooks },
    });
    closing.push(world);
    const env = { WEBHOOK_SECRET: SECRET };
    const { exitCode, stdout } = await world.run('webhooks apply', { env });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const made = world.bitbucket.requests.filter(({ method }) => method === 'POST');
    expect(made.map(({ path }) => path).sort()).toEqual(places);
    const hooks = world.bitbucket.hooks.list();
    expect(new Set(hooks.map(({ secret }) => secret))).toEqual(new Set([SECRET]));
    expect(hooks[0]?.events.includes('project:updated')).toBe(places.length === 1);
    const second = await world.run('webhooks apply', { env });
    expect(second.stdout).toContain(`Applied: ${places.length + 1} unchanged`);

    await world.run('sync', { env });
    expect(world.port.entity('bitbucketPullRequest', 'api7')?.properties.status).toBe('OPEN');
    await world.bitbucket.tell({
      ...{ type: 'pull-request', change: 'merged', by: 'ann', at: aMoment },
      repository: requireRepository(company, 'PAY', 'api'),
      pullRequest: mergePullRequest(company, 'PAY', 'api', 7, aMoment),
    });
    expect(world.port.entity('bitbucketPullRequest', 'api7')?.properties.status).toBe('MERGED');

    await world.run('webhooks remove');
    expect(world.bitbucket.hooks.list()).toEqual([]);
    expect(world.port.webhooks()).toEqual([]);
  });
});
