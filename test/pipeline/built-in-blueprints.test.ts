import { afterEach, describe, expect, it } from '@jest/globals';
import { serverBlueprints } from '../../src/defaults/server/blueprints.js';
import { serverMapping } from '../../src/defaults/server/default-mapping.js';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/model/json.js';
import { aCompany } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { mappingOf, putMapping, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const company = aCompany().withRepository('PAY', 'api').withPullRequest('PAY', 'api').build();

/** The resources of the built-in mapping that read some kinds. */
function builtIn(...kinds: readonly string[]): JsonObject {
  const resources = isJsonArray(serverMapping.resources) ? serverMapping.resources : [];
  return mappingOf(
    resources.filter(isJsonObject).filter(({ kind }) => kinds.some((each) => each === kind)),
  );
}

/** The blueprint as it is built in, less a relation and a property. */
function without(identifier: string, relation: string, property: string): JsonObject {
  const definition = serverBlueprints.find((each) => each.identifier === identifier);
  if (definition === undefined) throw new Error(identifier);
  const { relations, schema } = definition;
  return {
    ...definition,
    schema: { properties: less(schema.properties, property), required: [] },
    relations: less(relations, relation),
  };
}

function less(members: JsonObject[string] | undefined, name: string): JsonObject {
  const all = isJsonObject(members) ? members : {};
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
}

const OURS = { by: 'port-client' };

/** A Port that an earlier run has begun, with a blueprint that lacks something. */
async function afterFirstRun(
  crippled: JsonObject,
  seeded: Parameters<World['port']['putBlueprint']>[1],
): Promise<void> {
  world = await startWorld(company);
  const users = serverBlueprints.filter(({ identifier }) => identifier === 'bitbucketUser');
  for (const blueprint of users) world.port.putBlueprint(blueprint);
  world.port.putBlueprint(crippled, seeded);
  putMapping(world, builtIn('repository'), { arePortResourcesInitialized: true });
}

const blueprintOf = (identifier: string) =>
  world.port.blueprints().find((blueprint) => blueprint.identifier === identifier);

describe('built-in blueprints in an empty Port', () => {
  it('are created whole, with what they relate to, for a mapping of repositories alone', async () => {
    world = await startWorld(company);
    putMapping(world, builtIn('repository'));

    const first = await world.run('sync');

    expect(first).toMatchObject({ exitCode: 0 });
    expect(blueprintOf('bitbucketRepository')?.relations).toMatchObject({
      project: { target: 'bitbucketProject' },
      latestCommitAuthor: { target: 'bitbucketUser' },
    });
    expect(world.port.entity('bitbucketRepository', 'api')?.relations.project).toBe('PAY');

    putMapping(world, builtIn('project', 'repository', 'user'), {
      arePortResourcesInitialized: true,
    });
    expect(await world.run('sync')).toMatchObject({ exitCode: 0 });
  });

  it('are planned and checked with what they relate to', async () => {
    world = await startWorld(company);
    putMapping(world, builtIn('repository'));

    const plan = await world.run('plan');
    expect(plan.result).toContain('+ blueprint bitbucketProject');
    const check = await world.run('check');
    expect(check.result).toContain(
      'bitbucketRepository is not there yet; the first sync creates it',
    );
  });
});

describe('a built-in blueprint that lacks what the mapping fills', () => {
  const crippled = without('bitbucketRepository', 'project', 'state');

  it('gets it in a later run, with the blueprint that it leads to, where all of it is our work', async () => {
    await afterFirstRun({ ...crippled, title: 'Repos' }, OURS);

    const { exitCode, stderr } = await world.run('sync');

    expect(stderr).toContain(
      'Added properties.state, relations.project to the built-in blueprint bitbucketRepository',
    );
    expect(exitCode).toBe(0);
    const healed = blueprintOf('bitbucketRepository');
    expect(healed?.title).toBe('Repos');
    expect(healed?.schema.properties).toHaveProperty('state');
    expect(blueprintOf('bitbucketProject')).toBeDefined();
    expect(world.port.entity('bitbucketRepository', 'api')).toMatchObject({
      properties: { state: 'AVAILABLE' },
      relations: { project: 'PAY' },
    });
  });

  it('is planned and checked so, and not touched by either', async () => {
    await afterFirstRun(crippled, OURS);

    const plan = await world.run('plan');
    expect(plan.result).toContain(
      '~ blueprint bitbucketRepository: properties.state, relations.project added',
    );
    expect(plan.result).toContain('+ blueprint bitbucketProject');
    expect(plan).toMatchObject({ exitCode: 0 });
    const check = await world.run('check');
    expect(check.result.replaceAll(/\s+/gu, ' ')).toContain(
      'bitbucketRepository lacks properties.state, relations.project; the next sync adds them',
    );
    expect(blueprintOf('bitbucketRepository')?.relations).not.toHaveProperty('project');
  });

  it.each([
    ['created by somebody else', { by: 'ana' }],
    ['changed by somebody else', { by: 'port-client', updatedBy: 'ana' }],
  ])('is left as it is where it was %s', async (_, authors) => {
    await afterFirstRun(crippled, authors);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('bitbucketRepository has no properties.state, relations.project');
    expect(world.port.writes.filter(({ type }) => type.startsWith('blueprint'))).toEqual([]);
  });

  it('is left as it is with initializePortResources off', async () => {
    await afterFirstRun(crippled, OURS);

    const { exitCode } = await world.run('sync', { INITIALIZE_PORT_RESOURCES: 'false' });

    expect(exitCode).toBe(4);
    expect(world.port.writes.filter(({ type }) => type.startsWith('blueprint'))).toEqual([]);
  });

  it('says so where Port refuses it, and loads the rest', async () => {
    await afterFirstRun(crippled, OURS);
    world.port.fail({ when: ({ method }) => method === 'PATCH', fault: status(403) });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('bitbucketRepository has no properties.state, relations.project');
    expect(world.port.entity('bitbucketRepository', 'api')?.properties.forkable).toBe(true);
  });
});
