import { afterEach, describe, expect, it } from '@jest/globals';
import {
  addPullRequest,
  mergePullRequest,
  removeRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aMoment, aPullRequest } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { shareWorld } from '../world/share-world.js';
import {
  aCompanyToDeleteFrom,
  GENERAL_FAULTS,
  putContainerIntegration,
  syncedBefore,
} from './deletion-world.js';
import { deletedIn } from './safety-world.js';

let world: World;

/** A world that was synced once, and then a day went by. */
async function syncedWorld(
  change: (company: Company) => void,
  before: (company: Company) => void = () => undefined,
): Promise<World> {
  const data = aCompanyToDeleteFrom();
  before(data);
  return await syncedBefore(await startWorld(data), () => {
    change(data);
  });
}

const pullRequests = (): readonly string[] => world.identifiers('bitbucketPullRequest');
const deletions = (): readonly string[] => deletedIn(world);

const pullRequestsOf = (slug: string) => (request: RecordedRequest) =>
  request.path.endsWith(`/repos/${slug}/pull-requests`);
const listingOf = (name: string) => (request: RecordedRequest) =>
  request.path.endsWith(`/${name}`) && request.query.get('limit') !== '1';

const refusal = (status: number): Fault => ({
  type: 'answer',
  answer: { status, body: { errors: [{ context: null, message: 'no', exceptionName: null }] } },
});

const FAULTS: Readonly<Record<string, Fault>> = {
  ...GENERAL_FAULTS,
  'a 500 after all retries': { type: 'answer', answer: { status: 500, body: 'down' } },
  'a 403': refusal(403),
  'a 401': refusal(401),
  'a page without values': {
    type: 'changed',
    change: (answer) => ({ ...answer, body: { isLastPage: true } }),
  },
  'a page of the wrong kind': {
    type: 'changed',
    change: (answer) => ({ ...answer, body: { values: [{ unexpected: true }], isLastPage: true } }),
  },
  'a last page that does not say so': {
    type: 'changed',
    change: (answer) => ({
      ...answer,
      body: { values: [], isLastPage: false, nextPageStart: null },
    }),
  },
};

const take = (shared: World): void => {
  world = shared;
};

/** Has each test of a `describe` start a world of its own. */
function closeEach(): void {
  afterEach(() => world.close());
}

describe('of what is gone in Bitbucket', () => {
  const faults = Object.entries(FAULTS).map(([name, fault], index) => ({
    name,
    fault,
    id: index + 1,
  }));

  shareWorld(
    () =>
      syncedWorld(
        (data) => {
          mergePullRequest(data, 'PAY', 'api', 1, aMoment);
        },
        (data) => {
          for (const { id } of faults.slice(3)) {
            addPullRequest(data, 'PAY', 'ledger', aPullRequest({ id }));
          }
        },
      ),
    take,
  );

  it.each(faults)(
    'pull requests stay whose repository answers with $name, and those of others go',
    async ({ fault, id }) => {
      mergePullRequest(world.bitbucket.company, 'PAY', 'ledger', id, aMoment);
      world.bitbucket.fail({ when: pullRequestsOf('api'), fault });

      const { exitCode, result } = await world.run('sync');

      expect(exitCode).toBe(4);
      expect(result).toContain('PAY/api');
      expect(deletions()).toEqual([`bitbucketPullRequest ledger-${id}`]);
      expect(pullRequests()).toContain('api-1');
    },
  );

  it('they go with the next run that reads them', async () => {
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletions()).toEqual(['bitbucketPullRequest api-1']);
  });
});

describe('nothing of what is gone in Bitbucket is deleted', () => {
  shareWorld(
    () =>
      syncedWorld((data) => {
        removeRepository(data, 'PAY', 'shop');
        mergePullRequest(data, 'PAY', 'ledger', 2, aMoment);
      }),
    take,
  );

  describe.each(['projects', 'repos', 'users'])('while the listing of %s', (listing) => {
    it.each(Object.entries(FAULTS))('answers with %s', async (_, fault) => {
      world.bitbucket.fail({ when: listingOf(listing), fault });

      const { exitCode } = await world.run('sync');

      expect(exitCode).toBe(4);
      expect(deletions()).toEqual([]);
    });
  });

  it('until a run reads them all', async () => {
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletions()).toEqual([
      'bitbucketPullRequest ledger-2',
      'bitbucketPullRequest shop-1',
      'bitbucketPullRequest shop-2',
      'bitbucketPullRequest shop-3',
      'bitbucketRepository shop',
    ]);
  });
});

describe('what is gone in Bitbucket', () => {
  closeEach();

  it('takes its entity and those of its pull requests along, and nothing else', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletions()).toEqual([
      'bitbucketPullRequest shop-1',
      'bitbucketPullRequest shop-2',
      'bitbucketPullRequest shop-3',
      'bitbucketRepository shop',
    ]);
    expect(world.port.writes.filter(({ type }) => type === 'entity-upserted')).toEqual([]);
  });

  it('is deleted although nothing has to be loaded', async () => {
    world = await syncedWorld((data) => {
      mergePullRequest(data, 'PAY', 'ledger', 2, aMoment);
    });

    await world.run('sync');

    expect(deletions()).toEqual(['bitbucketPullRequest ledger-2']);
  });

  it('stays with --no-delete, with a threshold of 0, and in a narrowed run', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });

    const runs = [
      await world.run('sync --no-delete'),
      await world.run('sync --deletion-threshold 0'),
      await world.run('sync --projects PAY'),
      await world.run('sync --kinds repository'),
      await world.run('sync', { PULL_REQUEST_STATE: 'OPEN' }),
    ];

    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(deletions()).not.toContain('bitbucketPullRequest shop-1');
    expect(world.identifiers('bitbucketRepository')).toContain('shop');
  });

  it('goes without a stop where Bitbucket itself says of each that it is gone', async () => {
    world = await syncedWorld((data) => {
      for (const slug of ['api', 'ledger', 'shop']) removeRepository(data, 'PAY', slug);
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(pullRequests()).toEqual(['blog-1', 'blog-2', 'blog-3']);
    expect(world.identifiers('bitbucketRepository')).toEqual(['blog']);
  });

  it('stays in the first run over what another program loaded, which says what would go', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });
    putContainerIntegration(world, 'bitbucket-server');

    const first = await world.run('sync');
    expect(first.exitCode).toBe(0);
    expect(first.result).toContain('would delete 4 entities');
    expect(deletions()).toEqual([]);

    await world.run('sync');
    expect(deletions()).toHaveLength(4);
  });
});

describe('what was missed because rows moved between pages', () => {
  closeEach();

  it('is found by reading the listing again, and stays', async () => {
    const data = aCompanyToDeleteFrom();
    world = await startWorld(data, { bitbucket: { pageCap: 2 } });
    await world.run('sync');
    world.port.reset();
    world.bitbucket.reset();
    // The first page of the first reading shows one pull request less.
    world.bitbucket.fail({
      times: 1,
      when: (request) =>
        pullRequestsOf('api')(request) && (request.query.get('start') ?? '0') === '0',
      fault: {
        type: 'changed',
        change: (answer) => {
          const body = answer.body as { values: unknown[] };
          const values = body.values.slice(1);
          return { ...answer, body: { ...body, values, size: values.length } };
        },
      },
    });

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletions()).toEqual([]);
    expect(result).toContain('a second reading of the listing showed what the first had missed');
  });
});

describe('entities of others', () => {
  closeEach();

  it('are neither deleted nor rewritten, even where our mapping feeds them', async () => {
    world = await syncedWorld(() => undefined);
    const foreign = { datasource: 'port-ocean/github/1.0.0/other/exporter' };
    world.port.putEntity('bitbucketRepository', { identifier: 'from-github' }, foreign);
    world.port.putEntity(
      'bitbucketUser',
      { identifier: 'by-hand', properties: { username: 'x' } },
      { datasource: null },
    );

    await world.run('sync');

    expect(world.port.writes).toEqual([]);
  });

  it('that relate to what is gone keep it, and are told', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });
    world.port.putEntity(
      'bitbucketPullRequest',
      { identifier: 'hand-made', relations: { repository: 'shop' } },
      { datasource: null },
    );

    const { exitCode, result } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(world.identifiers('bitbucketRepository')).toContain('shop');
    expect(pullRequests()).toContain('hand-made');
    expect(result).toContain('bitbucketPullRequest hand-made relates to shop');
  });
});
