import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/model/json.js';
import { writingRequests } from '../pipeline/plan-world.js';
import { IDENTIFIER, mappingOf, putMapping, resource } from '../pipeline/safety-world.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type RunResult, type World } from '../world/a-world.js';

const MAPPING = mappingOf([
  resource('project', { identifier: '.key', title: '.name', blueprint: '"bitbucketProject"' }),
]);
const OTHER = mappingOf([
  resource('project', { identifier: '.key', title: '.key', blueprint: '"bitbucketProject"' }),
]);

let world: World;
let folder: string;

beforeEach(async () => {
  world = await startWorld(aCompany().build());
  folder = await mkdtemp(path.join(tmpdir(), 'mapping-'));
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const fileOf = (name: string): string => path.join(folder, name);

async function run(line: string): Promise<RunResult> {
  return world.run(`mapping ${line}`);
}

async function put(name: string, mapping: JsonObject): Promise<string> {
  await writeFile(fileOf(name), stringify(mapping));
  return fileOf(name);
}

const inPort = (): unknown => world.port.integration(IDENTIFIER)?.config;

describe('mapping pull', () => {
  it('prints the mapping that Port holds, as YAML', async () => {
    putMapping(world, MAPPING);
    const { exitCode, stdout } = await run('pull');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      `# The mapping of integration ${IDENTIFIER}, as Port holds it.`,
    );
    expect(parse(stdout)).toEqual(MAPPING);
    expect(writingRequests(world.port)).toEqual([]);
  });

  it('writes it into a file, and replaces none unless told to', async () => {
    putMapping(world, MAPPING);
    const file = fileOf('mapping.yml');
    const first = await run(`pull --file ${file}`);
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: `Wrote the mapping of integration ${IDENTIFIER} to ${file}\n`,
    });
    expect(parse(await readFile(file, 'utf8'))).toEqual(MAPPING);

    await writeFile(file, 'mine');
    const second = await run(`pull --file ${file}`);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain(`${file} was not written: it is there already`);
    expect(second.stderr).toContain('--force');
    expect(await readFile(file, 'utf8')).toBe('mine');

    expect((await run(`pull --force --file ${file}`)).exitCode).toBe(0);
    expect(parse(await readFile(file, 'utf8'))).toEqual(MAPPING);
  });

  it('says that sync does not use it, where the settings name another', async () => {
    putMapping(world, MAPPING);
    const file = await put('local.yml', OTHER);
    const { exitCode, stdout, stderr } = await run(`pull --mapping ${file}`);
    expect(exitCode).toBe(0);
    expect(parse(stdout)).toEqual(MAPPING);
    expect(stderr).toContain(
      `note: this is the mapping of integration ${IDENTIFIER} in Port. sync does not use it: your settings name ${file}`,
    );
    expect((await run('pull')).stderr).not.toContain('sync does not use it');
  });

  it.each<[string, JsonObject | null]>([
    ['null', null],
    ['empty', {}],
  ])('says that a mapping that is %s is none', async (_, config) => {
    putMapping(world, config);
    const { exitCode, stdout, stderr } = await run('pull');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`integration ${IDENTIFIER} in Port holds no mapping`);
  });

  it('says that the integration is missing', async () => {
    const { exitCode, stderr } = await run('pull');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Port has no integration ${IDENTIFIER}`);
  });
});

describe('mapping diff', () => {
  it('shows what a push would change, line by line, and changes nothing', async () => {
    putMapping(world, MAPPING);
    const file = await put('mapping.yml', OTHER);
    const { exitCode, stdout } = await run(`diff --mapping ${file}`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`--- integration ${IDENTIFIER} in Port\n+++ ${file}\n...\n`);
    expect(stdout).toContain('\n-          title: .name\n+          title: .key\n');
    expect((await run(`diff --detailed-exitcode --mapping ${file}`)).exitCode).toBe(10);
    expect(writingRequests(world.port)).toEqual([]);
  });

  it('takes no notice of the order of keys', async () => {
    putMapping(world, MAPPING);
    const file = await put('mapping.yml', Object.fromEntries(Object.entries(MAPPING).reverse()));
    const { exitCode, stdout } = await run(`diff --detailed-exitcode --mapping ${file}`);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${file} and integration ${IDENTIFIER} in Port are the same\n`);
  });

  it('needs a local mapping', async () => {
    putMapping(world, MAPPING);
    const { exitCode, stderr } = await run('diff');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the local mapping is not set');
    expect(stderr).toContain('Set --mapping');
  });
});

describe('mapping push', () => {
  it('writes the local mapping onto the integration, and tells what changed and how to undo it', async () => {
    putMapping(world, MAPPING, { version: '0.48.0' });
    const file = await put('mapping.yml', OTHER);
    const backup = fileOf('before.yml');
    const { exitCode, stdout } = await run(`push --mapping ${file} --backup ${backup}`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\n-          title: .name\n+          title: .key\n');
    expect(stdout).toContain(
      `Pushed ${file} to integration ${IDENTIFIER} in Port; the next sync uses it\n` +
        `To undo: bitbucket-port mapping push --mapping ${backup}\n`,
    );
    expect(inPort()).toEqual(OTHER);
    // Nothing else of the record changes: who loaded the catalog last is still known.
    expect(world.port.integration(IDENTIFIER)?.version).toBe('0.48.0');
    expect(writingRequests(world.port)).toEqual([`PATCH /v1/integration/${IDENTIFIER}/config`]);

    expect((await run(`push --mapping ${backup}`)).exitCode).toBe(0);
    expect(inPort()).toEqual(MAPPING);
  });

  it('writes nothing where Port holds the mapping already', async () => {
    putMapping(world, MAPPING);
    const file = await put('mapping.yml', MAPPING);
    const { exitCode, stdout } = await run(`push --mapping ${file}`);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `integration ${IDENTIFIER} in Port holds ${file} already\n`,
    });
    expect(writingRequests(world.port)).toEqual([]);
  });

  it('sends no mapping that is wrong', async () => {
    putMapping(world, MAPPING);
    const wrong = mappingOf([
      resource('project', { identifier: '.key |', blueprint: '"bitbucketProject"' }),
    ]);
    const file = await put('mapping.yml', wrong);
    const { exitCode, stderr } = await run(`push --mapping ${file}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not valid jq');
    expect(inPort()).toEqual(MAPPING);
    expect(world.port.requests).toEqual([]);
  });

  it('creates the integration only when told to', async () => {
    const file = await put('mapping.yml', OTHER);
    const refused = await run(`push --mapping ${file}`);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('mapping push --create');
    expect(inPort()).toBeUndefined();

    expect((await run(`push --create --mapping ${file}`)).exitCode).toBe(0);
    expect(inPort()).toEqual(OTHER);
  });

  it.each<[string, JsonObject | null]>([
    ['null', null],
    ['empty', {}],
  ])('fills a mapping that is %s', async (_, config) => {
    putMapping(world, config);
    const file = await put('mapping.yml', OTHER);
    const { exitCode, stdout } = await run(`push --mapping ${file}`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`--- integration ${IDENTIFIER} in Port (no mapping)\n`);
    expect(inPort()).toEqual(OTHER);
  });
});

describe('sync', () => {
  it.each<[string, JsonObject | null]>([
    ['a mapping', MAPPING],
    ['an empty mapping', {}],
    ['no mapping', null],
  ])('with a local mapping leaves %s in Port as it is', async (_, config) => {
    putMapping(world, config);
    const file = await put('mapping.yml', OTHER);
    await world.run(`sync --mapping ${file}`);
    expect(inPort()).toEqual(config);
    if (config !== MAPPING) return;
    await world.run('sync');
    expect(inPort()).toEqual(config);
  });
});

describe('a command line', () => {
  it('shows the subcommands where none is named, and suggests one for a typo', async () => {
    const alone = await world.run('mapping');
    expect(alone.exitCode).toBe(0);
    for (const name of ['pull', 'push', 'diff']) expect(alone.stdout).toContain(`\n  ${name} `);
    expect(await world.run('mapping pul')).toMatchObject({
      exitCode: 2,
      stderr: "error: unknown command 'pul'\n  > Did you mean pull?\n",
    });
  });
});
