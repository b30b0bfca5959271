import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { systemClock } from '../../../src/clock.js';
import type { Clock } from '../../../src/clock.js';
import { run as runProgram } from '../../../src/run.js';
import { writingRequests } from '../../pipeline/plan-world.js';
import { mappingOf, putBlueprints, putMapping, resource } from '../../pipeline/safety-world.js';
import { aCompany } from '../../world/a-company.js';
import { startCloudWorld } from '../../world/a-cloud-world.js';
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

const PROJECTS = mappingOf([
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
]);

let world: World;
let folder: string;

beforeEach(async () => {
  world = await startWorld(aCompany().withRepository('PAY', 'api').build());
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
      'Blueprints',
      'Bitbucket',
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

  it('says what is missing and checks the rest', async () => {
    await put('mapping.yml', JSON.stringify(PROJECTS));
    const found = await check({
      OCEAN__PORT__CLIENT_ID: undefined,
      OCEAN__PORT__CLIENT_SECRET: '',
    });
    expect(found.exitCode).toBe(2);
    expect(codes(found)).toEqual(['setting-missing', 'setting-missing']);
    expect(messages(found, 'port')).toEqual([
      'Port was not asked: the settings above do not suffice',
    ]);
    expect(messages(found, 'bitbucket').join()).toContain('takes the credentials');
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
    expect(messages(found, 'bitbucket')).toContain('repository: may be read');
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
          relations: { owner: '.name' },
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

  it('warns of a take-over, and of Port loading the catalog itself', async () => {
    putBlueprints(world);
    putMapping(world, PROJECTS, { version: '0.1.24', processingMode: 'dsp' });
    const found = await check();
    expect(found.exitCode).toBe(0);
    expect(codes(found)).toEqual(['take-over-due', 'integration-processed-by-port']);
    expect((await inText('check --strict', world.env)).exitCode).toBe(4);
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
    expect((await inText('check --quiet', world.env)).stdout).toBe('\nAll is well (exit 0)\n');
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
    const cloud = await startCloudWorld(aCompany().withRepository('PAY', 'api').build());
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
    ['a value that cannot be used', 'sync:\n  timeout: soon\n', 'must be a time'],
    ['a file that is no YAML', 'sync: [\n', 'cannot be used'],
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
