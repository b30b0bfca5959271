import { afterEach, describe, expect, it } from '@jest/globals';
import { moveRepository, renameRepository } from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { BOTH, done, mappingOn, planned, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);

/** Two repositories in one project, and one in another, with two pull requests each. */
function company(): Company {
  const builder = aCompany();
  for (const [project, slug] of [
    ['PAY', 'api'],
    ['PAY', 'web'],
    ['OPS', 'tools'],
  ] as const) {
    builder.withRepository(project, slug);
    for (const id of [1, 2]) builder.withPullRequest(project, slug, { id });
  }
  return builder.build();
}

const OLD_NAMES = ['redirect', 'answer', 'not-found'] as const;

describe.each(BOTH)('on %s', (flavour) => {
  describe.each(OLD_NAMES)('where an old name is answered with "%s"', (movedRepositories) => {
    const behaviour = { server: { movedRepositories }, cloud: { movedRepositories } };

    it('a repository that is renamed leaves its old entity and those below it', async () => {
      const data = company();
      day = await theDayAfter(
        flavour,
        data,
        () => renameRepository(data, 'PAY', 'api', 'api-two'),
        {
          ...behaviour,
        },
      );

      expect(await planned(day)).toEqual({
        exitCode: 0,
        deletes: ['- change api-1', '- change api-2', '- service api'],
        postponed: [],
      });
      await done(day.run('sync --strict'));

      expect(deleted()).toEqual(['change api-1', 'change api-2', 'service api']);
      expect(day.identifiers('service')).toEqual(['api-two', 'tools', 'web']);
      expect(day.identifiers('change')).toEqual([
        'api-two-1',
        'api-two-2',
        'tools-1',
        'tools-2',
        'web-1',
        'web-2',
      ]);
      day.port.reset();
      await done(day.run('sync --strict'));
      expect(day.port.writes).toEqual([]);
    });

    it('a repository that is moved to another project keeps its entity, and relates to the other', async () => {
      const data = company();
      day = await theDayAfter(flavour, data, () => moveRepository(data, 'PAY', 'api', 'OPS'), {
        ...behaviour,
      });

      expect(await planned(day)).toMatchObject({ exitCode: 0, deletes: [] });
      await done(day.run('sync --strict'));

      expect(deleted()).toEqual([]);
      expect(day.port.entity('service', 'api')?.relations).toEqual({ team: 'OPS' });
    });

    it('one that is moved and whose identifier names its project leaves the old entity', async () => {
      const data = company();
      const mapping = mappingOn(flavour, { isQualified: true });
      day = await theDayAfter(flavour, data, () => moveRepository(data, 'PAY', 'api', 'OPS'), {
        ...behaviour,
        mapping,
      });

      await done(day.run('sync --strict'));

      const below = flavour === 'server' ? ['change PAY-api-1', 'change PAY-api-2'] : [];
      expect(deleted()).toEqual([...below, 'service PAY-api']);
      expect(day.identifiers('service')).toEqual(['OPS-api', 'OPS-tools', 'PAY-web']);
    });
  });
});
