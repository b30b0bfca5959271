import { afterEach, describe, expect, it } from '@jest/globals';
import { mergePullRequest, removeRepository } from '../../src/sandbox/company/changes.js';
import { aCompany, aMoment } from '../world/a-company.js';
import { startWorld, type World } from '../world/a-world.js';
import { deletedIn, status } from './safety-world.js';

let world: World;

afterEach(async () => {
  await world.close();
});

describe('a listing of pull requests that breaks off when it is read again', () => {
  it('keeps pull requests, and not a repository that another listing proves gone', async () => {
    const builder = aCompany();
    for (const slug of ['api', 'empty', 'web']) builder.withRepository('PAY', slug);
    for (const id of [1, 2, 3, 4]) builder.withPullRequest('PAY', 'api', { id });
    const company = builder.build();
    world = await startWorld(company, { bitbucket: { pageCap: 2 } });
    await world.run('sync');
    removeRepository(company, 'PAY', 'empty');
    mergePullRequest(company, 'PAY', 'api', 4, aMoment);
    mergePullRequest(company, 'PAY', 'api', 3, aMoment);
    builder.withPullRequest('PAY', 'api', { id: 5 });
    let read = 0;
    world.bitbucket.fail({
      when: ({ path }) => path.endsWith('/api/pull-requests') && (read += 1) > 2,
      fault: status(500),
    });

    const { exitCode } = await world.run('sync');

    expect(exitCode).toBe(4);
    expect(world.identifiers('bitbucketPullRequest')).toEqual([
      'api-1',
      'api-2',
      'api-3',
      'api-4',
      'api-5',
    ]);
    expect(deletedIn(world)).toEqual(['bitbucketRepository empty']);
  });
});
