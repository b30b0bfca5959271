import { afterEach, describe, expect, it } from '@jest/globals';
import { changeRepository } from '../../src/sandbox/company/changes.js';
import type { Company, Tag } from '../../src/sandbox/company/company.js';
import { commitId } from '../../src/sandbox/company/identifiers.js';
import { aCommit, aCompany } from '../world/a-company.js';
import {
  deletedIn,
  entityWrites,
  FLAVOURS,
  type KindWorld,
  startKindWorld,
} from './kinds-world.js';
import { status } from './safety-world.js';

const DAY = 24 * 3_600_000;
/** When the clock of a world begins. */
const NOW = Date.UTC(2026, 0, 1);

let world: KindWorld;

afterEach(async () => {
  await world.close();
});

/** A tag of a commit that is so many days old; annotated on another day. */
function aTag(name: string, days: number, annotated: number | null = null): Tag {
  const commit = aCommit({ id: commitId(name), at: NOW - days * DAY });
  return annotated === null
    ? { commit }
    : { commit, annotation: { at: NOW - annotated * DAY, message: `${name}\n` } };
}

function aCompanyWithTags(): Company {
  return aCompany()
    .withRepository('PAY', 'api', {
      tags: {
        'v1.0': aTag('v1.0', 100),
        'v2.0': aTag('v2.0', 29, 29),
        'release/3.0': aTag('release/3.0', 2),
      },
    })
    .withRepository('PAY', 'blog', { tags: { 'v1.0': aTag('blog v1.0', 3) } })
    .withRepository('PAY', 'kiosk', { empty: true })
    .build();
}

describe.each(FLAVOURS)('tags of %s', (flavour) => {
  const isCloud = flavour === 'bitbucket-cloud';
  const owner = isCloud ? 'fernlicht' : 'PAY';
  const of = (slug: string, ...names: readonly string[]) =>
    names.map((name) => `${owner}/${slug}/tags/${name}`);
  const all = [...of('api', 'release/3.0', 'v1.0', 'v2.0'), ...of('blog', 'v1.0')];
  const isListing =
    (slug: string) =>
    ({ path }: { readonly path: string }): boolean =>
      path.endsWith(isCloud ? `/${slug}/refs/tags` : `/${slug}/tags`);
  const isOfCommit = ({ path }: { readonly path: string }): boolean => path.includes('/commits/');
  const loaded = () => world.identifiers('bitbucketTag');

  async function start(company: Company, selector = {}): Promise<void> {
    world = await startKindWorld(flavour, company, 'tag', selector);
    const { exitCode, result } = await world.run('sync');
    if (exitCode !== 0) throw new Error(result);
    world.forget();
  }

  it('are loaded with their dates, and unchanged ones are not written again', async () => {
    await start(aCompanyWithTags());

    expect(loaded()).toEqual(all);
    const [release] = of('api', 'release/3.0');
    expect(world.port.entity('bitbucketTag', release ?? '')).toMatchObject({
      title: 'release/3.0',
      properties: {
        commit: commitId('release/3.0'),
        taggedAt: expect.stringContaining('2025-12-30T00:00:00'),
        url: expect.stringMatching(
          isCloud
            ? /\/api\/commits\/tag\/release\/3\.0$/
            : /\/api\/browse\?at=refs%2Ftags%2Frelease%2F3\.0$/,
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
    // The listing of Data Center tells no dates.
    expect(world.bitbucket.requests.filter(isOfCommit)).toHaveLength(isCloud ? 0 : 4);
  });

  it('go once they are deleted in Bitbucket, others stay', async () => {
    const company = aCompanyWithTags();
    await start(company);
    changeRepository(company, 'PAY', 'blog', { tags: {} });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletedIn(world)).toEqual(of('blog', 'v1.0').map((name) => `bitbucketTag ${name}`));
  });

  it('stay where their repository cannot be read, while those of others go', async () => {
    const company = aCompanyWithTags();
    await start(company);
    changeRepository(company, 'PAY', 'blog', { tags: {} });
    changeRepository(company, 'PAY', 'api', { tags: {} });
    world.bitbucket.fail({ when: isListing('api'), fault: status(403) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(loaded()).toEqual(of('api', 'release/3.0', 'v1.0', 'v2.0'));
  });

  it('leave the catalog as a window moves on, unless they are to stay', async () => {
    const company = aCompanyWithTags();
    await start(company, { updatedWithin: '30d' });
    const young = [...of('api', 'release/3.0', 'v2.0'), ...of('blog', 'v1.0')];
    expect(loaded()).toEqual(young);
    world.clock.advance(2 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(young.filter((name) => !name.endsWith('v2.0')));
  });

  it('stay with keepOutdated', async () => {
    await start(aCompanyWithTags(), { updatedWithin: '30d', keepOutdated: true });
    const before = loaded();
    world.clock.advance(40 * DAY);
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(loaded()).toEqual(before);
  });

  it('are taken by their names', async () => {
    await start(aCompanyWithTags(), { names: ['v*'] });
    expect(loaded()).toEqual([...of('api', 'v1.0', 'v2.0'), ...of('blog', 'v1.0')]);
    await world.run('sync');
    expect(world.bitbucket.requests.filter(isOfCommit)).toHaveLength(isCloud ? 0 : 3);
  });

  if (!isCloud) {
    it('stay where the commit that tells their age cannot be read', async () => {
      await start(aCompanyWithTags(), { updatedWithin: '30d' });
      const before = loaded();
      world.bitbucket.fail({ when: isOfCommit, fault: status(401) });

      const { exitCode } = await world.run('sync');

      expect(exitCode).toBe(4);
      expect(loaded()).toEqual(before);
    });
  }
});
