import { afterEach, describe, expect, it } from '@jest/globals';
import type { Company } from '../../src/sandbox/company/company.js';
import type { RecordedRequest } from '../../src/sandbox/loopback.js';
import { aCompany } from '../world/a-company.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, bulksOf, repositories } from './loading-world.js';
import { deletedIn, IDENTIFIER, OTHER, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

function company(count: number): Company {
  const built = aCompany();
  for (let number = 1; number <= count; number += 1) built.withRepository('PAY', `r${number}`);
  return built.build();
}

const repository = {
  identifier: '.slug',
  blueprint: '"repository"',
  properties: { state: '.state' },
};
const BLUEPRINTS = { repository: { properties: { p: { type: 'string' } } } };

const isBulk = ({ path }: RecordedRequest): boolean => path.endsWith('/entities/bulk');
/** Calls about entities; the integration's page and the token are served all the same. */
const isOfEntities = ({ path }: RecordedRequest): boolean => path.includes('/entities');

describe('an entity that cannot be loaded', () => {
  it('for its size alone is named, and the others of its bulk are loaded', async () => {
    const p = 'if .slug == "r2" then ("x" * 1100000) else "x" end';
    world = await aLoadingWorld(company(4), BLUEPRINTS, [
      repositories({ ...repository, properties: { p } }),
    ]);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('repository')).toEqual(['r1', 'r3', 'r4']);
    expect(result).toContain('repository r2 has 1,100,');
    expect(result).toContain('more than the 1 MiB that Port takes');
    // It is not even tried.
    expect(bulksOf(world).every(({ body }) => body.length < 1_048_576)).toBe(true);
  });

  it('is divided from large ones that are only too large together', async () => {
    world = await aLoadingWorld(company(8), BLUEPRINTS, [
      repositories({ ...repository, properties: { p: '"x" * 300000' } }),
    ]);

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('repository')).toHaveLength(8);
    expect(bulksOf(world)).toHaveLength(3);
  });

  it('for want of a required property is named with its item, by the answer for it alone', async () => {
    const blueprints = { repository: { required: ['name'] } };
    const name = 'if .slug == "r2" then null else .name end';
    world = await aLoadingWorld(company(3), blueprints, [
      repositories({ ...repository, properties: { name } }),
    ]);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('repository')).toEqual(['r1', 'r3']);
    expect(result).toContain('Port refused repository r2 (422): property "name" is required');
    expect(bulksOf(world)).toHaveLength(1);
  });
});

describe('a null in a list', () => {
  it('whose members the blueprint types is left out and counted', async () => {
    const tags = { type: 'array', items: { type: 'string' } };
    world = await aLoadingWorld(company(2), { repository: { properties: { tags } } }, [
      repositories({ ...repository, properties: { tags: '["a", null, .slug, null]' } }),
    ]);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.port.entity('repository', 'r1')?.properties.tags).toEqual(['a', 'r1']);
    expect(result).toContain('properties.tags');
  });

  it('whose members may be anything is left out as well', async () => {
    const tags = { type: 'array' };
    world = await aLoadingWorld(company(1), { repository: { properties: { tags } } }, [
      repositories({ ...repository, properties: { tags: '["a", null]' } }),
    ]);
    const { result } = await world.run('sync');
    expect(world.port.entity('repository', 'r1')?.properties.tags).toEqual(['a']);
    expect(result).toContain('1 null left out of properties.tags');
  });

  it('of a relation is left out and counted', async () => {
    const blueprints = { person: {}, repository: { relations: { owners: ['person'] as const } } };
    world = await aLoadingWorld(company(1), blueprints, [
      repositories({ ...repository, relations: { owners: '["ada", null]' } }),
    ]);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.port.entity('repository', 'r1')?.relations.owners).toEqual(['ada']);
    expect(result).toContain('relations.owners');
  });
});

describe('a Port that is away', () => {
  /** Port answers nothing about entities for so long. */
  function away(milliseconds: number): void {
    const until = world.clock.now() + milliseconds;
    world.port.fail({
      when: (request) => isOfEntities(request) && world.clock.now() < until,
      fault: status(503),
    });
  }

  it.each([60_000, 75_000])('for %i ms is waited for', async (milliseconds) => {
    world = await aLoadingWorld(company(30), BLUEPRINTS, [repositories(repository)]);
    away(milliseconds);

    const { exitCode, result, stderr } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(world.identifiers('repository')).toHaveLength(30);
    expect(stderr).toContain('Port has to come back');
  });

  it('for good ends with 4 within minutes, deletes nothing, and a later run repairs all', async () => {
    const built = company(300);
    world = await aLoadingWorld(built, BLUEPRINTS, [repositories(repository)]);
    world.port.putEntity('repository', { identifier: 'old' }, { datasource: OTHER });
    let isDown = false;
    world.port.fail({
      when: (request) => isOfEntities(request) && (isDown ||= isBulk(request)),
      fault: status(503),
    });
    const start = world.clock.now();

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(result).toContain('300 failed');
    expect(world.clock.now() - start).toBeLessThan(10 * 60_000);
    expect(deletedIn(world)).toEqual([]);
    expect(world.port.integration(IDENTIFIER)?.resyncState?.status).toBe('failed');

    world.port.reset();
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(world.identifiers('repository')).toHaveLength(301);
    expect(world.port.integration(IDENTIFIER)?.resyncState?.status).toBe('completed');
  });
});

describe('a look-up that fails', () => {
  it('counts each entity that waited for it as failed', async () => {
    world = await aLoadingWorld(company(130), BLUEPRINTS, [repositories(repository)]);
    world.port.putEntity('repository', { identifier: 'theirs' }, { datasource: OTHER });
    world.port.fail({
      when: ({ path, body }) =>
        path.endsWith('/entities/search') && body.includes('"$identifier","operator":"in"'),
      fault: status(500),
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(6);
    expect(result).toContain('0 new, 0 changed, 0 deleted, 0 same, 130 failed');
    world.port.reset();
    expect((await world.run('sync')).result).toContain('130 new');
  });
});

describe("Port's rate limit", () => {
  it('is kept to: no call goes out that there is no room for', async () => {
    world = await aLoadingWorld(company(400), BLUEPRINTS, [repositories(repository)], {
      port: { rateLimit: { limit: 12, periodSeconds: 60 } },
    });
    const start = world.clock.now();

    const { exitCode, stderr } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('repository')).toHaveLength(400);
    expect(stderr).not.toContain('429');
    // 20 bulks and the calls beside them need three windows of 12.
    expect(world.clock.now() - start).toBeGreaterThan(120_000);
  });
});
