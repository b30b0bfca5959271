import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { systemClock } from '../../../src/clock.js';
import type { Clock } from '../../../src/clock.js';
import type { JsonObject } from '../../../src/model/json.js';
import { run as runProgram } from '../../../src/run.js';
import { writingRequests } from '../../pipeline/plan-world.js';
import { mappingOf, putBlueprints, putMapping, resource } from '../../pipeline/safety-world.js';
import { aCompany, type RepositoryDifference } from '../../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../../world/a-cloud-world.js';
import { aRuntime } from '../../world/a-runtime.js';
import { startWorld, type World } from '../../world/a-world.js';

const documentSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z.number(),
  findings: z.array(
    z.strictObject({
      section: z.enum([
        'settings',
        'jq',
        'network',
        'port',
        'mapping',
        'catalog',
        'bitbucket',
        'check',
      ]),
      status: z.enum(['ok', 'note', 'warning', 'failure']),
      code: z.string().nullable(),
      message: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});
type Found = z.infer<typeof documentSchema>;

const PROJECT = { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' };
const PROJECTS = mappingOf([resource('project', PROJECT)]);

/** Clocks are compared here: each server tells the time of the machine. */
const onSystemClock = { port: { clock: systemClock } };

let world: World;
let folder: string;

beforeEach(async () => {
  world = await startWorld(aCompany().withRepository('PAY', 'api').build(), onSystemClock);
  folder = await mkdtemp(path.join(tmpdir(), 'check-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

type Env = Readonly<Record<string, string | undefined>>;

async function inText(line: string, env: Env, clock: Clock = systemClock) {
  const runtime = aRuntime({ argv: line.split(' '), env, cwd: folder, clock });
  const exitCode = await runProgram(runtime);
  return { exitCode, ...runtime.written };
}

async function check(changes: Env = {}, clock?: Clock): Promise<Found> {
  const env = { ...world.env, ...changes };
  const { stdout, exitCode } = await inText('check --output json', env, clock);
  const document = documentSchema.parse(JSON.parse(stdout));
  expect(document.exitCode).toBe(exitCode);
  return document;
}

const codes = ({ findings }: Found): readonly (string | null)[] =>
  findings.map(({ code }) => code).filter((code) => code !== null);
const messages = ({ findings }: Found, section: string): readonly string[] =>
  findings.filter((one) => one.section === section).map(({ message }) => message);

const inOneLine = (text: string): string => text.replace(/\s+/gu, ' ');

async function put(name: string, text: string): Promise<void> {
  await writeFile(path.join(folder, name), text);
}

describe('check', () => {
  it('finds everything in order, section by section, and writes nothing', async () => {
    const { exitCode, stdout, stderr } = await inText('check', world.env);
    expect(stdout).not.toMatch(/failure|warning/u);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => /^[A-Z]\w+$|^jq$/u.test(line))).toEqual([
      'Settings',
      'jq',
      'Network',
      'Port',
      'Mapping',
      'Bitbucket',
      'Blueprints',
    ]);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('All is well (exit 0)');
    expect(writingRequests(world.port)).toEqual([]);
  });

  it('tells where each setting comes from and shows no secret', async () => {
    await put('.env', 'PORT_INTEGRATION_IDENTIFIER=ours\n');
    await put('bitbucket-port.yml', 'sync:\n  timeout: 25m\n');
    const { stdout } = await inText('check --type bitbucket-server', world.env);
    expect(stdout).toContain('integration.type = bitbucket-server (--type)');
    expect(stdout).toContain('port.clientSecret = *** (OCEAN__PORT__CLIENT_SECRET)');
    expect(stdout).toContain('integration.identifier = ours (PORT_INTEGRATION_IDENTIFIER in .env)');
    expect(stdout).toContain('sync.timeout = 25m (sync.timeout in bitbucket-port.yml)');
    expect(stdout).not.toMatch(/port-secret|bitbucket-secret/u);
    expect(stdout).not.toContain('sync.retries');
  });

  it('tells every setting at debug level', async () => {
    const { stdout } = await inText('check --log-level debug', world.env);
    expect(stdout).toContain('sync.retries = 5 (default)');
    expect(stdout).toContain('httpsProxy is not set');
  });

  it('asks each kind of the mapping with tiny requests', async () => {
    await check();
    const asked = world.bitbucket.requests.map(({ target }) => target);
    expect(
      asked.filter((target) => !/limit=1(?:&|$)|application-properties/u.test(target)),
    ).toEqual([]);
    expect(asked.length).toBeLessThan(9);
  });

  it('goes on with Bitbucket when Port refuses the credentials', async () => {
    const found = await check({ OCEAN__PORT__CLIENT_SECRET: 'wrong-secret' });
    expect(found.exitCode).toBe(3);
    expect(codes(found)).toEqual(['credentials-refused']);
    expect(messages(found, 'bitbucket').join()).toContain('takes the credentials');
    expect(messages(found, 'mapping').join()).toContain('could not be looked at');
  });

  it('looks at Port when Bitbucket refuses the credentials, and tries them once only', async () => {
    const found = await check({ OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'wrong-password' });
    expect(found.exitCode).toBe(3);
    expect(codes(found)).toEqual(['credentials-refused']);
    expect(world.bitbucket.requests).toHaveLength(1);
    expect(messages(found, 'port').join()).toContain('takes the credentials');
  });

  describe('where everybody is answered', () => {
    const dead = {
      BITBUCKET_TOKEN: 'dead',
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME: undefined,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: undefined,
    };

    beforeEach(async () => {
      await world.close();
      const company = aCompany().withRepository('WEB', 'site', { public: true }).build();
      world = await startWorld(company, { ...onSystemClock, bitbucket: { publicAccess: true } });
    });

    it('does not take a dead token for good', async () => {
      const found = await check(dead);
      expect(found.exitCode).toBe(3);
      expect(codes(found)).toEqual(['credentials-refused']);
      expect(messages(found, 'bitbucket').join()).not.toContain('takes the credentials');
    });

    it('says so where it cannot be told', async () => {
      world.bitbucket.fail({
        when: ({ path: asked }) => asked.endsWith('/profile/recent/repos'),
        fault: { type: 'answer', answer: { status: 404, body: {} } },
      });
      const told = messages(await check(dead), 'bitbucket').join();
      expect(told).toContain('is reachable');
      expect(told).toContain('whether it knows the credentials cannot be told');
      expect(told).not.toContain('takes the credentials');
    });
  });

  it('says what is missing and checks the rest', async () => {
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const found = await check({
      OCEAN__PORT__CLIENT_ID: undefined,
      OCEAN__PORT__CLIENT_SECRET: '',
    });
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toEqual(['setting-missing']);
    expect(messages(found, 'port')).toEqual([
      'Port was not asked: the settings above do not suffice',
    ]);
    expect(messages(found, 'bitbucket').join()).toContain('takes the credentials');
  });

  it('calls no value well that cannot be used', async () => {
    await put('bitbucket-port.yml', 'sync:\n  concurrency: zero\n');
    const { stdout } = await inText('check', { ...world.env, OCEAN__SYNC__KINDS: 'repo' });
    expect(stdout).not.toMatch(/ok +sync\.(?:concurrency|kinds)/u);
    expect(inOneLine(stdout)).toContain('failure OCEAN__SYNC__KINDS may list project,');
    expect(inOneLine(stdout)).toContain(
      'failure bitbucket-port.yml:2:16: sync.concurrency must be a whole number',
    );
  });

  it('tells a report that a run could not write', async () => {
    await put('bitbucket-port.yml', 'sync:\n  reportFile: missing/report.json\n');
    const found = await check();
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toEqual(['setting-invalid']);
    expect(messages(found, 'settings').join('\n')).toContain(
      'bitbucket-port.yml:2:15: sync.reportFile names missing/report.json, which cannot be written',
    );
  });

  it('checks nothing but jq without any settings, and does not fail on its own', async () => {
    const { exitCode, stdout } = await inText('check', { PATH: world.env.PATH });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Bitbucket was not asked');
    expect(stdout).not.toContain('bug');
  });

  it('tells a kind that may not be read, with the remedy', async () => {
    world.bitbucket.fail({
      fault: { type: 'answer', answer: { status: 403, body: { errors: [] } } },
      when: ({ path: asked }) => asked.endsWith('/users'),
    });
    const found = await check();
    expect(found.exitCode).toBe(3);
    const [refused] = found.findings.filter(({ code }) => code === 'permission-refused');
    expect(refused?.message).toContain('read users');
    expect(refused?.remedy).toBe('Give the account or token read permission on it');
    expect(messages(found, 'bitbucket')).toContain(
      'repository: may be read (1 request for 1,000 repositories)',
    );
  });

  it('does not ask for kinds that the mapping leaves out', async () => {
    putMapping(world, PROJECTS);
    await check();
    expect(world.bitbucket.requests.some(({ path: asked }) => asked.endsWith('/users'))).toBe(
      false,
    );
  });

  it('tells a Bitbucket that does not answer, without repeating itself', async () => {
    world.bitbucket.fail({
      fault: { type: 'answer', answer: { status: 503 } },
      when: () => true,
    });
    const found = await check();
    expect(found.exitCode).toBe(4);
    expect(codes(found)).toEqual(['server-unavailable']);
    expect(world.bitbucket.requests).toHaveLength(1);
  });

  it('shows a mistake of the mapping with its place, as sync does', async () => {
    await put('mapping.yml', JSON.stringify(PROJECTS).replace('.key', '.key | ('));
    const { exitCode, stdout } = await inText('check --mapping mapping.yml', world.env);
    expect(exitCode).toBe(2);
    expect(inOneLine(stdout)).toContain('is not valid jq');
    expect(stdout).toMatch(/^ +\| +\^$/mu);
    expect(stdout).toContain('blueprints were not checked: there is no valid mapping');
  });

  it('tells blueprints that are missing and fields that they lack', async () => {
    putBlueprints(world);
    putMapping(
      world,
      mappingOf([
        resource('project', {
          identifier: '.key',
          blueprint: '"bitbucketProject"',
          properties: { colour: '.name' },
          relations: { owner: '.key' },
        }),
        resource('user', { identifier: '.slug', blueprint: '"person"' }),
      ]),
      { version: 'bitbucket-port-0.1.0' },
    );
    const found = await check();
    expect(found.exitCode).toBe(4);
    expect(codes(found)).toEqual(['blueprint-lacks', 'blueprint-missing']);
    expect(messages(found, 'catalog').join()).toContain('properties.colour, relations.owner');
  });

  it('tries one item of each kind on the blueprints, and says what it has no value for', async () => {
    putBlueprints(world);
    const { stdout } = await inText('check', world.env);
    const text = inOneLine(stdout);
    expect(text).toMatch(/project: \S+\/projects\/PAY fits into bitbucketProject/u);
    // What takes further requests in a run is not asked for here, and is not called empty.
    expect(text).toMatch(
      /repository: \S+\/repos\/api\/browse fits into bitbucketRepository; it shows no value for properties\.description; check does not read what fills properties\.documentation, relations\.latestCommitAuthor/u,
    );
    expect(text).toContain(
      'pull-request: types were not tried: a first look found no item; preview looks further',
    );
  });

  it('finds values that are not of the type of their property or relation', async () => {
    putBlueprints(world);
    world.port.putBlueprint({
      identifier: 'service',
      title: 'Service',
      icon: 'Service',
      schema: {
        properties: {
          stars: { type: 'number' },
          link: { type: 'string', format: 'url' },
          visibility: { type: 'string', enum: ['open', 'closed'] },
          name: { type: 'string' },
        },
        required: ['name'],
      },
      relations: { projects: { target: 'bitbucketProject', required: false, many: true } },
    });
    putMapping(
      world,
      mappingOf([
        resource('repository', {
          identifier: '.slug',
          blueprint: '"service"',
          properties: {
            stars: '.name',
            link: '.slug',
            visibility: '.state',
            name: '.no_such_key',
          },
          relations: { projects: '.project.key' },
        }),
      ]),
    );
    const found = await check();
    expect(found.exitCode).toBe(4);
    const unfit = found.findings.filter(({ code }) => code === 'blueprint-unfit');
    const link = `${world.env.OCEAN__INTEGRATION__CONFIG__BITBUCKET_BASE_URL ?? ''}/projects/PAY/repos/api/browse`;
    expect(unfit.map(({ message }) => message.replace(link, 'LINK'))).toEqual([
      'repository: properties.stars of service takes a number, but LINK gives the text "api"',
      'repository: properties.link of service takes a text in the format url, but LINK gives the text "api"',
      'repository: properties.visibility of service takes one of "open", "closed", but LINK gives the text "AVAILABLE"',
      'repository: properties.name of service takes a value, as it is required, but LINK gives null',
      'repository: relations.projects of service takes a list of identifiers, but LINK gives the text "PAY"',
    ]);
    expect(unfit[0]?.remedy).toBe(
      'Port would refuse it; correct the blueprint, or the expression: .name',
    );
    // A run is refused for just that.
    const run = await inText('sync', world.env);
    expect(run.exitCode).toBe(6);
    expect(inOneLine(run.stdout)).toContain('Port refused service api (422)');
  });

  it('says that the next sync gives an empty integration the built-in mapping, unless there is a file', async () => {
    expect((await inText('sync', world.env)).exitCode).toBe(0);
    putMapping(world, null);
    const words = 'holds no mapping; the next sync gives it the built-in one';
    expect(messages(await check(), 'port').join('\n')).toContain(words);
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const { stdout } = await inText('check --mapping mapping.yml', world.env);
    expect(stdout.replace(/\s+/gu, ' ')).not.toContain(words);
  });

  it('warns of what a blueprint requires and the mapping leaves out', async () => {
    world.port.putBlueprint({
      identifier: 'service',
      title: 'Service',
      icon: 'Service',
      schema: { properties: { owner: { type: 'string' } }, required: ['owner'] },
      relations: {},
    });
    putMapping(
      world,
      mappingOf([resource('repository', { identifier: '.slug', blueprint: '"service"' })]),
    );
    const found = await check();
    expect(found.exitCode).toBe(0);
    expect(codes(found)).toEqual(['blueprint-requires']);
    expect(messages(found, 'catalog')).toContain(
      'blueprint service requires properties.owner, which the mapping does not fill',
    );
  });

  it('looks at the blueprints that the first run creates as if they were there', async () => {
    putMapping(
      world,
      mappingOf([
        resource('project', {
          identifier: '.key',
          blueprint: '"bitbucketProject"',
          properties: { link: '.id', colour: '.name' },
        }),
      ]),
    );
    const found = await check();
    expect(codes(found)).toEqual(['blueprint-lacks', 'blueprint-unfit']);
    expect(messages(found, 'catalog').join()).toContain('the first sync creates it');
  });

  it.each<[string, JsonObject, string]>([
    [
      'is left out by the selector',
      resource('project', PROJECT, { query: '.key == "OTHER"' }),
      'project: types were not tried, as the selector leaves out',
    ],
    [
      'is told apart by what a check does not read',
      resource('repository', { ...PROJECT, identifier: '.__readme' }),
      'repository: types were not tried, as the mapping needs __readme',
    ],
    [
      'has a field that fails',
      resource('project', { ...PROJECT, title: '.key | tonumber' }),
      'project: title is null on',
    ],
    [
      'holds many, none of which fits',
      {
        ...resource('project', { ...PROJECT, properties: { link: '.item' } }),
        port: {
          itemsToParse: '[1, 2]',
          entity: {
            mappings: {
              ...PROJECT,
              identifier: '.item | tostring',
              properties: { link: '.item' },
            },
          },
        },
      },
      'project: properties.link of bitbucketProject takes a text',
    ],
    [
      'names its blueprint itself',
      resource('project', { ...PROJECT, blueprint: '"bitbucket" + "Project"' }),
      'fits into bitbucketProject',
    ],
  ])('says so where an item %s', async (_what, written, message) => {
    putBlueprints(world);
    putMapping(world, mappingOf([written]));
    const found = await check();
    expect(messages(found, 'catalog').filter((one) => one.includes(message))).toHaveLength(1);
  });

  it('says once that types were not tried where Bitbucket was not asked', async () => {
    putBlueprints(world);
    const { stdout } = await inText('check', {
      ...world.env,
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: '',
      BITBUCKET_TYPE: 'bitbucket-server',
    });
    expect(stdout.match(/types were not tried/gu)).toHaveLength(1);
    expect(stdout).toContain('bitbucketProject has all 4 properties');
  });

  it('warns of a take-over, and of Port loading the catalog itself where its organization does', async () => {
    putBlueprints(world);
    putMapping(world, PROJECTS, { version: '0.1.24', processingMode: 'dsp', spec: {} });
    expect(codes(await check())).toEqual(['take-over-due']);
    await world.close();
    const featureFlags = ['LAKEHOUSE_ELIGIBLE', 'DATA_SOURCE_PROCESSOR_ENABLED'];
    world = await startWorld(aCompany().withRepository('PAY', 'api').build(), {
      port: { clock: systemClock, featureFlags },
    });
    putBlueprints(world);
    putMapping(world, PROJECTS, { version: '0.1.24', processingMode: 'dsp', spec: {} });
    const found = await check();
    expect(found.exitCode).toBe(0);
    expect(codes(found)).toEqual(['take-over-due', 'integration-processed-by-port']);
    expect((await inText('check --strict', world.env)).exitCode).toBe(4);
  });

  it('warns of an organization that Port has blocked', async () => {
    putBlueprints(world);
    putMapping(world, PROJECTS);
    world.port.behave({ isBlocked: true });
    expect(codes(await check())).toEqual(['organization-blocked']);
  });

  it('says also of clocks, limits and certificates that they are in order', async () => {
    const found = await check();
    expect(messages(found, 'network')).toContain(
      'certificates of public authorities alone are trusted',
    );
    expect(messages(found, 'port').join()).toMatch(
      /rate limit: [\d,]+ of [\d,]+ requests left,the clock agrees with that of Port/u,
    );
    expect(messages(found, 'bitbucket').slice(-2)).toEqual([
      'rate limit: Bitbucket tells none',
      'the clock agrees with that of Bitbucket',
    ]);
  });

  it('tells once of a file that holds no certificate', async () => {
    await put('ca.pem', 'not a certificate\n');
    const found = await check({ SSL_CERT_FILE: path.join(folder, 'ca.pem') });
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toEqual(['setting-invalid']);
  });

  it('warns of a clock that is wrong', async () => {
    const clock: Clock = {
      ...systemClock,
      now: () => systemClock.now() + 7 * 60_000,
    };
    const found = await check({}, clock);
    expect(codes(found)).toEqual(['clock-skewed', 'clock-skewed']);
    expect(messages(found, 'port').join()).toContain('7m ahead of that of Port');
  });

  it('shows problems only where little is to be logged', async () => {
    const env = { ...world.env, OCEAN__PORT__CLIENT_SECRET: 'wrong-secret' };
    const { stdout } = await inText('check --quiet', env);
    expect(stdout).toMatch(/^Port\n {2}failure /u);
    expect(stdout).not.toMatch(/^ {2}(?:ok|note) /mu);
    expect((await inText('check --quiet', world.env)).stdout).toBe('All is well (exit 0)\n');
  });

  it('marks problems where the platform shows them, and none in a log of JSON', async () => {
    const env = {
      ...world.env,
      GITHUB_ACTIONS: 'true',
      OCEAN__PORT__CLIENT_SECRET: 'wrong-secret',
    };
    const { stderr } = await inText('check', env);
    expect(stderr).toMatch(
      /^::group::[^\n]+\n::error title=bitbucket-port::Port at \S+ refused OCEAN__PORT__CLIENT_ID and[^\n]+\n::endgroup::\n$/u,
    );
    expect((await inText('check --log-format json', env)).stderr).toBe('');
  });

  it('gives JSON where logs are JSON', async () => {
    const { stdout } = await inText('check --log-format json', world.env);
    expect(documentSchema.parse(JSON.parse(stdout)).exitCode).toBe(0);
  });

  it('stops at a signal, and says so', async () => {
    const runtime = aRuntime({ argv: ['check'], env: world.env, cwd: folder, clock: systemClock });
    world.bitbucket.fail({ fault: { type: 'hang' }, when: () => true });
    const ending = runProgram(runtime);
    const asked = async (): Promise<void> => {
      while (world.bitbucket.requests.length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await asked();
    runtime.signal('SIGINT');
    expect(await ending).toBe(130);
    expect(runtime.written.stdout).toMatch(/stopped by SIGINT[^]*1 failure \(exit 130\)/u);
  });

  it('refuses an output that it does not have', async () => {
    const { exitCode, stderr } = await inText('check --output yaml', world.env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("option '--output <format>' takes text or json");
  });
});

describe('check of Bitbucket Cloud', () => {
  it('reads a kind below repositories, and tells the rate limit', async () => {
    const cloud = await startCloudWorld(
      aCompany().withRepository('PAY', 'api').build(),
      onSystemClock,
    );
    try {
      await put(
        'mapping.yml',
        JSON.stringify(
          mappingOf([
            resource('pull-request', { identifier: '.id', blueprint: '"bitbucketPullRequest"' }),
            resource(
              'folder',
              { identifier: '.folder.path', blueprint: '"bitbucketProject"' },
              { folders: [{ path: '*' }] },
            ),
          ]),
        ),
      );
      const { exitCode, stdout } = await inText('check --mapping mapping.yml', cloud.env);
      expect(stdout).toContain('pull-request: may be read');
      expect(stdout).toContain('folder: may be read');
      expect(stdout).toContain('rate limit: 1,000 requests an hour, more than a fifth is left');
      expect(exitCode).toBe(0);
    } finally {
      await cloud.close();
    }
  });
});

describe('a filter that Bitbucket Cloud refuses', () => {
  const REPOSITORY = { identifier: '.slug', blueprint: '"thing"' };
  const MAPPING = [
    'resources:',
    '  - kind: repository',
    '    selector:',
    '      query: "true"',
    `      repoQuery: 'nme ~ "api'`,
    '    port: { entity: { mappings: { identifier: .slug, blueprint: \'"thing"\' } } }',
    '  - kind: pull-request',
    '    selector:',
    '      query: "true"',
    `      pullRequestQuery: 'state = '`,
    '    port: { entity: { mappings: { identifier: .id, blueprint: \'"thing"\' } } }',
  ].join('\n');
  let cloud: CloudWorld;

  beforeEach(async () => {
    const company = aCompany().withRepository('PAY', 'api').withRepository('PAY', 'ledger');
    cloud = await startCloudWorld(company.build(), onSystemClock);
    await put('mapping.yml', MAPPING);
  });
  afterEach(() => cloud.close());

  it('is told with its place in the mapping', async () => {
    const { exitCode, stdout } = await inText('check --mapping mapping.yml', cloud.env);
    const text = inOneLine(stdout);
    expect(text).toMatch(
      /mapping\.yml:5:18: resources\[0\]\.selector\.repoQuery \(repository\) is refused by Bitbucket: answered 400 Bad Request: .+ \(GET \S+\/repositories\/fernlicht\?q=nme%20~%20%22api\)/u,
    );
    expect(text).toContain('mapping.yml:10:25: resources[1].selector.pullRequestQuery');
    expect(exitCode).toBe(2);
  });

  it('of repositories ends a run before anything is written', async () => {
    const { exitCode, stderr } = await inText('sync --mapping mapping.yml', cloud.env);
    expect(inOneLine(stderr)).toContain('mapping.yml:5:18: resources[0].selector.repoQuery');
    expect(writingRequests(cloud.port)).toEqual([]);
    expect(exitCode).toBe(2);
  });

  it('of pull requests is told once for all repositories', async () => {
    await put('mapping.yml', MAPPING.replace(`'nme ~ "api'`, `'name ~ "l"'`));
    const { exitCode, stderr } = await inText('sync --mapping mapping.yml', cloud.env);
    expect(stderr.match(/mapping\.yml:10:25/gu)).toHaveLength(1);
    expect(exitCode).toBe(6);
  });

  it('in a mapping that Port holds costs its resource alone', async () => {
    cloud.port.putIntegration({
      installationId: 'my-bitbucket-cloud-integration',
      installationAppType: 'bitbucket-cloud',
      version: 'bitbucket-port-0.0.1',
      changelogDestination: {},
      config: mappingOf([resource('repository', REPOSITORY, { repoQuery: 'nme ~ "a' })]),
    });
    const { exitCode, stdout } = await inText('sync', cloud.env);
    expect(inOneLine(stdout)).toContain('Correct it in Port; it is: nme ~ "a.');
    expect(exitCode).toBe(6);
  });
});

describe('types in a check of Bitbucket Cloud', () => {
  const KINDS = mappingOf([
    resource('pull-request', {
      identifier: '.id | tostring',
      blueprint: '"thing"',
      properties: { count: '.title' },
    }),
    resource(
      'folder',
      {
        identifier: '.folder.path',
        blueprint: '"thing"',
        properties: { count: '.folder.path', name: '.pattern', where: '.branch' },
      },
      { folders: [{ path: '*' }] },
    ),
    resource(
      'file',
      {
        identifier: '.metadata.path',
        blueprint: '"thing"',
        properties: { count: '.metadata.path', name: '.content.name', where: '.repo.slug' },
      },
      { files: { path: '*', filenames: ['README.md'] } },
    ),
    resource(
      'file',
      { identifier: '.content.name', blueprint: '"thing"' },
      { files: { path: '*', filenames: ['README.md'] } },
    ),
  ]);
  const property = (type: string): JsonObject => ({ type });
  const THING = {
    identifier: 'thing',
    title: 'Thing',
    icon: 'Service',
    schema: {
      properties: {
        count: property('number'),
        name: property('number'),
        where: property('string'),
      },
      required: [],
    },
    relations: {},
  };

  async function checked(difference: RepositoryDifference): Promise<{
    readonly found: readonly string[];
    readonly asked: readonly string[];
  }> {
    const company = aCompany().withRepository('PAY', 'api', difference);
    if (difference.empty !== true) company.withPullRequest('PAY', 'api', { state: 'MERGED' });
    const cloud = await startCloudWorld(company.build(), onSystemClock);
    cloud.port.putBlueprint(THING);
    try {
      await put('mapping.yml', JSON.stringify(KINDS));
      const { stdout } = await inText('check --mapping mapping.yml --output json', cloud.env);
      const { findings } = documentSchema.parse(JSON.parse(stdout));
      const links = /http:\S+\/(?=api\/)/gu;
      return {
        found: findings
          .filter(({ section }) => section === 'catalog')
          .map(({ message }) => message.replace(links, '')),
        asked: cloud.bitbucket.requests.map(({ target }) => target),
      };
    } finally {
      expect(cloud.bitbucket.violations).toEqual([]);
      await cloud.close();
    }
  }

  it('are tried on the first pull request, folder and file, without reading a file', async () => {
    const { found, asked } = await checked({
      files: { 'README.md': '# API', 'src/index.ts': '', 'zebra.txt': '' },
      defaultBranch: 'release/1.x',
    });
    const text = found.join('\n');
    expect(text).toMatch(/count of thing takes a number, but api\/pull-requests\/1 gives/u);
    expect(text).toMatch(
      /count of thing takes a number, but api\/src\/\w+\/src gives the text "src"/u,
    );
    expect(text).toMatch(
      /count of thing takes a number, but api\/src\/\w+\/README\.md gives the text "README\.md"/u,
    );
    // What a file holds is not read, so that nothing is said of it.
    expect(text).not.toMatch(/file: properties\.(?:name|where)/u);
    expect(text).toContain(
      'file: types were not tried, as the mapping needs content, which a check does not read; preview does',
    );
    expect(asked.filter((target) => target.includes('README'))).toEqual([]);
  });

  it('are tried on a file that the selector takes, and on none that it leaves out', async () => {
    const { found, asked } = await checked({
      files: { 'AUTHORS.md': '', 'docs/README.md': '# API' },
    });
    expect(found).toContain(
      'file: types were not tried: a first look found no item; preview looks further',
    );
    expect(asked.filter((target) => target.includes('AUTHORS'))).toEqual([]);
  });

  it('are not tried where the repository is empty', async () => {
    const { found } = await checked({ empty: true });
    expect(found.filter((one) => one.includes('gives'))).toEqual([]);
    expect(found).toContain('types were not tried: Bitbucket showed no item of any kind');
  });

  it('are not tried on what is not there', async () => {
    const { found } = await checked({ files: { 'README.md': '# API' } });
    expect(found).toContain(
      'folder: types were not tried: a first look found no item; preview looks further',
    );
  });
});

describe('check --offline', () => {
  const offline = (env: Env): ReturnType<typeof inText> =>
    inText('check --offline', { PATH: world.env.PATH, JQ_PATH: world.env.JQ_PATH, ...env });

  it('has nothing to check where no file is, and says so', async () => {
    const { exitCode, stdout } = await offline({ BITBUCKET_TYPE: 'bitbucket-cloud' });
    expect(exitCode).toBe(0);
    expect(inOneLine(stdout)).toContain(
      'there is no local mapping: it lives in Port, and there is nothing to check here',
    );
  });

  it('accepts files whose variables are not there, and compiles the mapping', async () => {
    await put(
      'bitbucket-port.yml',
      'port:\n  clientSecret: ${NO_SUCH_SECRET}\nmapping: mapping.yml\n',
    );
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const { exitCode, stdout } = await offline({ BITBUCKET_TYPE: 'bitbucket-server' });
    expect(stdout).toContain('bitbucket-port.yml is valid');
    expect(stdout).toContain('mapping.yml is valid: 1 resource (project)');
    // Nothing is empty: what it refers to is for the run to know.
    expect(stdout).not.toContain('is empty');
    expect(exitCode).toBe(0);
    expect(world.port.requests).toEqual([]);
  });

  it('knows which Bitbucket it is from an address that is a reference', async () => {
    const config =
      'integration: { type: "${NO_SUCH_TYPE}", config: { bitbucketBaseUrl: "${NO_SUCH_ADDRESS}" } }';
    await put('bitbucket-port.yml', `${config}\nmapping: mapping.yml\n`);
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const { exitCode, stdout } = await offline({});
    expect(stdout).toContain('mapping.yml is valid: 1 resource (project)');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['an unknown key', 'sync:\n  timeuot: 25m\n', 'Did you mean sync.timeout?'],
    [
      'an unknown key whose value refers to a variable',
      'sync:\n  timeuot: ${NO_SUCH_TIME}\n',
      'Did you mean sync.timeout?',
    ],
    ['a value that cannot be used', 'sync:\n  timeout: soon\n', 'must be a time'],
    [
      'a file that is no YAML',
      'sync: [\n',
      'bitbucket-port.yml:1:7: a bracket or brace that opens here',
    ],
    ['a mapping that is not there', 'mapping: mappnig.yml\n', 'there is no such file'],
  ])('refuses %s', async (_what, text, message) => {
    await put('bitbucket-port.yml', text);
    const { exitCode, stdout } = await offline({ BITBUCKET_TYPE: 'bitbucket-server' });
    expect(exitCode).toBe(2);
    expect(inOneLine(stdout)).toContain(message);
    expect(stdout).not.toContain('bitbucket-port.yml is valid');
  });

  it('refuses a mapping that is wrong', async () => {
    await put('bitbucket-port.yml', 'mapping: mapping.yml\n');
    await put('mapping.yml', JSON.stringify(PROJECTS).replace('.name', '.name | ('));
    const { exitCode, stdout } = await offline({ BITBUCKET_TYPE: 'bitbucket-server' });
    expect(exitCode).toBe(2);
    expect(inOneLine(stdout)).toContain('is not valid jq');
  });

  it('needs to know which Bitbucket a mapping is for', async () => {
    await put('bitbucket-port.yml', 'mapping: mapping.yml\n');
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const { exitCode, stdout } = await offline({});
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Set BITBUCKET_TYPE or --type');
  });
});
