import { describe, expect, it } from '@jest/globals';
import {
  addPullRequest,
  changeRepository,
  deactivateUser,
  declinePullRequest,
  mergePullRequest,
  removeProject,
  removeRepository,
  renameRepository,
} from '../../../src/sandbox/company/changes.js';
import {
  findRepository,
  findUser,
  pullRequestsOf,
  requirePullRequest,
} from '../../../src/sandbox/company/lookup.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import { aCompany, aPullRequest } from '../../world/a-company.js';

function twoRepositories(): Company {
  return aCompany()
    .withRepository('PAY', 'api')
    .withRepository('WEB', 'api')
    .withPullRequest('PAY', 'api')
    .withPullRequest('WEB', 'api')
    .build();
}

describe('changes to a company', () => {
  it('removes a repository with its pull requests and leaves its namesake alone', () => {
    const company = twoRepositories();
    removeRepository(company, 'PAY', 'api');
    expect(findRepository(company, 'PAY', 'api')).toBeUndefined();
    expect(company.pullRequests.size).toBe(1);
    expect(requirePullRequest(company, 'WEB', 'api', 1)).toBeDefined();
  });

  it('removes a project with its repositories', () => {
    const company = twoRepositories();
    removeProject(company, 'PAY');
    expect(company.projects).toMatchObject([{ key: 'WEB' }]);
    expect(company.repositories).toMatchObject([{ project: 'WEB' }]);
  });

  it('renames a repository: name and slug change, id and pull requests stay', () => {
    const company = twoRepositories();
    const before = findRepository(company, 'PAY', 'api');
    const after = renameRepository(company, 'PAY', 'api', 'Gebühren & Steuern');
    expect(after).toMatchObject({ name: 'Gebühren & Steuern', slug: 'gebuhren-steuern' });
    expect(after.id).toBe(before?.id);
    expect(findRepository(company, 'PAY', 'api')).toBeUndefined();
    expect(requirePullRequest(company, 'PAY', 'gebuhren-steuern', 1)).toBeDefined();
  });

  it('changes any other field of a repository', () => {
    const company = twoRepositories();
    changeRepository(company, 'PAY', 'api', { archived: true });
    expect(findRepository(company, 'PAY', 'api')).toMatchObject({ archived: true, slug: 'api' });
    expect(findRepository(company, 'WEB', 'api')).toMatchObject({ archived: false });
  });

  it('merges a pull request', () => {
    const company = twoRepositories();
    mergePullRequest(company, 'PAY', 'api', 1, 1_750_000_000_000);
    expect(requirePullRequest(company, 'PAY', 'api', 1)).toMatchObject({
      state: 'MERGED',
      version: 1,
      updatedDate: 1_750_000_000_000,
      closedDate: 1_750_000_000_000,
      mergeCommit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(requirePullRequest(company, 'WEB', 'api', 1)).toMatchObject({ state: 'OPEN' });
  });

  it('declines a pull request, which has no merge commit then', () => {
    const company = twoRepositories();
    const declined = declinePullRequest(company, 'PAY', 'api', 1, 1_750_000_000_000);
    expect(declined).toMatchObject({ state: 'DECLINED', closedDate: 1_750_000_000_000 });
    expect(declined.mergeCommit).toBeUndefined();
  });

  it('closes nothing twice', () => {
    const company = twoRepositories();
    mergePullRequest(company, 'PAY', 'api', 1, 1);
    expect(() => mergePullRequest(company, 'PAY', 'api', 1, 2)).toThrow('PAY/api#1 is MERGED');
  });

  it('adds a pull request in the order of ids and refuses an id that is taken', () => {
    const company = twoRepositories();
    addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 9 }));
    addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 4 }));
    const shelf = pullRequestsOf(company, findRepository(company, 'PAY', 'api')!);
    expect([...shelf].map(({ id }) => id)).toEqual([1, 4, 9]);
    expect(() => {
      addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 4 }));
    }).toThrow('pull request 4 is there already');
  });

  it('lets somebody leave', () => {
    const company = twoRepositories();
    deactivateUser(company, 'admin');
    expect(findUser(company, 'admin')).toMatchObject({ active: false });
  });

  it('refuses to change what is not there', () => {
    const company = twoRepositories();
    expect(() => {
      removeRepository(company, 'PAY', 'web');
    }).toThrow('there is no repository PAY/web');
    expect(() => {
      removeProject(company, 'OPS');
    }).toThrow('there is no project OPS');
    expect(() => {
      deactivateUser(company, 'nobody');
    }).toThrow('there is no user nobody');
    expect(() => mergePullRequest(company, 'PAY', 'api', 7, 1)).toThrow(
      'there is no pull request PAY/api#7',
    );
  });
});
