import { afterEach, describe, expect, it } from '@jest/globals';
import {
  mergePullRequest,
  removeProject,
  removeRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import { aCompany } from '../world/a-company.js';
import { deletedIn } from '../pipeline/safety-world.js';
import { BOTH, done, mappingOn, planned, theDayAfter, type Day } from './a-day.js';

let day: Day;

afterEach(async () => {
  await day.close();
});

const deleted = (): readonly string[] => deletedIn(day);
const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** Repositories in a project, each with so many open pull requests. */
function repositories(
  builder: ReturnType<typeof aCompany>,
  project: string,
  slugs: readonly string[],
  pullRequests: number,
): void {
  for (const slug of slugs) {
    builder.withRepository(project, slug);
    for (let id = 1; id <= pullRequests; id += 1) builder.withPullRequest(project, slug, { id });
  }
}

/** Two projects: one with few repositories, and one with many. */
function twoProjects(many: number, pullRequests = 1): Company {
  const builder = aCompany();
  repositories(builder, 'PAY', ['api', 'web'], 2);
  repositories(builder, 'OLD', numbered('old', many), pullRequests);
  return builder.build();
}

const gone = (many: number): readonly string[] =>
  [
    ...numbered('old', many).map((slug) => `change ${slug}-1`),
    ...numbered('old', many).map((slug) => `service ${slug}`),
  ].sort();

describe('a project that is deleted with its 40 repositories', () => {
  it('goes from the catalog of Data Center, which says of each that it is gone', async () => {
    const company = twoProjects(40);
    day = await theDayAfter('server', company, () => {
      removeProject(company, 'OLD');
    });
    const all = [...gone(40), 'team OLD'];

    expect(await planned(day, ' --detailed-exitcode')).toEqual({
      exitCode: 10,
      deletes: all.map((each) => `- ${each}`),
      postponed: [],
    });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(0);
    expect(deleted()).toEqual(all);
    expect(result).not.toContain('kept');
    expect(day.identifiers('service')).toEqual(['api', 'web']);
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(day.port.writes).toEqual([]);
  });

  it('waits for an approval on Cloud, whose 404 leaves open whether access is missing', async () => {
    const company = twoProjects(40);
    day = await theDayAfter('cloud', company, () => {
      removeProject(company, 'OLD');
    });
    const all = [...gone(40), 'team OLD'];

    const before = await planned(day);
    expect(before).toEqual({
      exitCode: 5,
      deletes: [],
      postponed: all.map((each) => `stopped: ${each}`),
    });
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('nothing in Bitbucket proves that they are gone');
    expect(result).toContain('sync --approve 81@2026-01-01');

    expect((await day.run('sync')).exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    await done(day.run('sync --approve 81@2026-01-01'));
    expect(deleted()).toEqual(all);
  });
});

describe('15 repositories cleaned up on Cloud', () => {
  it('wait for an approval, one at a time go by themselves', async () => {
    const company = twoProjects(16);
    day = await theDayAfter('cloud', company, () => {
      for (const slug of numbered('old', 15)) removeRepository(company, 'OLD', slug);
    });

    expect((await planned(day)).exitCode).toBe(5);
    const { exitCode, result } = await day.run('sync');

    expect(exitCode).toBe(5);
    expect(deleted()).toEqual([]);
    expect(result).toContain('sync --approve 30@2026-01-01');
    expect(await planned(day, ' --approve 30@2026-01-01')).toMatchObject({ exitCode: 0 });

    await done(day.run('sync --approve 30@2026-01-01'));
    expect(deleted()).toEqual(gone(15));
    removeRepository(company, 'OLD', 'old-16');
    day.port.reset();
    await done(day.run('sync --strict'));
    expect(deleted()).toEqual(['change old-16-1', 'service old-16']);
  });
});

describe.each(BOTH)(
  'release day on %s, in an integration that maps pull requests alone',
  (flavour) => {
    it.each([
      ['the catalog of that day', {}],
      ['also with a threshold of a half', { entityDeletionThreshold: 0.5 }],
    ])('takes all that is merged from %s, and nothing stops', async (_, rest) => {
      const company = twoProjects(12);
      const mapping = mappingOn(flavour, { kinds: ['pull-request'], relations: false, rest });
      day = await theDayAfter(flavour, company, () => undefined, { mapping });
      day.clock.advance(60_000);
      const merge = (project: string, slug: string, id: number): void => {
        mergePullRequest(company, project, slug, id, day.clock.now());
      };
      for (const slug of ['api', 'web']) for (const id of [1, 2]) merge('PAY', slug, id);
      for (const slug of numbered('old', 12)) merge('OLD', slug, 1);

      const before = await planned(day);
      expect(before).toMatchObject({ exitCode: 0, postponed: [] });
      expect(before.deletes).toHaveLength(16);
      await done(day.run('sync --strict'));

      expect(deleted()).toHaveLength(16);
      expect(day.identifiers('change')).toEqual([]);
    });
  },
);
