import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../../src/model/json.js';
import { readScopes } from '../../src/sandbox/cloud/credential.js';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer, Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { startCloudWorld, WORKSPACE_TOKEN } from '../world/a-cloud-world.js';
import { aCompany } from '../world/a-company.js';
import { startServerWorld } from '../world/a-world.js';
import type { RunResult } from '../world/world-around.js';
import { deletedIn, entityWrites, FLAVOURS, type KindWorld } from './kinds-world.js';
import { status } from './safety-world.js';

type Flavour = (typeof FLAVOURS)[number];

/** What a test has to know of either Bitbucket. */
interface Sides {
  readonly restrictions: string;
  readonly reviewers: string;
  readonly project: string;
  readonly groups: string;
  readonly allow: string;
  readonly repositoryOf: (at: string) => string;
  readonly owner: string;
}

const SIDES: Readonly<Record<Flavour, Sides>> = {
  'bitbucket-cloud': {
    restrictions: 'repositories/{workspace}/{repository}/branch-restrictions',
    reviewers: 'repositories/{workspace}/{repository}/default-reviewers',
    project: 'workspaces/{workspace}/projects/{project}',
    groups: 'workspaces/{workspace}/members',
    allow: 'repositories/*/*/branch-restrictions, workspaces/{workspace}/**',
    repositoryOf: (at) => `${at}.full_name`,
    owner: 'fernlicht',
  },
  'bitbucket-server': {
    restrictions:
      'rest/branch-permissions/latest/projects/{project}/repos/{repository}/restrictions',
    reviewers: 'rest/default-reviewers/latest/projects/{project}/repos/{repository}/conditions',
    project: 'rest/api/latest/projects/{project}',
    groups: 'rest/api/latest/admin/groups',
    allow: 'rest/*/latest/projects/{project}/**, rest/api/latest/admin/groups',
    repositoryOf: (at) => `(${at === '' ? '.' : at} | .project.key + "/" + .slug)`,
    owner: 'PAY',
  },
};

function aCompanyWithRules(): Company {
  const rules = [1, 2].map((id) => ({ id, kind: 'push', pattern: `release/${id}` }) as const);
  const company = aCompany()
    .withUser({ name: 'ana' })
    .withRepository('PAY', 'api', { restrictions: rules, defaultReviewers: ['ana'] })
    .withRepository('PAY', 'blog', { restrictions: rules.slice(0, 1) })
    .withRepository('WEB', 'shop')
    .build();
  return { ...company, groups: [{ name: 'web', members: ['ana'] }] };
}

function resource(kind: string, selector: JsonObject, mappings: JsonObject): JsonObject {
  return { kind, selector: { query: 'true', ...selector }, port: { entity: { mappings } } };
}

const relation = (target: string) => ({ title: target, target, required: false, many: false });

function blueprint(identifier: string, relations: JsonObject = {}): JsonObject {
  const schema = { properties: { what: { type: 'string' } }, required: [] };
  return { identifier, title: identifier, icon: 'Git', schema, relations };
}

/** The usual resources, with requests beside them. */
function mappingWith(flavour: Flavour, requests: readonly JsonObject[]): JsonObject {
  const { repositoryOf } = SIDES[flavour];
  return {
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    resources: [
      resource('project', {}, { identifier: '.key', title: '.name', blueprint: '"project"' }),
      resource(
        'repository',
        {},
        { identifier: repositoryOf(''), title: '.slug', blueprint: '"repo"' },
      ),
      ...requests,
    ],
  };
}

/** What is asked of each repository. */
function rulesOf(flavour: Flavour, selector: JsonObject = {}): JsonObject {
  const { restrictions, repositoryOf } = SIDES[flavour];
  const repository = repositoryOf('.__repository');
  return resource(
    'request',
    { path: restrictions, each: 'repository', key: 'id', ...selector },
    {
      identifier: `${repository} + "/" + (.id | tostring)`,
      title: '.pattern // .matcher.displayId',
      blueprint: '"rule"',
      properties: { what: '.kind // .type' },
      relations: { repository },
    },
  );
}

async function startWorldOf(flavour: Flavour, company: Company): Promise<KindWorld> {
  const scopes = [...readScopes, 'repository:admin'];
  const token = { type: 'workspace-token', token: WORKSPACE_TOKEN, scopes } as const;
  const world: KindWorld =
    flavour === 'bitbucket-cloud'
      ? await startCloudWorld(company, { bitbucket: { credentials: [token] } })
      : await startServerWorld(company);
  for (const each of [
    blueprint('project'),
    blueprint('repo'),
    blueprint('rule', { repository: relation('repo') }),
    blueprint('fact', { project: relation('project') }),
  ]) {
    world.port.putBlueprint(each);
  }
  return world;
}

function putMapping(
  { port, clock }: KindWorld,
  flavour: Flavour,
  requests: readonly JsonObject[],
): void {
  const installationId = `my-${flavour}-integration`;
  const judged = new Date(clock.now()).toISOString().replace('.000Z', 'Z');
  port.putIntegration({
    spec: port.integration(installationId)?.spec ?? { bitbucketPort: { judged } },
    installationId,
    installationAppType: flavour,
    version: 'bitbucket-port-0.0.1',
    changelogDestination: {},
    config: mappingWith(flavour, requests),
  });
}

/** Gives a true answer with another body. */
function withBody(change: (body: unknown) => unknown, more: Partial<Answer> = {}): Fault {
  return {
    type: 'changed',
    change: (answer) => ({ ...answer, body: change(answer.body), ...more }),
  };
}

const page = (values: readonly unknown[]): Fault =>
  withBody(() => ({ values, isLastPage: true, pagelen: 100 }));

describe.each(FLAVOURS)('requests of %s', (flavour) => {
  const sides = SIDES[flavour];
  const isCloud = flavour === 'bitbucket-cloud';
  const all = [`${sides.owner}/api/1`, `${sides.owner}/api/2`, `${sides.owner}/blog/1`];
  const end = isCloud ? 'branch-restrictions' : 'restrictions';
  const isOf =
    (slug: string) =>
    ({ path: asked }: RecordedRequest): boolean =>
      asked.endsWith(`/${slug}/${end}`);
  const isAnyRule = ({ path: asked }: RecordedRequest): boolean => asked.endsWith(`/${end}`);
  let world: KindWorld;
  let company: Company;
  const sync = (line = 'sync', allow = sides.allow): Promise<RunResult> =>
    world.run(line, { env: { OCEAN__SYNC__ALLOW_REQUESTS: allow } });
  const rules = () => world.identifiers('rule');

  beforeAll(async () => {
    company = aCompanyWithRules();
    world = await startWorldOf(flavour, company);
  });
  afterEach(() => {
    world.forget();
  });
  afterAll(() => world.close());

  it('load what each repository has, with one request each, and nothing twice', async () => {
    putMapping(world, flavour, [rulesOf(flavour)]);
    expect(await sync()).toMatchObject({ exitCode: 0 });
    expect(rules()).toEqual(all);
    expect(world.port.entity('rule', all[1] ?? '')).toMatchObject({
      title: 'release/2',
      properties: { what: isCloud ? 'push' : 'read-only' },
      relations: { repository: `${sides.owner}/api` },
    });
    expect(world.bitbucket.requests.filter(isAnyRule)).toHaveLength(3);
    // Whatever an answer holds, Port gets no example of it.
    const examples = world.port.requests.filter(({ path: asked }) => asked.endsWith('/examples'));
    expect(examples.map(({ path: asked }) => asked.split('/').at(-2))).toEqual([
      'project',
      'repository',
    ]);
    world.forget();
    expect((await sync()).exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
  });

  it('are tried by check, each with what it asks for', async () => {
    const checked = await sync('check');
    expect(checked.result).toContain('request: may be read (1 request for each workspace, project');
    expect(world.bitbucket.requests.filter(isAnyRule)).toHaveLength(1);
    const refused = await sync('check', 'other');
    expect(refused.exitCode).toBe(4);
    expect(refused.stdout + refused.stderr).toContain('sync.allowRequests');
    expect(world.bitbucket.requests.filter(isAnyRule)).toHaveLength(1);
  });

  it.each<readonly [string, Fault, string]>([
    ['404', status(404), 'answered 404'],
    ['403', status(403), '403'],
    ['401', status(401), '401'],
    ['204', { type: 'answer', answer: { status: 204 } }, 'answered without a page'],
    ['an empty 200', withBody(() => ''), 'answered without a page'],
    ['no JSON', withBody(() => 'hello'), 'not JSON'],
    ['a list', withBody(() => []), 'nothing at values'],
    [
      'nothing where the items should be',
      withBody(() => ({ isLastPage: true })),
      'nothing at values',
    ],
    ['items that are no objects', page([1, 'two']), 'items without id'],
    ['an item without a key', page([{ id: null }, { id: 1 }]), 'items without id'],
    [
      'a full page that tells of no other',
      withBody((body) => {
        const { values, ...rest } = z.looseObject({ values: z.array(z.unknown()) }).parse(body);
        return {
          ...rest,
          size: undefined,
          isLastPage: undefined,
          pagelen: 1,
          values: values.slice(0, 1),
        };
      }),
      isCloud ? 'gave a full page that names no next one' : 'whether it is the last page',
    ],
    [
      'a key of several',
      page([
        { id: 1, a: 1 },
        { id: 1, a: 2 },
      ]),
      'several items whose id is 1',
    ],
  ])('keep what a repository had that answers with %s, and go on', async (_, fault, words) => {
    world.bitbucket.fail({ when: isOf('api'), fault });
    const { exitCode, stderr } = await sync();
    expect(exitCode).toBe(4);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(words);
    expect(deletedIn(world)).toEqual([]);
    expect(world.bitbucket.requests.some(isOf('blog'))).toBe(true);
    expect(rules()).toEqual(all);
  });

  it('are read to the last page, and cut off where there is none', async () => {
    const host = new URL(world.env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL ?? 'http://x')
      .host;
    const own = '/2.0/repositories/fernlicht/blog/branch-restrictions';
    let number = 10;
    const more: Fault = {
      type: 'answer',
      get answer() {
        number += 1;
        const next = `http://${host}${own}?page=${number}`;
        const paging = isCloud ? { next } : { isLastPage: false, nextPageStart: number };
        return { status: 200, body: { values: [{ id: number }], ...paging } };
      },
    };
    world.bitbucket.fail({ when: isOf('blog'), fault: more });
    const { exitCode, stderr } = await sync('plan');
    expect(exitCode).toBe(4);
    expect(stderr.replace(/\s+/gu, ' ')).toContain('takes more than 100 requests');
    expect(world.bitbucket.requests.filter(isOf('blog'))).toHaveLength(100);
  });

  it('follow no redirect and no next page to what is not allowed', async () => {
    const location = `${isCloud ? '/2.0/repositories/fernlicht/api' : '/rest/api/1.0/admin'}/hooks`;
    const answer = { status: 302, headers: { location } };
    world.bitbucket.fail({ when: isOf('blog'), fault: { type: 'answer', answer } });
    if (isCloud) {
      const next = `http://127.0.0.1${location}`;
      const host = new URL(world.env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_HOST_URL ?? '').host;
      const fault = withBody((body) => ({
        ...Object(body),
        next: next.replace('127.0.0.1', host),
      }));
      world.bitbucket.fail({ when: isOf('api'), fault });
    }
    const { exitCode, stderr } = await sync();
    expect(exitCode).toBe(4);
    expect(stderr).toContain('may not be asked for');
    expect(world.bitbucket.requests.filter(({ path: asked }) => asked.endsWith('/hooks'))).toEqual(
      [],
    );
    expect(deletedIn(world)).toEqual([]);
  });

  it('go once a complete listing no longer shows them, also while another repository is unread', async () => {
    changeRepository(company, 'PAY', 'api', { restrictions: [] });
    changeRepository(company, 'PAY', 'blog', { restrictions: [] });
    world.bitbucket.fail({ when: isOf('blog'), fault: status(404) });
    const { exitCode } = await sync();
    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual(all.slice(0, 2).map((each) => `rule ${each}`));
  });

  it('are refused by name where no setting allows them, and nothing is asked', async () => {
    putMapping(world, flavour, [rulesOf(flavour)]);
    const inPort = await sync('sync', 'repositories/*, rest/*');
    expect(inPort.exitCode).toBe(4);
    expect(inPort.stderr.replace(/\s+/gu, ' ')).toContain(
      `nothing was asked for at ${sides.restrictions}: selector.path is nothing that the setting sync.allowRequests lists`,
    );
    expect(deletedIn(world)).toEqual([]);
    expect(rules()).toEqual(all.slice(2));

    const folder = await mkdtemp(path.join(tmpdir(), 'requests-'));
    try {
      const written = stringify(mappingWith(flavour, [rulesOf(flavour)]));
      await writeFile(path.join(folder, 'mapping.yml'), written);
      const difference = { cwd: folder };
      const local = await world.run('sync --mapping mapping.yml', difference);
      expect(local.exitCode).toBe(2);
      const line = written.split('\n').findIndex((text) => text.includes('kind: request')) + 1;
      expect(local.stderr).toContain(`mapping.yml:${line}:`);
      expect(local.stderr.replace(/\s+/gu, ' ')).toContain(
        'resources[2].kind is request, which needs the setting sync.allowRequests',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(world.bitbucket.requests.filter(isAnyRule)).toEqual([]);
  });

  it('are previewed without the secrets that an answer may hold', async () => {
    const own = withBody((body) => ({
      ...Object(body),
      size: undefined,
      values: [{ id: 1, secret: 'hunter2' }],
    }));
    world.bitbucket.fail({ when: isAnyRule, fault: own });
    const { stdout } = await sync('preview --kind request --output json');
    expect(stdout).toContain('[REDACTED]');
    expect(stdout).not.toContain('hunter2');
  });

  it('are asked once, or for each project, or for an answer that is no page', async () => {
    const once = resource(
      'request',
      { path: sides.groups, each: 'workspace', key: isCloud ? 'user.uuid' : 'name' },
      { identifier: isCloud ? '"m-" + .user.nickname' : '.name', blueprint: '"fact"' },
    );
    const ofProjects = resource(
      'request',
      { path: sides.project, each: 'project', items: '.' },
      {
        identifier: '"facts of " + .__project.key | gsub(" "; "-")',
        blueprint: '"fact"',
        relations: { project: '.__project.key' },
      },
    );
    putMapping(world, flavour, [once, ofProjects]);
    expect(await sync()).toMatchObject({ exitCode: 0 });
    const whole = isCloud ? ['m-admin', 'm-ana'] : ['web'];
    expect(world.identifiers('fact')).toEqual(['facts-of-PAY', 'facts-of-WEB', ...whole].sort());
    world.forget();
    // What stands on nothing of it goes on, and what it fed is kept.
    const isOnce = ({ path: asked, query }: RecordedRequest): boolean =>
      asked.endsWith(isCloud ? '/members' : '/admin/groups') && query.get('pagelen') !== '1';
    world.bitbucket.fail({ when: isOnce, fault: status(403) });
    company.repositories.splice(2, 1);
    const { exitCode } = await sync();
    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([`repo ${isCloud ? 'fernlicht' : 'WEB'}/shop`]);
    if (isCloud) return;
    // Nothing shows where one would be: more than ten are a reason to ask first.
    const many = Array.from({ length: 12 }, (_, index) => ({ name: `g${index}`, members: [] }));
    company.groups?.push(...many);
    world.forget();
    expect((await sync()).exitCode).toBe(0);
    company.groups?.splice(1);
    expect((await sync()).exitCode).toBe(5);
    expect(world.identifiers('fact')).toHaveLength(15);
  });
});
