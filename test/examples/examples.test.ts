import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import { commands } from '../../src/cli/commands.js';
import { systemClock, type Clock } from '../../src/clock.js';
import { DEFAULTS } from '../../src/defaults/index.js';
import { validateMapping } from '../../src/mapping/check-expressions.js';
import type { JsonObject, JsonValue } from '../../src/model/json.js';
import { targetsOf } from '../../src/model/blueprint.js';
import { wordsOf } from '../../src/problems/words.js';
import { run } from '../../src/run.js';
import { allSettings } from '../../src/settings/declarations/index.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { serverKinds } from '../../src/source/server/kinds/index.js';
import { realEngines } from '../mapping/real-engines.js';
import { aRuntime } from '../world/a-runtime.js';
import { searchPath } from '../worker/search-path.js';
import type { RunResult } from '../world/world-around.js';
import { exampleCases } from './cases/index.js';
import {
  exampleFolders,
  overview,
  repositoryRoot,
  type ExampleBlueprint,
} from './example-folder.js';
import { catalogOf, runIn, type ExampleCase, type ExampleWorld } from './example-world.js';

// Whole runs, on machines that are busy.
const kinds = { 'bitbucket-cloud': cloudKinds, 'bitbucket-server': serverKinds } as const;
const validators = { config: await validator('config'), mapping: await validator('mapping') };

/** The blocks of shell commands on a page. */
function commandsIn(page: string): readonly string[] {
  return [...page.matchAll(/^```sh\n(.*?)^```/gmsu)].map(([, text]) => text ?? '');
}

async function validator(name: 'config' | 'mapping'): Promise<(value: unknown) => unknown> {
  const runtime = aRuntime({ argv: ['schema', name] });
  await run(runtime);
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const schema = z.record(z.string(), z.json()).parse(JSON.parse(runtime.written.stdout));
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? null : validate.errors);
}

/** Creates a blueprint as curl does. */
async function create(url: string, variables: ExampleWorld['variables'], body: JsonObject) {
  const send = async (path: string, value: JsonObject, headers = {}) =>
    fetch(`${url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(value),
    });
  const token = await send('/auth/access_token', {
    clientId: variables.PORT_CLIENT_ID ?? '',
    clientSecret: variables.PORT_CLIENT_SECRET ?? '',
  });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await token.json());
  const answer = await send('/blueprints', body, { authorization: `Bearer ${accessToken}` });
  return answer.status;
}

function caseOf(name: string): ExampleCase {
  const found = exampleCases[name];
  if (found === undefined) throw new Error(`examples/${name} has no case in test/examples/cases/`);
  return found;
}

const isFilled = (value: JsonValue | undefined): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

const byName = exampleFolders.map((example) => [example.name, example] as const);

it('has a folder for every case', () => {
  expect(exampleFolders.map(({ name }) => name)).toEqual(Object.keys(exampleCases).sort());
});

describe.each(byName)('the files of %s', (name, example) => {
  it('are what the JSON Schemas describe', () => {
    expect(validators.config(example.config)).toBeNull();
    expect(validators.mapping(example.mapping)).toBeNull();
  });

  it.each(realEngines)('are a mapping that passes on $name', async ({ start }) => {
    const engine = await start();
    try {
      const { problems } = await validateMapping(engine, example.mapping, {
        origin: 'mapping.yml',
        unknownKeys: 'error',
        kinds: kinds[example.config.integration.type],
      });
      expect(problems.filter((problem) => wordsOf(problem).severity !== 'notice')).toEqual([]);
    } finally {
      await engine.close();
    }
  });

  it('map fields that their blueprints hold', () => {
    expect(example.mapped.length).toBeGreaterThan(3);
    for (const { blueprint, part, field } of example.mapped) {
      const holder = example.blueprints.find(({ identifier }) => identifier === blueprint);
      const relations = holder?.relations.map((relation) => relation.field);
      expect(part === 'properties' ? holder?.properties : relations).toContain(field);
    }
  });

  it('belong to an integration of their own', () => {
    const { identifier } = example.config.integration;
    expect(identifier.startsWith(name)).toBe(true);
  });

  it('have samples from which a preview makes the entities, without a network', async () => {
    const { previewed } = caseOf(name);
    expect(example.samples.map(({ kind }) => kind)).toEqual(Object.keys(previewed).sort());
    for (const { kind, file } of example.samples) {
      const options = ['--config', example.configFile, '--input', file, '--kind', kind];
      const runtime = aRuntime({
        argv: ['preview', ...options, '--output', 'json', '--strict'],
        env: { PATH: searchPath },
      });
      expect({ exitCode: await run(runtime), ...runtime.written }).toMatchObject({ exitCode: 0 });
      expect(previewedIn(runtime.written.stdout)).toEqual(previewed[kind]);
    }
  });
});

const previewSchema = z.array(
  z.object({
    results: z.array(
      z.object({ mappings: z.array(z.object({ entity: z.object({ identifier: z.string() }) })) }),
    ),
  }),
);

function previewedIn(stdout: string): readonly string[] {
  const items = previewSchema.parse(JSON.parse(stdout));
  return items.flatMap(({ results }) =>
    results.flatMap(({ mappings }) => mappings.map(({ entity }) => entity.identifier)),
  );
}

describe.each(byName)('the README of %s', (name, { readme, config }) => {
  it('is short', () => {
    const lines = readme.trimEnd().split('\n').length;
    expect(lines).toBeGreaterThanOrEqual(6);
    expect(lines).toBeLessThanOrEqual(20);
  });

  it('shows how to check, plan and sync, with options that exist', () => {
    const lines = (commandsIn(readme)[0] ?? '').trimEnd().split('\n');
    const parts = lines.map((line) => line.split(' '));
    expect(parts.map(([npx, program, command]) => [npx, program, command])).toEqual(
      ['check', 'plan', 'sync'].map((command) => ['npx', 'bitbucket-port', command]),
    );
    for (const [, , command, ...options] of parts) {
      expect(options).toEqual(['--config', `examples/${name}/bitbucket-port.yml`]);
      const description = commands.find((one) => one.name === command);
      const known = description?.options.flatMap((group) =>
        group.options.map(({ flag }) => flag.name),
      );
      expect(known).toContain('--config');
    }
  });

  it('names variables that exist', () => {
    const known = allSettings.flatMap(({ variables }) => variables);
    const referred = [...config.integration.identifier.matchAll(/\$\{(\w+)\}/gu)];
    const own = referred.flatMap(([, variable = '']) => variable);
    for (const variable of variablesIn(readme)) expect([...known, ...own]).toContain(variable);
  });

  it('is found from the overview', () => {
    expect(overview).toContain(`(${name})`);
  });
});

/** What a README asks to be set. */
function variablesIn(readme: string): readonly string[] {
  const [sentence = ''] = /^Set .*?\brun\b/msu.exec(readme) ?? [];
  return [...sentence.matchAll(/`([A-Z_]+)`/gu)].map(([, variable = '']) => variable);
}

describe.each(byName)('%s, on a company made for it', (name, example) => {
  let world: ExampleWorld;
  let variables: ExampleWorld['variables'];
  const command = (line: string, clock?: Clock): Promise<RunResult> =>
    runIn(world, [...line.split(' '), '--config', example.configFile], variables, clock);
  const { expected, teams = {}, searched = [], prepare, start } = caseOf(name);

  beforeAll(async () => {
    world = await start();
    prepare?.(world.port);
    variables = Object.fromEntries(
      variablesIn(example.readme).map((variable) => [variable, world.variables[variable] ?? '']),
    );
    for (const blueprint of example.blueprints) {
      expect(await create(world.port.url, world.variables, blueprint.body)).toBe(201);
    }
  });

  afterAll(async () => {
    await world.close();
  });

  it('passes check and plan, with the variables of its README alone', async () => {
    // The built-in Bitbucket tells today's date, which a check compares with the clock, as with Port's.
    const ahead = systemClock.now() - world.clock.now();
    world.port.behave({ clockOffsetMilliseconds: ahead });
    expect(await command('check --strict', systemClock)).toMatchObject({ exitCode: 0 });
    world.port.behave({ clockOffsetMilliseconds: 0 });
    expect(await command('plan --strict')).toMatchObject({ exitCode: 0 });
  });

  it('loads exactly what it promises, without a warning', async () => {
    expect(await command('sync --strict')).toMatchObject({ exitCode: 0 });
    expect(catalogOf(world, Object.keys(expected))).toEqual(expected);
    expect(Object.keys(expected).sort()).toEqual(
      example.blueprints.map(({ identifier }) => identifier).sort(),
    );
  });

  it('gives entities to the teams that own them', () => {
    for (const [blueprint, owning] of Object.entries(teams)) {
      const held = world.port.entities(blueprint).map(({ identifier, team }) => [identifier, team]);
      expect(Object.fromEntries(held)).toEqual(owning);
    }
  });

  it.each(example.mapped)('fills $blueprint.$part.$field of some entity', (mapped) => {
    const { blueprint, part, field } = mapped;
    const entities = world.port.entities(blueprint);
    expect(entities.some((entity) => isFilled(entity[part][field]))).toBe(true);
  });

  it('leads every relation to an entity that is filled itself', () => {
    const links = example.blueprints.flatMap(linksIn);
    expect(links.length).toBeGreaterThan(0);
    for (const { target, identifier } of links) {
      expect(world.port.entity(target, identifier)?.title).toEqual(expect.any(String));
    }
  });

  function linksIn({ identifier: blueprint, relations }: ExampleBlueprint) {
    return relations.flatMap(({ field, target }) =>
      world.port
        .entities(blueprint)
        .flatMap((entity) => targetsOf(entity.relations[field]))
        .map((identifier) => ({ target, identifier })),
    );
  }

  it('writes nothing the second time, but what only Port can compare', async () => {
    world.port.reset();
    expect(await command('sync --strict')).toMatchObject({ exitCode: 0 });
    const written = world.port.writes.map((write) =>
      write.type === 'entity-upserted' ? write.identifier : write.type,
    );
    expect(written.sort()).toEqual(searched);
  });
});

describe('the blueprints of the quick starts', () => {
  it.each([
    ['cloud-quick-start', 'bitbucket-cloud'],
    ['data-center-quick-start', 'bitbucket-server'],
  ] as const)('are those that the first sync creates: %s', (name, type) => {
    const example = exampleFolders.find((one) => one.name === name);
    expect(example?.blueprints.map(({ body }) => body)).toEqual(DEFAULTS[type].blueprints);
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the commands of the overview', () => {
  (hasCurl ? it : it.skip).each(byName)('create the blueprints of %s', async (name, example) => {
    const { start, prepare } = caseOf(name);
    const world = await start();
    try {
      prepare?.(world.port);
      const before = world.port.blueprints().length;
      const script = (commandsIn(overview)[0] ?? '').replace(
        /^EXAMPLE=.*$/mu,
        `EXAMPLE=examples/${name}`,
      );
      const env = { PATH: process.env.PATH, ...world.variables, ...world.addresses };
      const shell = spawn('sh', ['-c', script], { cwd: repositoryRoot, env, stdio: 'ignore' });
      expect(await once(shell, 'exit')).toEqual([0, null]);
      expect(
        world.port
          .blueprints()
          .slice(before)
          .map(({ identifier }) => identifier),
      ).toEqual(example.blueprints.map(({ identifier }) => identifier));
    } finally {
      await world.close();
    }
  });
});
