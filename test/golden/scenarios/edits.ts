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
import type { Company } from '../../../src/sandbox/company/company.js';
import {
  pullRequestsOf,
  requirePullRequest,
  requireRepository,
} from '../../../src/sandbox/company/lookup.js';
import { aMoment, aPullRequest } from '../../world/a-company.js';
import { cloud, server, type Step } from '../scenario.js';
import { addRepository, aUsualCompany } from './company.js';

function edit(name: string, change: (company: Company) => void): Step {
  return {
    name,
    change: ({ company }) => {
      change(company);
    },
    run: 'sync',
  };
}

const HOUR_MILLISECONDS = 3_600_000;

const editsOfPullRequests: readonly Step[] = [
  edit('a pull request is opened', (company) => {
    addPullRequest(company, 'PAY', 'ledger', aPullRequest({ id: 2, author: 'ana' }));
  }),
  edit('a pull request gets another title', (company) => {
    const shelf = pullRequestsOf(company, requireRepository(company, 'PAY', 'api'));
    const pullRequest = requirePullRequest(company, 'PAY', 'api', 1);
    const updatedDate = aMoment + HOUR_MILLISECONDS;
    shelf.replace({ ...pullRequest, title: 'A better title', version: 1, updatedDate });
  }),
  edit('a pull request is merged', (company) => {
    mergePullRequest(company, 'PAY', 'api', 3, aMoment + HOUR_MILLISECONDS);
  }),
  edit('a pull request is declined', (company) => {
    declinePullRequest(company, 'WEB', 'shop', 2, aMoment + HOUR_MILLISECONDS);
  }),
];

const editsOfRepositories: readonly Step[] = [
  edit('a repository is added, with a pull request', (company) => {
    addRepository(company, 'OPS', 'tools');
    addPullRequest(company, 'OPS', 'tools', aPullRequest({ id: 1, author: 'bo' }));
  }),
  edit('a repository gets a description and another readme', (company) => {
    changeRepository(company, 'PAY', 'api', {
      description: 'Takes payments',
      files: { 'README.md': '# Payments' },
    });
  }),
  edit('a repository is renamed', (company) => {
    renameRepository(company, 'PAY', 'ledger', 'books');
  }),
  edit('a repository is removed', (company) => {
    removeRepository(company, 'WEB', 'shop');
  }),
  edit('a repository is removed, and another one opens a pull request', (company) => {
    removeRepository(company, 'OPS', 'tools');
    addPullRequest(company, 'PAY', 'api', aPullRequest({ id: 4, author: 'bo' }));
  }),
];

const editsOfProjects: readonly Step[] = [
  edit('an empty project is removed', (company) => {
    removeProject(company, 'OPS');
  }),
  edit('a project gets a description', ({ projects }) => {
    const index = projects.findIndex(({ key }) => key === 'WEB');
    projects[index] = { ...projects[index]!, description: 'Shops' };
  }),
  edit('a project is removed, with its repositories', (company) => {
    removeProject(company, 'WEB');
  }),
];

const editsOfUsers: readonly Step[] = [
  edit('a user gets another name', ({ users }) => {
    const index = users.findIndex(({ name }) => name === 'ana');
    users[index] = { ...users[index]!, displayName: 'Ana B.' };
  }),
  edit('a user leaves whom a pull request names', (company) => {
    deactivateUser(company, 'bo');
  }),
  edit('a user leaves', (company) => {
    deactivateUser(company, 'dee');
  }),
];

const run = { company: aUsualCompany, before: ['sync'] };

export const edits = [
  server('edits-of-pull-requests', { ...run, steps: editsOfPullRequests }),
  server('edits-of-repositories', { ...run, steps: editsOfRepositories }),
  server('edits-of-projects-and-users', { ...run, steps: [...editsOfProjects, ...editsOfUsers] }),
  cloud('edits-of-pull-requests', { ...run, steps: editsOfPullRequests }),
  cloud('edits-of-repositories', { ...run, steps: editsOfRepositories }),
  cloud('edits-of-projects', { ...run, steps: editsOfProjects }),
];
