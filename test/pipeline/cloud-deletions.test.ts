import { afterEach, describe, expect, it } from '@jest/globals';
import {
  addPullRequest,
  mergePullRequest,
  removeRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company } from '../../src/sandbox/company/company.js';
import type { Answer, Fault, RecordedRequest } from '../../src/sandbox/loopback.js';
import { aMoment, aPullRequest } from '../world/a-company.js';
import { startCloudWorld, type CloudWorld } from '../world/a-cloud-world.js';
import { shareWorld } from '../world/share-world.js';
import {
  aCompanyToDeleteFrom,
  GENERAL_FAULTS,
  putContainerIntegration,
  syncedBefore,
} from './deletion-world.js';
import { deletedIn, exitCodeOfFailed } from './safety-world.js';

let world: CloudWorld;

const take = (shared: CloudWorld): void => {
  world = shared;
};

/** A world that was synced once, and then a day went by. */
async function syncedWorld(
  change: (company: Company) => void,
  before: (company: Company) => void = () => undefined,
): Promise<CloudWorld> {
  const data = aCompanyToDeleteFrom((slug) => ({ files: { 'README.md': `# ${slug}` } }));
  before(data);
  return await syncedBefore(await startCloudWorld(data), () => {
    change(data);
  });
}

const deletions = (): readonly string[] => deletedIn(world);

const pullRequestsOf = (slug: string) => (request: RecordedRequest) =>
  request.path.endsWith(`/${slug}/pullrequests`);

/** The listings that everything rests on, without the small question that a run begins with. */
const ROOTS = {
  repositories: ({ path, query }: RecordedRequest) =>
    path.endsWith('/repositories/fernlicht') && !query.has('fields'),
  projects: ({ path }: RecordedRequest) => path.endsWith('/projects'),
} as const;

const answered = (status: number): Fault => ({
  type: 'answer',
  answer: { status, body: { type: 'error', error: { message: 'no' } } },
});

const changedBody = (body: (given: object) => unknown): Fault => ({
  type: 'changed',
  change: (answer: Answer) => ({ ...answer, body: body(Object(answer.body) as object) }),
});

const FAULTS: Readonly<Record<string, Fault>> = {
  ...GENERAL_FAULTS,
  'a 500 after all retries': answered(500),
  'a 403': answered(403),
  'a 404': answered(404),
  'a 401': answered(401),
  'a 555': answered(555),
  'a page without values': changedBody(() => ({ pagelen: 100 })),
  'a page of the wrong kind': changedBody(() => ({ pagelen: 100, values: [{ unexpected: true }] })),
  'half of the text': {
    type: 'changed',
    change: (answer) => ({ ...answer, body: JSON.stringify(answer.body).slice(0, -20) }),
  },
  'a next page that is itself': changedBody((given) => ({
    ...given,
    next: `${world.bitbucket.url}/repositories/fernlicht?page=nowhere`,
  })),
};

describe('of what is gone in Bitbucket', () => {
  const faults = Object.entries(FAULTS)
    .filter(([name]) => name !== 'a 401')
    .map(([name, fault], index) => ({ name, fault, id: index + 1 }));

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
    async ({ name, fault, id }) => {
      mergePullRequest(world.bitbucket.company, 'PAY', 'ledger', id, aMoment);
      world.bitbucket.fail({ when: pullRequestsOf('api'), fault });

      const { exitCode, result } = await world.run('sync');

      expect(exitCode).toBe(4);
      expect(result).toContain('fernlicht/api');
      expect(deletions()).toEqual([`bitbucketPullRequest ledger${id}`]);
      expect(world.identifiers('bitbucketPullRequest')).toContain('api1');
      expectViolations(name);
    },
  );

  it('they go with the next run that reads them', async () => {
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletions()).toEqual(['bitbucketPullRequest api1']);
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

  describe.each(Object.entries(ROOTS))('while the listing of %s', (_listing, when) => {
    it.each(Object.entries(FAULTS))('answers with %s', async (name, fault) => {
      world.bitbucket.fail({ when, fault });

      const { exitCode, result } = await world.run('sync');

      expect(exitCode).toBe(exitCodeOfFailed(result));
      expect(deletions()).toEqual([]);
      expectViolations(name);
    });
  });

  it('until a run reads them all', async () => {
    expect((await world.run('sync')).exitCode).toBe(0);
    expect(deletions()).toEqual([
      'bitbucketPullRequest ledger2',
      'bitbucketPullRequest shop1',
      'bitbucketPullRequest shop2',
      'bitbucketPullRequest shop3',
      'bitbucketRepository shop',
    ]);
  });
});

describe('what is gone in Bitbucket', () => {
  afterEach(() => world.close());

  it('takes its entity and those of its pull requests along, and nothing else', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(0);
    expect(deletions()).toEqual([
      'bitbucketPullRequest shop1',
      'bitbucketPullRequest shop2',
      'bitbucketPullRequest shop3',
      'bitbucketRepository shop',
    ]);
    expect(world.port.writes.filter(({ type }) => type === 'entity-upserted')).toEqual([]);
  });

  it('deletes nothing once Bitbucket refuses the credentials half-way', async () => {
    world = await syncedWorld((data) => {
      mergePullRequest(data, 'PAY', 'api', 1, aMoment);
      mergePullRequest(data, 'PAY', 'ledger', 2, aMoment);
      removeRepository(data, 'PAY', 'shop');
    });
    world.bitbucket.fail({ when: pullRequestsOf('api'), fault: answered(401) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(deletions()).toEqual([]);
  });

  it('keeps the readme in Port while the file cannot be read', async () => {
    world = await syncedWorld(() => undefined);
    world.bitbucket.fail({ when: ({ path }) => path.endsWith('/README.md'), fault: answered(403) });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.port.entity('bitbucketRepository', 'api')?.properties).toMatchObject({
      readme: '# api',
    });
  });

  it('stays in the first run over what the container loaded, which says what would go', async () => {
    world = await syncedWorld((data) => {
      removeRepository(data, 'PAY', 'shop');
    });
    putContainerIntegration(world, 'bitbucket-cloud');

    const first = await world.run('sync');
    expect(first.exitCode).toBe(0);
    expect(first.result).toContain('would delete 4 entities');
    expect(deletions()).toEqual([]);

    await world.run('sync');
    expect(deletions()).toHaveLength(4);
  });
});

/** The one fault that makes us ask for what the contract does not know: its own page. */
function expectViolations(fault: string): void {
  if (fault !== 'a next page that is itself') return;
  expect(world.bitbucket.violations).not.toEqual([]);
  world.bitbucket.reset();
}
