import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Credential } from '../src/sandbox/cloud/credential.js';
import type { Company, Pipeline } from '../src/sandbox/company/company.js';
import { cloudKinds } from '../src/source/cloud/kinds/index.js';
import { serverKinds } from '../src/source/server/kinds/index.js';
import { KIND_SCOPES, permissionOf } from './docs/scopes.js';
import { aCommit, aCompany, aMoment } from './world/a-company.js';
import { startCloudWorld } from './world/a-cloud-world.js';
import { startServerWorld } from './world/a-world.js';
import type { BuiltInBitbucket, WorldAround } from './world/world-around.js';

let world: WorldAround<BuiltInBitbucket>;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'permissions-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const SELECTORS: Readonly<Record<string, object>> = {
  folder: { folders: [{ path: '*' }] },
  file: { files: { path: '**', filenames: ['README.md'], skipParsing: true } },
};

const A_RUN: Pipeline = {
  number: 1,
  branch: 'main',
  commit: aCommit().id,
  creator: 'admin',
  startedAt: aMoment,
  deploysTo: 'Production',
};

/** What the kind `request` asks for here: on Data Center, something that takes a user. */
const REQUESTS = {
  cloud: {
    path: 'repositories/{workspace}/{repository}/default-reviewers',
    each: 'repository',
    key: 'uuid',
  },
  server: { path: 'rest/api/latest/admin/groups', each: 'workspace', key: 'name' },
} as const;

const TOKEN_VARIABLE = 'OCEAN__INTEGRATION__CONFIG__BITBUCKET_WORKSPACE_TOKEN';

const asApiToken = {
  [TOKEN_VARIABLE]: undefined,
  BITBUCKET_USER_EMAIL: 'admin@example.com',
  BITBUCKET_USER_SCOPED_TOKEN: 'secret-token',
};

type Variables = Readonly<Record<string, string | undefined>>;

function aSmallCompany(): Company {
  return aCompany()
    .withRepository('PAY', 'api', {
      files: { 'README.md': 'Hello\n', 'src/main.ts': '' },
      tags: { v1: { commit: aCommit() } },
      pipelines: [A_RUN],
      environments: [{ name: 'Production', type: 'Production' }],
      defaultReviewers: ['admin'],
    })
    .withPullRequest('PAY', 'api')
    .build();
}

/** How a run over one kind of Cloud ends, with one credential. */
async function endOf(kind: string, credential: Credential, env: Variables): Promise<number> {
  world = await startCloudWorld(aSmallCompany(), { bitbucket: { credentials: [credential] } });
  return await endOver(kind, env, REQUESTS.cloud);
}

async function endOver(kind: string, env: Variables, request: object): Promise<number> {
  world.port.putBlueprint({
    identifier: 'thing',
    title: 'Thing',
    icon: 'BitBucket',
    schema: { properties: {}, required: [] },
    relations: {},
  });
  const mappings = { identifier: '"one"', blueprint: '"thing"' };
  const own = kind === 'request' ? request : SELECTORS[kind];
  const selector = { query: 'true', ...own };
  const mapping = { resources: [{ kind, selector, port: { entity: { mappings } } }] };
  await writeFile(path.join(folder, 'mapping.yml'), JSON.stringify(mapping));
  const all = { ...env, OCEAN__SYNC__ALLOW_REQUESTS: '**' };
  const { exitCode } = await world.run('sync --mapping mapping.yml', { env: all, cwd: folder });
  if (exitCode === 0) expect(world.identifiers('thing')).toEqual(['one']);
  return exitCode;
}

const accessToken = (scopes: readonly string[]): Credential => ({
  type: 'workspace-token',
  token: 'secret-token',
  scopes,
});
const apiToken = (scopes: readonly string[]): Credential => ({
  type: 'api-token',
  email: 'admin@example.com',
  token: 'secret-token',
  scopes,
});

it('speaks of every kind of Bitbucket Cloud', async () => {
  world = await startCloudWorld(aCompany().build());
  expect(KIND_SCOPES.map(({ kind }) => kind).sort()).toEqual(
    cloudKinds.map(({ name }) => name).sort(),
  );
});

describe.each(KIND_SCOPES)(
  'the kind $kind',
  ({ kind, accessToken: classic, apiToken: granular }) => {
    it('is read with these scopes of an access token', async () => {
      const env = { [TOKEN_VARIABLE]: 'secret-token' };
      expect(await endOf(kind, accessToken(classic), env)).toBe(0);
    });

    it('is read with these scopes of an API token', async () => {
      expect(await endOf(kind, apiToken(granular), asApiToken)).toBe(0);
    });

    it.each(granular)('is not read without %s', async (scope) => {
      const others = granular.filter((other) => other !== scope);
      expect([3, 4, 6]).toContain(await endOf(kind, apiToken(others), asApiToken));
    });
  },
);

it('ends a run with an app password with exit code 3', async () => {
  const credential: Credential = { type: 'app-password', username: 'a', password: 'b' };
  const env = {
    [TOKEN_VARIABLE]: undefined,
    BITBUCKET_USERNAME: 'a',
    BITBUCKET_APP_PASSWORD: 'b',
  };
  expect(await endOf('repository', credential, env)).toBe(3);
});

it.each(serverKinds.map((kind) => [kind.name, kind] as const))(
  'the kind %s of Data Center is read by a token without a user only where it takes none',
  async (name, kind) => {
    const company = { ...aSmallCompany(), groups: [{ name: 'web', members: [] }] };
    const projectToken = { token: 'of-a-project', project: 'PAY' };
    world = await startServerWorld(company, { bitbucket: { projectToken } });

    const code = await endOver(
      name,
      {
        BITBUCKET_USERNAME: undefined,
        BITBUCKET_PASSWORD: undefined,
        BITBUCKET_TOKEN: projectToken.token,
      },
      REQUESTS.server,
    );

    const takesNone = ['Repository read', 'project view'].includes(permissionOf(kind, kind.path));
    expect(takesNone ? [0] : [3, 4, 6]).toContain(code);
  },
);
