import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/model/json.js';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, bulksOf, projects, repositories, upsertedIn } from './loading-world.js';
import { deletedIn, OTHER, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

function company(): Company {
  return aCompany()
    .withRepository('PAY', 'r1', { files: { 'README.md': '# One' } })
    .withRepository('PAY', 'r2', { files: { 'README.md': '# Two' } })
    .build();
}

const repository = { identifier: '.slug', blueprint: '"repository"' };

/** Loads once, and again: what the second run writes. */
async function writtenAgain(): Promise<readonly string[]> {
  const first = await world.run('sync');
  expect({ exitCode: first.exitCode, result: first.result }).toMatchObject({ exitCode: 0 });
  world.port.reset();
  expect((await world.run('sync')).exitCode).toBe(0);
  return upsertedIn(world);
}

describe('a second run writes nothing', () => {
  const NUMBERS = { type: 'array', items: { type: 'number' } };
  const MOMENTS = { type: 'array', items: { type: 'string', format: 'date-time' } };
  const STANDARD = { type: 'string', default: 'gold' };

  it.each<[string, { property: JsonObject; mapped: string }]>([
    ['a default that Port put for a null', { property: STANDARD, mapped: 'null' }],
    ['a default that is mapped', { property: STANDARD, mapped: '"gold"' }],
    ['nulls in a list of numbers', { property: NUMBERS, mapped: '[1, null, 2.50]' }],
    [
      'instants in a list',
      { property: MOMENTS, mapped: '["2024-01-01T00:00:00Z", "2024-01-01T01:00:00.000+01:00"]' },
    ],
    ['an object', { property: { type: 'object' }, mapped: '{b: {d: null, c: 1e2}, a: []}' }],
  ])('of %s', async (_, { property, mapped }) => {
    world = await aLoadingWorld(company(), { repository: { properties: { p: property } } }, [
      repositories({ ...repository, properties: { p: mapped } }),
    ]);
    expect(await writtenAgain()).toEqual([]);
  });

  it('of teams in any order, and of a many-relation that is empty or null', async () => {
    const relations = { owners: ['person'], reviewers: ['person'] } as const;
    world = await aLoadingWorld(company(), { person: {}, repository: { relations } }, [
      repositories({
        ...repository,
        team: '["web", "core"]',
        relations: { owners: 'null', reviewers: '[]' },
      }),
    ]);
    expect(await writtenAgain()).toEqual([]);
  });

  it('of mirror properties, which follow their source', async () => {
    const built = aCompany().withRepository('PAY', 'r1');
    world = await aLoadingWorld(
      built.build(),
      {
        project: {},
        repository: {
          relations: { project: 'project' },
          mirrorProperties: { projectName: { title: 'Project', path: 'project.name' } },
        },
      },
      [
        projects({ identifier: '.key', blueprint: '"project"', properties: { name: '.name' } }),
        repositories({ ...repository, relations: { project: '.project.key' } }),
      ],
    );
    expect(await writtenAgain()).toEqual([]);
    built.withProject('PAY', { name: 'Another' });
    await world.run('sync');
    expect(upsertedIn(world)).toEqual(['PAY']);
  });
});

describe('what Port spells in another way', () => {
  const DATE = { type: 'string', format: 'date-time' };

  it.each<[string, { property: JsonObject; held: JsonValue; mapped: string }]>([
    [
      'an instant with milliseconds',
      { property: DATE, held: '2024-01-01T00:00:00.000Z', mapped: '"2024-01-01T00:00:00Z"' },
    ],
    [
      'an instant of another zone',
      { property: DATE, held: '2024-01-01T02:00:00+02:00', mapped: '"2024-01-01T00:00:00+00:00"' },
    ],
    ['a number as text', { property: { type: 'number' }, held: 1, mapped: '"1.0"' }],
    ['a text as number', { property: { type: 'string' }, held: '7', mapped: '7' }],
    ['a boolean as text', { property: { type: 'boolean' }, held: true, mapped: '"true"' }],
  ])('is not rewritten: %s', async (_, { property, held, mapped }) => {
    world = await aLoadingWorld(company(), { repository: { properties: { p: property } } }, [
      repositories({ ...repository, properties: { p: mapped } }),
    ]);
    for (const identifier of ['r1', 'r2']) {
      const entity = { identifier, properties: { p: held } };
      world.port.putEntity('repository', entity, { datasource: OTHER });
    }

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });
});

describe('entities that another program made and we add to', () => {
  it.each(['creator', 'last-writer'] as const)(
    'are looked up in bulk, written when they differ and then no more, and never deleted (%s)',
    async (datasource) => {
      const built = aCompany();
      for (let number = 0; number < 250; number += 1) built.withRepository('PAY', `r${number}`);
      const resources = [repositories({ ...repository, properties: { state: '.state' } })];
      world = await aLoadingWorld(built.build(), { repository: {} }, resources, {
        port: { datasource },
      });
      for (let number = 0; number < 250; number += 1) {
        const state = number === 7 ? 'OFFLINE' : 'AVAILABLE';
        const entity = { identifier: `r${number}`, properties: { name: 'theirs', state } };
        world.port.putEntity('repository', entity, { datasource: OTHER });
      }

      await world.run('sync');
      expect(upsertedIn(world)).toEqual(['r7']);
      expect(world.port.entity('repository', 'r7')?.properties).toEqual({
        name: 'theirs',
        state: 'AVAILABLE',
      });

      world.port.reset();
      built.build().repositories.splice(0, 20);
      await world.run('sync');
      expect(world.port.writes).toEqual([]);
      expect(deletedIn(world)).toEqual([]);
      const searches = world.port.requests.filter(({ path }) => path.endsWith('/entities/search'));
      expect(searches.length).toBeLessThanOrEqual(8);
    },
  );
});

describe('an attachment that could not be read', () => {
  const mapped = {
    ...repository,
    properties: { name: '.name', state: '.__readme' },
  };

  it('leaves its property as it is, and the entity unwritten when nothing else changed', async () => {
    const built = company();
    world = await aLoadingWorld(built, { repository: {} }, [repositories(mapped)]);
    await world.run('sync');
    expect(world.port.entity('repository', 'r1')?.properties.state).toBe('# One');
    world.port.reset();
    world.bitbucket.fail({
      when: ({ path }) => path.includes('/r1/') && /readme/iu.test(path),
      fault: status(500),
    });

    const { result } = await world.run('sync');

    expect(bulksOf(world)).toEqual([]);
    expect(result).toContain('2 same');

    changeRepository(built, 'PAY', 'r1', { name: 'Renamed' });
    await world.run('sync');
    expect(world.port.entity('repository', 'r1')?.properties).toEqual({
      name: 'Renamed',
      state: '# One',
    });
  });
});
