import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../../src/run.js';
import { aCompany } from '../../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../../world/a-cloud-world.js';
import { aRuntime } from '../../world/a-runtime.js';
import { startWorld, type World } from '../../world/a-world.js';

// Whole runs, on machines that are busy.
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preview-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function aFile(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

/** A mapping of repositories with this identifier. */
function aMapping(identifier: string, query = 'true'): string {
  const entity = { mappings: { identifier, blueprint: '"service"' } };
  return JSON.stringify({
    resources: [{ kind: 'repository', selector: { query }, port: { entity } }],
  });
}

function someRepositories(count: number) {
  const company = aCompany();
  for (let index = 1; index <= count; index += 1) company.withRepository('PAY', `api-${index}`);
  return company.withPullRequest('PAY', 'api-1').build();
}

describe('a preview of Bitbucket Data Center', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld(someRepositories(60));
  });

  afterEach(async () => {
    await world.close();
  });

  it('shows a few items, after a few requests, and writes nothing', async () => {
    const { exitCode, stdout, stderr } = await world.run('preview --kind repository --limit 2');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^repository, 1 of 2: http:\S+\/api-1\//mu);
    expect(stdout).toMatch(/^repository, 2 of 2: http:\S+\/api-2\//mu);
    expect(stdout).toMatch(/^2 items: 2 mapped; nothing was written to Port \(exit 0\)$/mu);
    expect(stderr).toContain('the built-in default mapping');
    expect(world.port.writes).toEqual([]);
    // The probe, one page of repositories, and what is attached to about as many as are shown.
    expect(world.bitbucket.requests.length).toBeLessThanOrEqual(12);
  });

  it('shows each kind of the mapping when none is named', async () => {
    const { exitCode, stdout } = await world.run('preview --output json');
    const items = JSON.parse(stdout) as { resource: { kind: string } }[];
    expect(exitCode).toBe(0);
    expect(items.map(({ resource }) => resource.kind)).toEqual([
      'project',
      'repository',
      'repository',
      'repository',
      'pull-request',
      'user',
    ]);
  });

  it('asks Port for nothing when the mapping is local', async () => {
    const mapping = await aFile('mapping.json', aMapping('.slug'));
    const { exitCode } = await world.run(`preview --mapping ${mapping} --limit 1`);
    expect(exitCode).toBe(0);
    expect(world.port.requests).toEqual([]);
  });

  it.each([
    ['.slug', 'true', 0, '3 items: 3 mapped'],
    ['.slug', 'false', 0, '3 items: 3 not selected'],
    ['null', 'true', 0, '3 items: 3 without an entity'],
    ['error("no")', 'true', 4, '3 items: 3 failed'],
    ['.slug', '.slug', 4, '3 items: 3 failed'],
    [
      'if .slug == "api-2" then error("no") else .slug end',
      'true',
      4,
      '3 items: 2 mapped, 1 failed',
    ],
  ])('ends by what became of the items: %s, %s', async (identifier, query, code, words) => {
    const mapping = await aFile('mapping.json', aMapping(identifier, query));
    const { exitCode, stdout } = await world.run(`preview --mapping ${mapping}`);
    expect(stdout).toContain(`${words}; nothing`);
    expect(exitCode).toBe(code);
  });

  it('marks what is wrong with items where the platform shows it', async () => {
    const mapping = await aFile('mapping.json', aMapping('null'));
    const { stderr } = await world.run(`preview --mapping ${mapping}`, { GITHUB_ACTIONS: 'true' });
    expect(stderr).toMatch(
      /^::warning title=bitbucket-port::repository: [^\n]* \(and 2 more like this\)/mu,
    );
  });

  it('counts a warning with --strict', async () => {
    const mapping = await aFile('mapping.json', aMapping('null'));
    const { exitCode } = await world.run(`preview --mapping ${mapping} --strict`);
    expect(exitCode).toBe(4);
  });

  it.each([
    ['--kind repositry', /repositry \(did you mean repository\?\); the kinds are project/u],
    ['--kind repository --resource 1', /--resource is 1; to choose from are 2 \(repository\)/u],
    ['--limit none', /--limit must be a whole number/u],
    ['--output yaml', /--output must be text or json/u],
  ])('refuses %s', async (line, message) => {
    const { exitCode, stdout, stderr } = await world.run(`preview ${line}`);
    expect(exitCode).toBe(2);
    expect(`${stdout}${stderr}`.replace(/\s+/gu, ' ')).toMatch(message);
  });

  it('ends with 3 when the credentials are refused', async () => {
    const { exitCode, result } = await world.run('preview', {
      OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: 'wrong-secret',
    });
    expect(exitCode).toBe(3);
    expect(result).toContain(
      ' refused OCEAN__INTEGRATION__CONFIG__BITBUCKET_USERNAME and OCEAN__INTEGRATION__CONFIG__BITBUCKET_PASSWORD: ',
    );
    expect(result).not.toContain('wrong-secret');
  });

  it('leaves stdout to the array', async () => {
    const mapping = await aFile('mapping.json', aMapping('.slug', '.slug'));
    const { exitCode, stdout } = await world.run(`preview --mapping ${mapping} --output json`);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toHaveLength(3);
  });
});

describe('a preview of an empty Data Center', () => {
  it('says that there are no items', async () => {
    const world = await startWorld(aCompany().build());
    const { exitCode, stdout } = await world.run('preview --kind repository');
    await world.close();
    expect(stdout).toContain('repository: there are no items');
    expect(stdout).toContain('0 items; nothing was written to Port (exit 0)');
    expect(exitCode).toBe(0);
  });
});

describe('a preview of Bitbucket Cloud', () => {
  let world: CloudWorld;

  beforeEach(async () => {
    world = await startCloudWorld(someRepositories(5));
  });

  afterEach(async () => {
    await world.close();
  });

  it.each(['project', 'repository', 'pull-request'])('shows a %s', async (kind) => {
    const { exitCode, stdout } = await world.run(`preview --kind ${kind} --limit 1`);
    expect(stdout).toMatch(new RegExp(`^${kind}, 1 of 1: http`, 'mu'));
    expect(exitCode).toBe(0);
  });
});

describe('a preview of raw items in a file', () => {
  async function previewed(line: string, stdin?: string) {
    const env = { PATH: process.env.PATH, JQ_PATH: process.env.JQ_PATH };
    const runtime = aRuntime({ argv: ['preview', ...line.split(' ')], env, cwd: folder });
    const readStdin = stdin === undefined ? {} : { readStdin: () => Promise.resolve(stdin) };
    const exitCode = await run({ ...runtime, ...readStdin });
    return { exitCode, ...runtime.written };
  }

  it('needs no settings', async () => {
    await aFile('raw.json', '{"emailAddress": "jdoe@example.com", "name": "\\u001b[31mjdoe"}');
    const { exitCode, stdout } = await previewed('--kind user --input raw.json');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"identifier": "jdoe@example.com"');
    expect(stdout).not.toContain('\u001b');
  });

  it('takes them from standard input, all of them', async () => {
    const lines = Array.from({ length: 5 }, (_, index) => `{"emailAddress": "u${index}"}`);
    const { stdout } = await previewed('--kind user --input -', lines.join('\n'));
    expect(stdout).toContain('5 items: 5 mapped');
  });

  it('takes as many as are asked for', async () => {
    const { stdout } = await previewed('--kind user --input - --limit 1', '[{}, {}]');
    expect(stdout).toContain('1 item: 1 without an entity');
  });

  it.each([
    ['--kind repository --input raw.json', 'Set --type bitbucket-server or --type bitbucket-cloud'],
    ['--type bitbucket-cloud --input raw.json', 'the kind of the items is not set'],
    ['--type bitbucket-cloud --kind group --input raw.json', '--kind is group; the kinds are'],
    ['--kind tag --input raw.json', 'Set --type bitbucket-server or --type bitbucket-cloud'],
    ['--kind user --input broken.json', 'broken.json cannot be used: line 1, column 2'],
    ['--kind user --input missing.json', 'missing.json cannot be used: there is no such file'],
    ['--kind user --input -', 'standard input cannot be used: there is none'],
    ['--kind user --input raw.json --mapping broken.json', 'broken.json'],
  ])('refuses %s', async (line, words) => {
    await aFile('raw.json', '{}');
    await aFile('broken.json', '{');
    const { exitCode, stderr } = await previewed(line);
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(words);
  });

  it('maps with the file that is named', async () => {
    await aFile('raw.json', '[{"slug": "api"}]');
    await aFile('mapping.json', aMapping('.slug'));
    const line = '--type bitbucket-cloud --mapping mapping.json --input raw.json --output json';
    const { exitCode, stdout } = await previewed(line);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { results: [{ mappings: [{ entity: { identifier: 'api', blueprint: 'service' } }] }] },
    ]);
  });
});
