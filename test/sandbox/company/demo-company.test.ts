import { describe, expect, it } from '@jest/globals';
import { demoCompany } from '../../../src/sandbox/company/demo-company.js';
import { removeRepository } from '../../../src/sandbox/company/changes.js';
import { findUser, pullRequestsOf } from '../../../src/sandbox/company/lookup.js';
import type { Company, PullRequest } from '../../../src/sandbox/company/company.js';

function allPullRequests(company: Company): PullRequest[] {
  return company.repositories.flatMap((each) => [...pullRequestsOf(company, each)]);
}

describe('the demo company', () => {
  it('is the same each time, and every caller gets their own', () => {
    const changed = demoCompany();
    removeRepository(changed, 'PAY', 'api');
    expect(changed.repositories).toHaveLength(11);
    expect(demoCompany().repositories).toHaveLength(12);
    expect(allPullRequests(demoCompany())).toEqual(allPullRequests(demoCompany()));
  });

  it('has the size that its description promises', () => {
    const company = demoCompany();
    expect(company.projects).toHaveLength(4);
    expect(company.users.filter(({ active }) => active)).toHaveLength(10);
    expect(allPullRequests(company)).toHaveLength(40);
  });

  it('holds what exporters stumble over', () => {
    const { repositories, users, projects } = demoCompany();
    const slugs = (project: string): string[] =>
      repositories.filter((each) => each.project === project).map(({ slug }) => slug);
    expect(slugs('PAY')).toContain('api');
    expect(slugs('WEB')).toContain('api');
    expect(repositories.filter(({ archived }) => archived)).toHaveLength(1);
    expect(repositories.filter(({ defaultBranch }) => defaultBranch === null)).toMatchObject([
      { slug: 'kiosk', commits: [], files: {} },
    ]);
    expect(repositories).toContainEqual(
      expect.objectContaining({ slug: 'deploy-scripts', name: 'Release Tooling' }),
    );
    expect(users.filter(({ emailAddress }) => emailAddress === undefined)).toHaveLength(1);
    expect(projects.filter(({ owner }) => owner !== undefined)).toHaveLength(1);
  });

  it('has pull requests in every state, with reviewers and participants without an address', () => {
    const company = demoCompany();
    const all = allPullRequests(company);
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['OPEN', 'MERGED', 'DECLINED']));
    expect(all.some(({ draft }) => draft)).toBe(true);
    const lacksAddress = (user: string): boolean =>
      findUser(company, user)?.emailAddress === undefined;
    expect(all.some((each) => each.reviewers.some(({ user }) => lacksAddress(user)))).toBe(true);
    expect(all.some((each) => each.participants.some(({ user }) => lacksAddress(user)))).toBe(true);
  });

  it('is consistent: everything that is named exists, and only the closed have closing dates', () => {
    const company = demoCompany();
    const keys = company.projects.map(({ key }) => key);
    const names = company.users.map(({ name }) => name);
    const identities = company.repositories.map(({ project, slug }) => `${project}/${slug}`);
    expect(new Set(identities).size).toBe(identities.length);
    for (const repository of company.repositories) expect(keys).toContain(repository.project);
    for (const pullRequest of allPullRequests(company)) {
      const { author, reviewers, participants, state } = pullRequest;
      const people = [author, ...[...reviewers, ...participants].map(({ user }) => user)];
      expect(names).toEqual(expect.arrayContaining(people));
      expect(new Set(people).size).toBe(people.length);
      expect(pullRequest.closedDate !== undefined).toBe(state !== 'OPEN');
      expect(pullRequest.mergeCommit !== undefined).toBe(state === 'MERGED');
      expect(pullRequest.updatedDate).toBeGreaterThanOrEqual(pullRequest.createdDate);
    }
  });
});
