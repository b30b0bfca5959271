import { afterEach, describe, expect, it } from '@jest/globals';
import { largeCompany } from '../../src/sandbox/company/large-company.js';
import { pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import type { World } from '../world/a-world.js';
import { aLoadingWorld, projects, repositories } from './loading-world.js';
import { OURS, resource } from './safety-world.js';

/** What a run may ask Port of an unchanged catalog of 10,000 entities in three blueprints. */
const MOST_REQUESTS = 20;

const SIZE = { projects: 100, repositories: 100, pullRequests: 9_800 };

let world: World;

afterEach(async () => {
  await world.close();
});

const mapping = [
  projects({ identifier: '.key', blueprint: '"project"', properties: { name: '.name' } }),
  repositories({
    identifier: '.slug',
    blueprint: '"repository"',
    properties: { state: '.state' },
    relations: { project: '.project.key' },
  }),
  resource(
    'pull-request',
    {
      identifier: '.toRef.repository.slug + "-" + (.id | tostring)',
      blueprint: '"pullRequest"',
      properties: { name: '.title', state: '.state' },
      relations: { repository: '.toRef.repository.slug' },
    },
    { state: 'ALL' },
  ),
];

const BLUEPRINTS = {
  project: {},
  repository: { relations: { project: 'project' } },
  pullRequest: { relations: { repository: 'repository' } },
};

/** Puts into Port what the mapping makes of the company. */
function seed({ port, bitbucket: { company } }: World): void {
  const ours = { datasource: OURS };
  for (const { key, name } of company.projects) {
    port.putEntity('project', { identifier: key, properties: { name } }, ours);
  }
  for (const repository of company.repositories) {
    const { slug, project, state } = repository;
    const entity = { identifier: slug, properties: { state }, relations: { project } };
    port.putEntity('repository', entity, ours);
    for (const { id, title, state: of } of pullRequestsOf(company, repository)) {
      const identifier = `${slug}-${id}`;
      const properties = { name: title, state: of };
      port.putEntity(
        'pullRequest',
        { identifier, properties, relations: { repository: slug } },
        ours,
      );
    }
  }
}

describe('a catalog of 10,000 entities in which nothing changed', () => {
  it(`takes at most ${MOST_REQUESTS} requests to Port, state apart`, async () => {
    world = await aLoadingWorld(largeCompany(SIZE), BLUEPRINTS, mapping);
    seed(world);

    const { exitCode, result } = await world.run('sync');

    expect({ exitCode, result }).toMatchObject({ exitCode: 0 });
    expect(result).toContain('0 new, 0 changed, 0 deleted, 10,000 same');
    expect(world.port.writes).toEqual([]);
    const counted = world.port.requests.filter(({ path }) => !path.endsWith('/resync-state'));
    expect(counted.length).toBeLessThanOrEqual(MOST_REQUESTS);
  });
});
