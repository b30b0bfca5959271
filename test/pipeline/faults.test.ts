import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type RunResult, type World } from '../world/a-world.js';
import {
  aMappedWorld,
  deletedIn,
  IDENTIFIER,
  listing,
  mappingOf,
  putMapping,
  resource,
  status,
} from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const repository = { identifier: '.slug', title: '.name', blueprint: '"bitbucketRepository"' };

function repositories(count = 3): Company {
  const company = aCompany();
  for (let number = 1; number <= count; number += 1) {
    company
      .withRepository('PAY', `r${String(number)}`)
      .withPullRequest('PAY', `r${String(number)}`);
  }
  return company.build();
}

const isBulk = ({ path }: RecordedRequest): boolean => path.endsWith('/entities/bulk');
const isSearch = ({ path }: RecordedRequest): boolean => path.endsWith('/entities/search');
const isIntegration = ({ path, method }: RecordedRequest): boolean =>
  method === 'GET' && path.endsWith(`/integration/${IDENTIFIER}`);

const ALL = ['r1', 'r2', 'r3'];

/** What an organization has switched on whose raw data Port itself processes. */
const PROCESSED_BY_PORT = ['LAKEHOUSE_ELIGIBLE', 'DATA_SOURCE_PROCESSOR_ENABLED'];

/** A second run makes good what the first could not. */
async function expectRepair(): Promise<void> {
  world.port.reset();
  world.bitbucket.reset();
  const { exitCode, result } = await world.run('sync');
  expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
  expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  expect(world.identifiers('bitbucketPullRequest')).toEqual(['r1-1', 'r2-1', 'r3-1']);
  world.port.reset();
  expect((await world.run('sync')).exitCode).toBe(0);
  expect(world.port.writes).toEqual([]);
}

describe('what is told of a request that failed', () => {
  const trouble = {
    type: 'answer',
    answer: { status: 500, headers: { 'x-arequestid': '@1MU5Q9x903x12x0' } },
  } as const;

  it('is its method, address and number in the log of the server, and what to do', async () => {
    world = await startWorld(repositories());
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/r2/pull-requests'),
      fault: trouble,
    });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
    expect(result).toContain(
      'pull requests of PAY/r2 could not be read to the end: answered 500 Internal Server Error, after 6 attempts',
    );
    expect(result).toContain(
      `(GET ${world.bitbucket.url}/rest/api/1.0/projects/PAY/repos/r2/pull-requests, request id @1MU5Q9x903x12x0)`,
    );
    expect(result).toContain(
      "What Port holds of it was kept. The next run reads it again. If it stays, give Bitbucket's administrators the request id @1MU5Q9x903x12x0",
    );
  });

  it('with --log-level debug is a line for each', async () => {
    world = await startWorld(repositories(1));
    world.bitbucket.fail({
      times: 1,
      when: ({ path }) => path.endsWith('/r1/pull-requests'),
      fault: trouble,
    });

    const { exitCode, stderr: log } = await world.run('sync --log-level debug');

    expect(exitCode).toBe(0);
    const address = `${world.bitbucket.url}/rest/api/1.0/projects/PAY/repos/r1/pull-requests`;
    const lines = log.split('\n').filter((line) => line.includes(` GET ${address}`));
    expect(lines).toEqual([
      expect.stringMatching(/ 500 in \d+ ms, \d+ bytes?, attempt 1, id @1MU5Q9x903x12x0$/u),
      expect.stringMatching(/ 200 in \d+ ms, [\d,]+ bytes, attempt 2$/u),
    ]);
    expect(log).toMatch(/ POST \S+\/entities\/bulk\?\S+ 20\d in /u);
    expect((await world.run('sync')).stderr).not.toContain(' GET ');
  });
});

describe('a Port that stumbles', () => {
  it('renews a token that expires in the middle', async () => {
    world = await startWorld(repositories());
    const { port } = world;
    let isExpired = false;
    port.fail({
      when: (request) => {
        if (isBulk(request) && !isExpired) {
          isExpired = true;
          port.expireToken();
        }
        return false;
      },
      fault: status(500),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
    const tokens = port.requests.filter(({ path }) => path.endsWith('/auth/access_token'));
    expect(tokens).toHaveLength(2);
  });

  it.each([
    ['500', status(500)],
    ['503', status(503)],
    ['429 with a wait', status(429, { 'retry-after': '7' })],
    ['cut-off answers', { type: 'cut-off' } as const],
    ['cut connections', { type: 'reset' } as const],
  ])('is asked again after a while of %s', async (_, fault) => {
    world = await startWorld(repositories());
    world.port.fail({ times: 4, when: (request) => isBulk(request) || isSearch(request), fault });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  });

  it('loads each entity once although the answer to a bulk was lost', async () => {
    world = await startWorld(repositories());
    world.port.fail({ times: 1, when: isBulk, fault: { type: 'lost-answer' } });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
    world.port.reset();
    await world.run('sync');
    expect(world.port.writes).toEqual([]);
  });

  it.each([
    [403, 'r2 did not get through to Port: something on the way answered 403 Forbidden'],
    [413, 'answered 413 Payload Too Large'],
  ])(
    'behind a firewall that answers one entity with %i costs that one alone',
    async (code, told) => {
      world = await startWorld(repositories());
      const headers = { 'content-type': 'text/html' };
      const page = { status: code, headers, body: '<html><body>Request rejected</body></html>' };
      world.port.fail({
        when: (request) => isBulk(request) && request.body.includes('"identifier":"r2"'),
        fault: { type: 'answer', answer: page },
      });

      const { exitCode, result } = await world.run('sync');

      expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
      expect(result).toContain(told);
      expect(result).not.toContain('more than the 1 MiB');
      expect(world.identifiers('bitbucketRepository')).toEqual(
        expect.arrayContaining(ALL.filter((name) => name !== 'r2')),
      );
      await expectRepair();
    },
  );

  const forbidden = {
    type: 'answer',
    answer: { status: 403, body: { ok: false, error: 'forbidden', message: 'read only' } },
  } as const;

  it('that refuses every write to these credentials ends with 3, and says which to replace', async () => {
    world = await startWorld(repositories());
    world.port.fail({ when: isBulk, fault: forbidden });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 3 });
    expect(result).toContain(
      'Port does not let these credentials write 3 entities of bitbucketRepository: 403 forbidden: read only',
    );
    expect(result).toContain('Use PORT_CLIENT_ID and PORT_CLIENT_SECRET of an account that may');
    await expectRepair();
  });

  it('that refuses the writes of one blueprint is incomplete', async () => {
    world = await startWorld(repositories());
    world.port.fail({
      when: ({ path }) => path.endsWith('/bitbucketPullRequest/entities/bulk'),
      fault: forbidden,
    });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 4 });
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  });

  it('that goes down for good while loading ends with 4, and a later run repairs', async () => {
    world = await startWorld(repositories());
    let isDown = false;
    world.port.fail({
      when: (request) => (isDown ||= isBulk(request)),
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(result).toMatch(
      /Port did not take 3 entities of bitbucketRepository: 500 no \(POST http:\S+\/blueprints\/bitbucketRepository\/entities\/bulk/u,
    );
    expect(deletedIn(world)).toEqual([]);
    // Port was not told the end: for an hour, the run may still be under way.
    world.clock.advance(3_600_000);
    await expectRepair();
  });

  it.each(['/bulk/entities/delete', '/datasource-entities', '/entities/search'])(
    'that refuses %s while deleting deletes nothing, and the next run makes up for it',
    async (route) => {
      const company = repositories();
      world = await startWorld(company);
      await world.run('sync');
      removeRepository(company, 'PAY', 'r3');
      world.port.reset();
      let loads = 0;
      world.port.fail({
        // The first four searches read what Port holds; those that follow are of the deletion.
        when: ({ path }) =>
          path.endsWith(route) && (route !== '/entities/search' || (loads += 1) > 4),
        fault: status(500),
      });

      const { exitCode } = await world.run('sync');

      expect(exitCode).toBe(4);
      // What nothing feeds any more is not known; what the mapping feeds is.
      expect(deletedIn(world)).toEqual(
        route === '/datasource-entities'
          ? ['bitbucketPullRequest r3-1', 'bitbucketRepository r3']
          : [],
      );
      world.port.reset();
      expect((await world.run('sync')).exitCode).toBe(0);
      expect(world.identifiers('bitbucketRepository')).toEqual(['r1', 'r2']);
    },
  );

  it('whose search repeats its `next` for ever is found out, and nothing is written there', async () => {
    world = await startWorld(repositories());
    await world.run('sync');
    world.port.reset();
    world.port.fail({
      when: ({ path }) => path.endsWith('/bitbucketRepository/entities/search'),
      fault: { type: 'answer', answer: { status: 200, body: { entities: [], next: 'again' } } },
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('bitbucketRepository');
    expect(world.port.writes).toEqual([]);
    expect(world.port.requests.length).toBeLessThan(40);
  });

  it('that breaks off looking up what others hold loads what it had compared, and says 4', async () => {
    world = await startWorld(repositories());
    await world.run('sync');
    world.port.putEntity('bitbucketRepository', { identifier: 'theirs' }, { datasource: null });
    for (let number = 4; number < 130; number += 1) {
      world.bitbucket.company.repositories.push({
        ...requireFirst(world.bitbucket.company),
        id: number,
        slug: `r${String(number)}`,
      });
    }
    let lookUps = 0;
    world.port.fail({
      when: ({ path, body }) =>
        path.endsWith('/bitbucketRepository/entities/search') &&
        body.includes('$identifier') &&
        body.includes('"in"') &&
        (lookUps += 1) > 1,
      fault: status(500),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    // The first hundred were looked up and are there; the rest comes with the next run.
    expect(world.identifiers('bitbucketRepository').length).toBeGreaterThanOrEqual(104);
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toHaveLength(130);
  });
});

function requireFirst({ repositories: [first] }: Company): Company['repositories'][number] {
  if (first === undefined) throw new Error('a company without a repository');
  return first;
}

describe('a bulk', () => {
  it('that is too large is sent in parts', async () => {
    world = await startWorld(repositories());
    world.port.fail({
      when: (request) => isBulk(request) && request.body.split('"identifier"').length > 2,
      fault: status(413),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  });

  it('with one entity that Port turns down loads the others, and names the item', async () => {
    const company = repositories();
    world = await aMappedWorld(
      company,
      mappingOf([
        resource('repository', {
          ...repository,
          properties: { state: 'if .slug == "r2" then 42 else .state end' },
        }),
      ]),
    );

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('bitbucketRepository')).toEqual(['r1', 'r3']);
    expect(result).toContain('Port refused bitbucketRepository r2');
    expect(result).toContain('/repos/r2/browse');
  });

  it('that Port turns down whole is divided until the one at fault is alone', async () => {
    world = await startWorld(repositories());
    world.port.fail({
      when: (request) => isBulk(request) && request.body.includes('"r2"'),
      fault: status(422),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('bitbucketRepository')).toEqual(expect.arrayContaining(['r1', 'r3']));
  });
});

/** A run with a mapping in a file of the user's own. */
async function withMapping(mapping: JsonObject): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bitbucket-port-'));
  try {
    const file = join(folder, 'mapping.yml');
    await writeFile(file, JSON.stringify(mapping));
    return await world.run(`sync --mapping ${file}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the integration', () => {
  const local = mappingOf([resource('repository', repository)]);

  it.each([403, 500])('that answers %i ends the run before anything is written', async (code) => {
    world = await startWorld(repositories());
    world.port.fail({ when: isIntegration, fault: status(code) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(code === 403 ? 3 : 6);
    expect(world.port.writes).toEqual([]);
  });

  it.each([403, 500])('that answers %i is not needed with a local mapping', async (code) => {
    const company = repositories();
    world = await aMappedWorld(company, null);
    world.port.fail({ when: isIntegration, fault: status(code) });

    const { exitCode, result } = await withMapping(local);

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
    expect(result).toContain(`reading integration ${IDENTIFIER} failed: ${code}`);
    // Nobody knows who loaded the catalog before: what is gone stays, and that is told.
    removeRepository(company, 'PAY', 'r3');
    const later = await withMapping(local);
    expect(later.exitCode).toBe(0);
    expect(later.result).toContain('kept 1 entity of bitbucketRepository');
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  });

  it('with a mapping that is not valid ends the run with 2, and nothing is written', async () => {
    world = await startWorld(repositories());
    putMapping(world, { resources: [] });

    const { exitCode, result, stderr } = await world.run('sync');

    expect(exitCode).toBe(2);
    expect(result + stderr).toContain(IDENTIFIER);
    expect(world.port.writes).toEqual([]);
    expect(world.port.blueprints()).toEqual([]);
  });

  it('with an unknown kind ends the run with 2, and names the kinds', async () => {
    world = await startWorld(repositories());
    putMapping(world, mappingOf([resource('repo', repository)]));

    const { exitCode, result, stderr } = await world.run('sync');

    expect(exitCode).toBe(2);
    expect(result + stderr).toContain('repository');
    expect(world.port.writes).toEqual([]);
  });

  it('that Port itself processed so far is told once, and loses nothing in the first run', async () => {
    const company = repositories();
    world = await startWorld(company, { port: { featureFlags: PROCESSED_BY_PORT } });
    await world.run('sync');
    removeRepository(company, 'PAY', 'r3');
    putMapping(world, null, { version: '0.48.0', processingMode: 'dsp', spec: {} });

    const first = await world.run('sync');
    expect(first.exitCode).toBe(0);
    expect(first.result).toContain(`Port itself maps and loads the raw data of integration`);
    expect(deletedIn(world)).toEqual([]);

    const second = await world.run('sync');
    expect(second.result).not.toContain('Port itself maps');
    expect(deletedIn(world)).toHaveLength(2);
  });

  // The container writes `dsp` at every start, whatever the organization has.
  it.each([
    ['lacks one of the flags for it', PROCESSED_BY_PORT.slice(1), false],
    ['may not be looked at', PROCESSED_BY_PORT, true],
  ])(
    'is not said to be processed by Port where the organization %s',
    async (_, flags, isHidden) => {
      world = await startWorld(repositories(), { port: { featureFlags: flags } });
      putMapping(world, null, { version: '0.48.0', processingMode: 'dsp', spec: {} });
      if (isHidden) {
        world.port.fail({
          when: ({ path }) => path.endsWith('/organization'),
          fault: status(403),
        });
      }

      const { exitCode, result } = await world.run('sync');

      expect(exitCode).toBe(0);
      expect(result).not.toContain('Port itself maps');
    },
  );
});

describe('a local mapping', () => {
  it('with an error in jq ends the run with 2, and no request is made at all', async () => {
    world = await startWorld(repositories());
    const broken = mappingOf([resource('repository', { ...repository, title: '.name | (' })]);

    const { exitCode, result } = await withMapping(broken);

    expect(exitCode).toBe(2);
    expect(result).toContain('title');
    expect([...world.port.requests, ...world.bitbucket.requests]).toEqual([]);
  });
});

describe('blueprints', () => {
  it('that lack a mapped property are told once; the rest is loaded, and the run ends with 4', async () => {
    world = await aMappedWorld(
      repositories(),
      mappingOf([
        resource('repository', { ...repository, properties: { nope: '.id', state: '.state' } }),
      ]),
    );

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result.split('properties.nope')).toHaveLength(2);
    expect(world.port.entity('bitbucketRepository', 'r1')?.properties.state).toBe('AVAILABLE');
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(4);
    expect(world.port.writes).toEqual([]);
  });

  it('that are missing stay so without initializePortResources, and are told', async () => {
    world = await startWorld(repositories());

    const { exitCode, result } = await world.run('sync', { INITIALIZE_PORT_RESOURCES: 'false' });

    expect(exitCode).toBe(6);
    expect(result).toContain('Port has no blueprint bitbucketRepository');
    expect(world.port.blueprints()).toEqual([]);
  });

  it('that are missing stay so once the integration was initialised', async () => {
    world = await startWorld(repositories());
    world.port.putIntegration({
      installationId: IDENTIFIER,
      installationAppType: 'bitbucket-server',
      version: 'bitbucket-port-0.0.1',
      changelogDestination: {},
      config: null,
      arePortResourcesInitialized: true,
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(world.port.blueprints()).toEqual([]);
  });

  it('of the user under the same name are never altered', async () => {
    world = await startWorld(repositories());
    const own = {
      identifier: 'bitbucketRepository',
      title: 'Mine',
      icon: 'Git',
      schema: { properties: { state: { type: 'string' } }, required: [] },
      relations: {},
    };
    world.port.putBlueprint(own);
    const before = world.port.blueprint('bitbucketRepository');

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.port.blueprint('bitbucketRepository')).toEqual(before);
    expect(world.identifiers('bitbucketRepository')).toEqual(ALL);
  });
});

describe('two resources that feed one blueprint', () => {
  it('are merged in the order of the mapping, however they arrive, and written once', async () => {
    const feed = (state: string, more: object = {}) =>
      resource('repository', { ...repository, properties: { state: `"${state}"` }, ...more });
    world = await aMappedWorld(
      repositories(),
      mappingOf([feed('first', { title: '"T1"' }), feed('second', { title: '"T2"' })]),
    );

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    const one = world.port.entity('bitbucketRepository', 'r1');
    expect(one).toMatchObject({ title: 'T2', properties: { state: 'second' } });
    expect(world.port.writes).toHaveLength(3);
  });
});

describe('a run in which nothing changed', () => {
  it('makes no more requests than there are things to ask', async () => {
    world = await startWorld(repositories());
    await world.run('sync');
    world.port.reset();
    world.bitbucket.reset();

    await world.run('sync');

    const asked = world.bitbucket.requests.length;
    // The probe and three root listings; readme, latest commit and pull requests of each.
    expect(asked).toBe(1 + 3 + 3 * 3);
    expect(world.bitbucket.requests.filter(listing('repos'))).toHaveLength(1);
    const paths = world.port.requests.map(({ method, path }) => `${method} ${path.slice(3)}`);
    expect([...paths].sort()).toEqual(
      [
        'POST /auth/access_token',
        `GET /integration/${IDENTIFIER}`,
        'GET /integration',
        'GET /blueprints',
        `PATCH /integration/${IDENTIFIER}/resync-state`,
        ...['Project', 'PullRequest', 'Repository', 'User'].map(
          (name) => `POST /blueprints/bitbucket${name}/entities/search`,
        ),
        'POST /blueprints/entities/datasource-entities',
        `PATCH /integration/${IDENTIFIER}/resync-state`,
      ].sort(),
    );
  });
});
