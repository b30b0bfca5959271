import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { demoCompany } from '../../../src/sandbox/company/demo-company.js';
import { aCommit, aCompany, aMoment } from '../../world/a-company.js';
import { aDataCenter, type TestDataCenter } from './a-data-center.js';

const selfLinks = z.strictObject({ self: z.tuple([z.strictObject({ href: z.url() })]) });
const digits = z.string().regex(/^[0-9a-f]{40}$/);

const user = z.strictObject({
  name: z.string(),
  emailAddress: z.email().optional(),
  active: z.boolean(),
  displayName: z.string(),
  id: z.int(),
  slug: z.string(),
  type: z.literal('NORMAL'),
  links: selfLinks,
});

const project = z.strictObject({
  key: z.string(),
  id: z.int(),
  name: z.string().regex(/^[^~]/),
  description: z.string().optional(),
  public: z.boolean(),
  type: z.enum(['NORMAL', 'PERSONAL']),
  owner: user.optional(),
  links: selfLinks,
});

const repositoryFields = {
  slug: z.string(),
  id: z.int(),
  name: z.string(),
  description: z.string().optional(),
  hierarchyId: z
    .string()
    .regex(/^[0-9a-f]{20}$/)
    .optional(),
  scmId: z.literal('git'),
  state: z.literal('AVAILABLE'),
  statusMessage: z.literal('Available'),
  forkable: z.boolean(),
  project,
  public: z.boolean(),
  archived: z.boolean().optional(),
  links: selfLinks.extend({
    clone: z.tuple([
      z.strictObject({ href: z.string().startsWith('ssh://git@'), name: z.literal('ssh') }),
      z.strictObject({ href: z.url(), name: z.literal('http') }),
    ]),
  }),
};
const repository = z.strictObject({
  ...repositoryFields,
  origin: z.strictObject(repositoryFields).optional(),
});

const commitReference = z.strictObject({ id: digits, displayId: z.string().length(11) });
const author = z.union([user, z.strictObject({ name: z.string(), emailAddress: z.email() })]);
const commit = commitReference.extend({
  author,
  authorTimestamp: z.int().min(1_000_000_000_000),
  committer: author,
  committerTimestamp: z.int().min(1_000_000_000_000),
  message: z.string(),
  parents: z.array(commitReference),
});

const ref = z.strictObject({
  id: z.string().startsWith('refs/heads/'),
  displayId: z.string(),
  latestCommit: digits,
  type: z.literal('BRANCH'),
  repository,
});

function participant(role: 'AUTHOR' | 'REVIEWER' | 'PARTICIPANT'): z.ZodType {
  return z.strictObject({
    user,
    lastReviewedCommit: digits.optional(),
    role: z.literal(role),
    approved: z.boolean(),
    status: z.enum(['UNAPPROVED', 'NEEDS_WORK', 'APPROVED']),
  });
}

const pullRequest = z.strictObject({
  id: z.int(),
  version: z.int(),
  title: z.string(),
  description: z.string().optional(),
  state: z.enum(['OPEN', 'MERGED', 'DECLINED']),
  open: z.boolean(),
  closed: z.boolean(),
  draft: z.boolean(),
  createdDate: z.int().min(1_000_000_000_000),
  updatedDate: z.int().min(1_000_000_000_000),
  closedDate: z.int().min(1_000_000_000_000).optional(),
  fromRef: ref,
  toRef: ref,
  locked: z.boolean(),
  author: participant('AUTHOR'),
  reviewers: z.array(participant('REVIEWER')),
  participants: z.array(participant('PARTICIPANT')),
  properties: z.strictObject({
    mergeResult: z.strictObject({ outcome: z.string(), current: z.boolean() }).optional(),
    mergeCommit: commitReference.optional(),
    resolvedTaskCount: z.int(),
    commentCount: z.int(),
    openTaskCount: z.int(),
  }),
  links: selfLinks,
});

describe('payloads of the demo company', () => {
  let bitbucket: TestDataCenter;
  beforeAll(async () => {
    bitbucket = await aDataCenter({ company: demoCompany(), listsPersonalProjects: true });
  });
  afterAll(async () => {
    await bitbucket.server.close();
  });

  const paths = demoCompany()
    .repositories.filter(({ commits }) => commits.length > 0)
    .map((each) => `/projects/${each.project}/repos/${each.slug}`);

  it.each([
    ['/users', user, 10],
    ['/projects', project, 4],
    ['/repos?archived=ALL', repository, 12],
  ] as const)('of %s have the documented shape', async (path, schema, count) => {
    expect(
      z
        .array(schema)
        .length(count)
        .parse(await bitbucket.rows(path)),
    ).toBeDefined();
  });

  it.each(paths)('of %s/pull-requests and commits have the documented shape', async (path) => {
    const pullRequests = await bitbucket.rows(`${path}/pull-requests?state=ALL`);
    expect(z.array(pullRequest).min(1).parse(pullRequests)).toBeDefined();
    expect(
      z
        .array(commit)
        .min(1)
        .parse(await bitbucket.rows(`${path}/commits`)),
    ).toBeDefined();
  });

  it('leave out the address that a user does not have', async () => {
    const { body } = await bitbucket.get('/users/build-bot');
    expect(body).toMatchObject({ displayName: 'Build Bot' });
    expect(body).not.toHaveProperty('emailAddress');
  });

  it('name a user who left in an old pull request only', async () => {
    const gone = expect.objectContaining({ name: 'egrant', active: false });
    expect(await bitbucket.rows('/users')).not.toContainEqual(gone);
    const { body } = await bitbucket.get('/projects/PAY/repos/api/pull-requests/3');
    expect(body).toMatchObject({ author: { user: gone } });
  });

  it('name the git signature where the author of a commit is no user', async () => {
    const [tip, before] = await bitbucket.rows('/projects/PAY/repos/card-gateway/commits');
    expect(tip).toMatchObject({
      author: { name: 'Renovate', emailAddress: 'renovate@bots.fernlicht.example' },
    });
    expect(before).toMatchObject({ author: { slug: 'aperez', displayName: 'Ana Pérez' } });
  });

  it('name the fork that a pull request comes from', async () => {
    const { body } = await bitbucket.get('/projects/WEB/repos/storefront/pull-requests/4');
    expect(body).toMatchObject({
      fromRef: { repository: { project: { key: '~MWEBER' } } },
      toRef: { repository: { project: { key: 'WEB' } } },
    });
  });
});

describe('a pull request', () => {
  it('has closing facts exactly when it is closed', async () => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', { state: 'OPEN' })
      .withPullRequest('PAY', 'api', { state: 'MERGED' })
      .withPullRequest('PAY', 'api', { state: 'DECLINED' });
    const { get, server } = await aDataCenter({ company: company.build() });
    const one = async (id: number): Promise<unknown> =>
      (await get(`/projects/PAY/repos/api/pull-requests/${id}`)).body;
    const [open, merged, declined] = [await one(1), await one(2), await one(3)];
    await server.close();
    expect(open).toMatchObject({ open: true, closed: false });
    expect(open).not.toHaveProperty('closedDate');
    expect(open).not.toHaveProperty('properties.mergeCommit');
    expect(merged).toMatchObject({ open: false, closed: true, closedDate: aMoment });
    expect(merged).toHaveProperty('properties.mergeCommit');
    expect(declined).toMatchObject({ open: false, closed: true, closedDate: aMoment });
    expect(declined).not.toHaveProperty('properties.mergeCommit');
  });

  it('tells who approved, who asked for work and who said nothing', async () => {
    const company = aCompany()
      .withRepository('PAY', 'api')
      .withPullRequest('PAY', 'api', {
        reviewers: [{ user: 'bea', status: 'APPROVED' }, 'cem'],
        participants: [{ user: 'dan', status: 'NEEDS_WORK' }],
      });
    const { get, server } = await aDataCenter({ company: company.build() });
    const { body } = await get('/projects/PAY/repos/api/pull-requests/1');
    await server.close();
    expect(body).toMatchObject({
      reviewers: [
        { user: { name: 'bea' }, role: 'REVIEWER', approved: true, status: 'APPROVED' },
        { user: { name: 'cem' }, role: 'REVIEWER', approved: false, status: 'UNAPPROVED' },
      ],
      participants: [
        { user: { name: 'dan' }, role: 'PARTICIPANT', approved: false, status: 'NEEDS_WORK' },
      ],
    });
  });
});

describe('a commit', () => {
  it('is the user who has its address', async () => {
    const company = aCompany().withRepository('PAY', 'api', {
      commits: [aCommit({ id: 'a'.repeat(40), parents: ['b'.repeat(40)] })],
    });
    const { get, server } = await aDataCenter({
      company: company.build(),
      advertisedUrl: 'http://localhost:7990',
    });
    const { body } = await get(`/projects/PAY/repos/api/commits/${'a'.repeat(40)}`);
    await server.close();
    const admin = {
      name: 'admin',
      emailAddress: 'admin@example.com',
      active: true,
      displayName: 'Admin',
      id: 1,
      slug: 'admin',
      type: 'NORMAL',
      links: { self: [{ href: 'http://localhost:7990/users/admin' }] },
    };
    expect(body).toEqual({
      id: 'a'.repeat(40),
      displayId: 'a'.repeat(11),
      author: admin,
      authorTimestamp: aMoment,
      committer: admin,
      committerTimestamp: aMoment,
      message: 'Begin',
      parents: [{ id: 'b'.repeat(40), displayId: 'b'.repeat(11) }],
    });
  });
});
