import { afterEach, describe, expect, it } from '@jest/globals';
import { targetsOf } from '../../src/model/blueprint.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, bulksOf, projects, repositories, upsertedIn } from './loading-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

const mapping = { createMissingRelatedEntities: false };

function company(slugs: readonly string[]): Company {
  const built = aCompany();
  for (const slug of slugs) built.withRepository('PAY', slug);
  return built.build();
}

/** Repositories that relate to one another as a table of jq says. */
function related(table: Readonly<Record<string, string>>, name = 'next') {
  return repositories({
    identifier: '.slug',
    blueprint: '"repository"',
    properties: { state: '.state' },
    relations: { [name]: `${JSON.stringify(table)}[.slug]` },
  });
}

const SELF = { repository: { relations: { next: 'repository' } } };

describe('without createMissingRelatedEntities', () => {
  it('a target comes before what relates to it, whatever the order of the mapping', async () => {
    const blueprints = { repository: { relations: { project: 'project' } }, project: {} };
    const repository = {
      identifier: '.slug',
      blueprint: '"repository"',
      relations: { project: '.project.key' },
    };
    const resources = [
      repositories(repository),
      projects({ identifier: '.key', blueprint: '"project"' }),
    ];
    world = await aLoadingWorld(company(['r1', 'r2']), blueprints, resources, { mapping });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(upsertedIn(world)).toEqual(['PAY', 'r1', 'r2']);
    expect(bulksOf(world)).toHaveLength(2);
  });

  it('a chain within one blueprint is loaded target by target', async () => {
    const chain = { r1: 'r2', r2: 'r3', r3: 'r4' };
    const built = company(['r1', 'r2', 'r3', 'r4']);
    world = await aLoadingWorld(built, SELF, [related(chain)], { mapping });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).toContain('4 new, 0 changed');
    expect(upsertedIn(world)).toEqual(['r4', 'r3', 'r2', 'r1']);
    world.port.reset();
    expect((await world.run('sync')).result).toContain('4 same');
    expect(world.port.writes).toEqual([]);
  });

  it('a circle is made without its relations first, then with them; what hangs on it follows', async () => {
    const circle = { r1: 'r2', r2: 'r3', r3: 'r1', r4: 'r3' };
    const built = company(['r1', 'r2', 'r3', 'r4']);
    world = await aLoadingWorld(built, SELF, [related(circle)], { mapping });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).toContain('4 new, 0 changed');
    for (const [slug, target] of Object.entries(circle)) {
      expect(world.port.entity('repository', slug)?.relations.next).toBe(target);
    }
    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.port.writes).toEqual([]);
  });

  it('a circle over two blueprints is loaded as well', async () => {
    const blueprints = {
      repository: { relations: { project: 'project' } },
      project: { relations: { main: 'repository' } },
    };
    const resources = [
      repositories({
        identifier: '.slug',
        blueprint: '"repository"',
        relations: { project: '.project.key' },
      }),
      projects({ identifier: '.key', blueprint: '"project"', relations: { main: '"r1"' } }),
    ];
    world = await aLoadingWorld(company(['r1', 'r2']), blueprints, resources, { mapping });

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.port.entity('project', 'PAY')?.relations.main).toBe('r1');
    expect(world.port.entity('repository', 'r2')?.relations.project).toBe('PAY');
  });

  it('what lacks its target for good is named with it and its item; the others are loaded', async () => {
    const table = { r1: 'r2', r2: 'gone', r3: 'r4' };
    const built = company(['r1', 'r2', 'r3', 'r4']);
    world = await aLoadingWorld(built, SELF, [related(table)], { mapping });

    const { exitCode, stdout } = await world.run('sync --log-format json');

    expect(exitCode).toBe(4);
    expect(world.identifiers('repository')).toEqual(['r3', 'r4']);
    const entity = (identifier: string) => ({ blueprint: 'repository', identifier });
    const item = (slug: string): unknown => expect.stringContaining(`/repos/${slug}/browse`);
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [
        {
          message:
            'repository r2 was not loaded: it relates to repository gone, which Port does not have',
          samples: [
            { entity: entity('r2'), item: item('r2'), missing: [entity('gone')] },
            { entity: entity('r1'), item: item('r1'), missing: [entity('r2')] },
          ],
        },
      ],
    });
  });

  it('asks Port not once more for what cannot succeed', async () => {
    const slugs = Array.from({ length: 60 }, (_, number) => `r${number}`);
    const table = Object.fromEntries(slugs.map((slug) => [slug, slug === 'r0' ? 'gone' : 'r0']));
    world = await aLoadingWorld(company(slugs), SELF, [related(table)], { mapping });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(world.identifiers('repository')).toEqual([]);
    // Three of 20 at first, then the one that all others wait for.
    expect(bulksOf(world)).toHaveLength(4);
  });

  it('a circle whose relations are required cannot be made, and says what is missing', async () => {
    const blueprints = { repository: { relations: { next: 'repository!' } } };
    const built = company(['r1', 'r2']);
    world = await aLoadingWorld(built, blueprints, [related({ r1: 'r2', r2: 'r1' })], { mapping });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(world.identifiers('repository')).toEqual([]);
    expect(result).toContain('it relates to repository r2, which Port does not have');
    expect(result).toContain('2 failed');
  });

  it('comes to the same for every order of arrival', async () => {
    const chain = { r1: 'r5', r2: 'gone', r3: 'r1', r4: 'r2', r5: 'r6', r6: 'r5' };
    const outcomes: unknown[] = [];
    const orders = [
      ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'],
      ['r6', 'r5', 'r4', 'r3', 'r2', 'r1'],
      ['r3', 'r6', 'r1', 'r4', 'r2', 'r5'],
    ];
    for (const [index, slugs] of orders.entries()) {
      if (index > 0) await world.close();
      world = await aLoadingWorld(company(slugs), SELF, [related(chain)], { mapping });
      const { exitCode } = await world.run('sync');
      const relations = world.port
        .entities('repository')
        .map((entity) => [entity.identifier, ...targetsOf(entity.relations.next)].join(' '))
        .sort();
      outcomes.push({ exitCode, relations });
    }
    expect(outcomes).toEqual(
      orders.map(() => ({ exitCode: 4, relations: ['r1 r5', 'r3 r1', 'r5 r6', 'r6 r5'] })),
    );
  });
});
