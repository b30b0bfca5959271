import { afterEach, describe, expect, it } from '@jest/globals';
import { removeRepository } from '../../src/sandbox/company/changes.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, projects, repositories, upsertedIn } from './loading-world.js';
import { deletedIn, OURS } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

function company(count = 2): Company {
  const built = aCompany();
  for (let number = 1; number <= count; number += 1) built.withRepository('PAY', `r${number}`);
  return built.build();
}

const bySlug: JsonObject = {
  combinator: '"and"',
  rules: [{ property: '"slug"', operator: '"="', value: '.slug' }],
};
const SERVICE = { properties: { slug: { type: 'string' } } };

function putService(identifier: string, slug: string, datasource: string | null = null): void {
  world.port.putEntity('service', { identifier, properties: { slug } }, { datasource });
}

describe('an identifier that is a search query', () => {
  const found = { identifier: bySlug, blueprint: '"service"', properties: { state: '.state' } };

  it('updates the entity that Port finds, whoever made it, and creates none', async () => {
    world = await aLoadingWorld(company(), { service: SERVICE }, [repositories(found)]);
    putService('billing', 'r1');
    putService('shop', 'r2');

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('service')).toEqual(['billing', 'shop']);
    expect(world.port.entity('service', 'billing')?.properties).toEqual({
      slug: 'r1',
      state: 'AVAILABLE',
    });
    expect(result).toContain('2 by search');
    expect(result).toContain('0 new, 0 changed');
  });

  it('is sent in every run, and counted apart from what changed', async () => {
    world = await aLoadingWorld(company(), { service: SERVICE }, [repositories(found)]);
    putService('billing', 'r1');
    putService('shop', 'r2');
    await world.run('sync');
    world.port.reset();

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(upsertedIn(world)).toEqual(['billing', 'shop']);
    expect(result).toContain('0 changed, 0 deleted, 0 same, 2 by search');
  });

  it.each([
    ['finds nothing', [['billing', 'r1']], 'was not found'],
    [
      'finds more than one',
      [
        ['billing', 'r1'],
        ['shop', 'r2'],
        ['store', 'r2'],
      ],
      'more than one',
    ],
  ] as const)('that %s fails with its item, and the others are loaded', async (_, held, words) => {
    world = await aLoadingWorld(company(), { service: SERVICE }, [repositories(found)]);
    for (const [identifier, slug] of held) putService(identifier, slug);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(result).toContain('Port refused service slug = "r2"');
    expect(result).toContain(words);
    expect(result).toContain('/repos/r2/browse');
    expect(world.port.entity('service', 'billing')?.properties.state).toBe('AVAILABLE');
  });

  it('with an empty part is not sent: it would find what lacks the property', async () => {
    const query = { ...bySlug, rules: [{ property: '"slug"', operator: '"="', value: '.nope' }] };
    world = await aLoadingWorld(company(1), { service: SERVICE }, [
      repositories({ ...found, identifier: query }),
    ]);
    world.port.putEntity('service', { identifier: 'billing' }, { datasource: null });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(result).toContain('identifier.rules[0].value');
    expect(upsertedIn(world)).toEqual([]);
  });

  it.each([true, false])(
    'finds what another resource of the same run makes, whether that stands before it: %s',
    async (isLast) => {
      const identifier = '"s-" + .slug';
      const made = { identifier, blueprint: '"service"', properties: { slug: '.slug' } };
      const order = [repositories(made), repositories(found)];
      world = await aLoadingWorld(
        company(),
        { service: SERVICE },
        isLast ? order : order.reverse(),
      );

      const { exitCode, result } = await world.run('sync');

      expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
      const { properties } = world.port.entity('service', 's-r1') ?? {};
      expect(properties).toEqual({ slug: 'r1', state: 'AVAILABLE' });
    },
  );

  it('keeps everything that is ours in its blueprint', async () => {
    const built = company();
    const made = { identifier: '.slug', blueprint: '"service"', properties: { slug: '.slug' } };
    world = await aLoadingWorld(built, { service: SERVICE }, [
      repositories(made),
      repositories(found),
    ]);
    await world.run('sync');
    putService('of-before', 'x', OURS);
    removeRepository(built, 'PAY', 'r2');

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual([]);
    expect(world.identifiers('service')).toEqual(['of-before', 'r1', 'r2']);
    expect(result).toContain('a mapping finds entities there by a search query');
  });
});

describe('a relation that is a search query', () => {
  const repository = {
    identifier: '.slug',
    blueprint: '"repository"',
    relations: {
      project: {
        combinator: '"and"',
        rules: [{ property: '"name"', operator: '"="', value: '.project.name' }],
      },
    },
  };
  const project = {
    identifier: '.key',
    blueprint: '"project"',
    properties: { name: '.name' },
  };
  const blueprints = { project: {}, repository: { relations: { project: 'project' } } };

  it.each([true, false])(
    'finds a target that the same run makes, whether that stands before it: %s',
    async (isLast) => {
      const order = [projects(project), repositories(repository)];
      world = await aLoadingWorld(company(), blueprints, isLast ? order : order.reverse());

      const first = await world.run('sync');
      expect(first.exitCode).toBe(0);
      expect(first.result).toContain('2 by search');
      expect(world.port.entity('repository', 'r1')?.relations.project).toBe('PAY');

      world.port.reset();
      const second = await world.run('sync');
      expect(second.result).toContain('0 changed, 0 deleted, 1 same, 2 by search');
      expect(upsertedIn(world)).toEqual(['r1', 'r2']);
    },
  );
});
