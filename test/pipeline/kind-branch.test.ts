import { afterEach, describe, expect, it } from '@jest/globals';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import type { Branch, Company } from '../../src/sandbox/company/company.js';
import { commitId } from '../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany } from '../world/a-company.js';
import {
  deletedIn,
  entityWrites,
  FLAVOURS,
  type KindWorld,
  putSelector,
  startKindWorld,
  without,
} from './kinds-world.js';
import { status } from './safety-world.js';

const DAY = 24 * 3_600_000;
/** When the clock of a world begins. */
const NOW = Date.UTC(2026, 0, 1);

let world: KindWorld;

afterEach(async () => {
  await world.close();
});

/** A branch whose newest commit is so many days old. */
function aBranch(name: string, days: number): Branch {
  return { files: {}, commit: aCommit({ id: commitId(name), at: NOW - days * DAY }) };
}

/** `api` with four branches, one of them of an odd name, and `blog` with two. */
function aCompanyWithBranches(): Company {
  const commits = [aCommit({ id: commitId('main'), at: NOW - 40 * DAY })];
  return aCompany()
    .withRepository('PAY', 'api', {
      commits,
      branches: {
        'feature/round': aBranch('feature/round', 2),
        'feature/old': aBranch('feature/old', 29),
        'fix/#1+(ä)=%': aBranch('odd', 1),
      },
    })
    .withRepository('PAY', 'blog', { commits, branches: { draft: aBranch('draft', 3) } })
    .withRepository('PAY', 'kiosk', { empty: true })
    .build();
}

describe.each(FLAVOURS)('branches of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const owner = isCloud ? 'fernlicht' : 'PAY';
  const of = (slug: string, ...names: readonly string[]) =>
    names.map((name) => `${owner}/${slug}/branches/${name}`);
  const odd = 'fix/=231=2B=28=C3=A4=29=3D=25';
  const all = [
    ...of('api', 'feature/old', 'feature/round', odd, 'main'),
    ...of('blog', 'draft', 'main'),
  ];
  const isListing =
    (slug: string) =>
    ({ path }: { readonly path: string }): boolean =>
      path.endsWith(isCloud ? `/${slug}/refs/branches` : `/${slug}/branches`);
  const loaded = () => world.identifiers('bitbucketBranch');

  async function start(company: Company, selector = {}): Promise<void> {
    world = await startKindWorld(flavour, company, 'branch', selector);
    const { exitCode, result } = await world.run('sync');
    if (exitCode !== 0) throw new Error(result);
    world.forget();
  }

  it('are loaded with a request for each repository, and unchanged ones are not written again', async () => {
    await start(aCompanyWithBranches());

    expect(loaded()).toEqual(all);
    const [round] = of('api', 'feature/round');
    expect(world.port.entity('bitbucketBranch', round ?? '')).toMatchObject({
      title: 'feature/round',
      properties: {
        isDefault: false,
        lastCommit: commitId('feature/round'),
        lastCommitAt: expect.stringContaining('2025-12-30T00:00:00'),
        lastCommitAuthor: 'Admin',
        url: expect.stringMatching(
          isCloud
            ? /\/api\/branch\/feature\/round$/
            : /\/api\/browse\?at=refs%2Fheads%2Ffeature%2Fround$/,
        ),
      },
      relations: { repository: `${owner}/api` },
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(entityWrites(world)).toEqual([]);
    for (const slug of ['api', 'blog', 'kiosk']) {
      expect(world.bitbucket.requests.filter(isListing(slug))).toHaveLength(1);
    }
  });

  it('go once they are deleted in Bitbucket, others stay', async () => {
    const company = aCompanyWithBranches();
    await start(company);
    changeRepository(company, 'PAY', 'blog', { branches: {} });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(of('blog', 'draft').map((name) => `bitbucketBranch ${name}`));
  });

  it('stay where their repository cannot be read, while those of others go', async () => {
    const company = aCompanyWithBranches();
    await start(company);
    changeRepository(company, 'PAY', 'blog', { branches: {} });
    changeRepository(company, 'PAY', 'api', { branches: {} });
    world.bitbucket.fail({ when: isListing('api'), fault: status(403) });

    const { exitCode, stderr } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(stderr).toContain('branches of');
    expect(loaded()).toEqual(all.filter((name) => !name.endsWith('draft')));
  });

  it('leave the catalog as a window moves on', async () => {
    await start(aCompanyWithBranches(), { updatedWithin: '30d' });
    const young = all.filter((name) => !name.endsWith('main'));
    expect(loaded()).toEqual(young);
    world.clock.advance(2 * DAY);

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(loaded()).toEqual(young.filter((name) => !name.endsWith('old')));
  });

  it('stay with keepOutdated as long as their repository does', async () => {
    const company = aCompanyWithBranches();
    await start(company, { updatedWithin: '30d', keepOutdated: true });
    world.clock.advance(40 * DAY);

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(result).toContain('keepOutdated');
    expect(loaded()).toEqual(all.filter((name) => !name.endsWith('main')));

    company.repositories.splice(1, 1);
    await world.run('sync');
    expect(loaded()).toEqual(of('api', 'feature/old', 'feature/round', odd));
  });

  it.each([
    [{ defaultOnly: true }, [...of('api', 'main'), ...of('blog', 'main')]],
    [{ names: ['feature/*'] }, of('api', 'feature/old', 'feature/round')],
    [{ names: ['main', 'dr*'] }, [...of('api', 'main'), ...of('blog', 'draft', 'main')]],
    [{ names: ['feature/*'], updatedWithin: '3d' }, of('api', 'feature/round')],
    [{ updatedWithin: '3d' }, [...of('api', 'feature/round', odd), ...of('blog', 'draft')]],
  ])('are taken by %j', async (selector, names) => {
    await start(aCompanyWithBranches(), selector);
    expect(loaded()).toEqual(names);
  });

  it('that a changed selector leaves out go as well', async () => {
    await start(aCompanyWithBranches());
    putSelector(world, flavour, 'branch', { defaultOnly: true });
    await world.run('sync');
    expect(loaded()).toEqual([...of('api', 'main'), ...of('blog', 'main')]);
  });

  it.each([
    ['when they changed', { updatedWithin: '30d' }],
    ['which one is the main one', { defaultOnly: true }],
  ])('stay where Bitbucket does not tell %s', async (_, selector) => {
    await start(aCompanyWithBranches());
    putSelector(world, flavour, 'branch', selector);
    world.bitbucket.fail({
      when: ({ path }) => /branches|repositories|repos$/.test(path),
      fault: without(['metadata', 'isDefault', 'mainbranch', 'date']),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletedIn(world)).toEqual([]);
  });
});
