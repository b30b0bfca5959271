import { describe, expect, it } from '@jest/globals';
import { mergePullRequest } from '../../../src/sandbox/company/changes.js';
import { largeCompany } from '../../../src/sandbox/company/large-company.js';
import { findUser, pullRequestsOf } from '../../../src/sandbox/company/lookup.js';

describe('a large company', () => {
  it.each([
    { projects: 1, repositories: 1, pullRequests: 0 },
    { projects: 3, repositories: 7, pullRequests: 50 },
    { projects: 20, repositories: 200, pullRequests: 20_000 },
  ])('has what was asked for: %o', (size) => {
    const company = largeCompany(size);
    const shelves = company.repositories.map((each) => pullRequestsOf(company, each));
    expect(company.projects).toHaveLength(size.projects);
    expect(company.repositories).toHaveLength(size.repositories);
    expect(shelves.reduce((sum, { length }) => sum + length, 0)).toBe(size.pullRequests);
  });

  it('makes the same pull request whenever somebody looks', () => {
    const look = (): unknown => {
      const company = largeCompany({ projects: 1, repositories: 2, pullRequests: 10 });
      return [...pullRequestsOf(company, company.repositories[1]!)];
    };
    expect(look()).toEqual(look());
  });

  it('names only users that it has', () => {
    const company = largeCompany({ projects: 1, repositories: 1, pullRequests: 100 });
    for (const { author, reviewers } of pullRequestsOf(company, company.repositories[0]!)) {
      for (const name of [author, ...reviewers.map(({ user }) => user)]) {
        expect(findUser(company, name)).toBeDefined();
      }
    }
  });

  it('remembers a change to a pull request that was never made before', () => {
    const company = largeCompany({ projects: 1, repositories: 1, pullRequests: 30 });
    const [repository] = company.repositories;
    const open = [...pullRequestsOf(company, repository!)].find(({ state }) => state === 'OPEN');
    mergePullRequest(company, 'P1', 'service-1', open!.id, 1_750_000_000_000);
    expect(pullRequestsOf(company, repository!).find(open!.id)).toMatchObject({
      state: 'MERGED',
      closedDate: 1_750_000_000_000,
    });
    expect(pullRequestsOf(company, repository!)).toHaveLength(30);
  });
});
