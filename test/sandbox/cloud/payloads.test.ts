import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { demoCompany } from '../../../src/sandbox/company/demo-company.js';
import { aCompany, aMoment } from '../../world/a-company.js';
import { aCloud, asAdmin, column, member, type TestCloud } from './a-cloud.js';
import { startsCloud } from './started.js';

const link = z.strictObject({ href: z.url() });
const links = z.record(z.string(), link);
const uuid = z.string().regex(/^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/);
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
const digits = z.string().regex(/^[0-9a-f]{40}$/);
const shortDigits = z.string().regex(/^[0-9a-f]{12}$/);

const person = z.strictObject({
  type: z.literal('user'),
  display_name: z.string(),
  uuid,
  account_id: z.string().startsWith('557058:'),
  nickname: z.string(),
  links,
});
const app = z.strictObject({
  type: z.literal('app_user'),
  display_name: z.string(),
  uuid,
  account_id: z.string(),
  account_status: z.literal('active'),
  kind: z.literal('repository_access_token'),
  created_on: timestamp,
  links: z.strictObject({ avatar: link }),
});
const user = z.union([person, app]);

const owner = z.strictObject({
  type: z.literal('team'),
  display_name: z.literal('Acme'),
  uuid,
  username: z.literal('acme'),
  links,
});

const workspace = z.strictObject({
  type: z.literal('workspace'),
  uuid,
  name: z.literal('Acme'),
  slug: z.literal('acme'),
  links,
});

const projectReference = z.strictObject({
  type: z.literal('project'),
  uuid,
  key: z.string().regex(/^[A-Z]+$/),
  name: z.string(),
  links,
});

const project = projectReference.extend({
  description: z.string().nullable(),
  is_private: z.boolean(),
  has_publicly_visible_repos: z.boolean(),
  owner,
  workspace,
  created_on: timestamp,
  updated_on: timestamp,
});

const repositoryReference = z.strictObject({
  type: z.literal('repository'),
  full_name: z.string().startsWith('acme/'),
  name: z.string(),
  uuid,
  links,
});

/** What answers of the product may lack. */
const details = {
  project: projectReference,
  mainbranch: z.strictObject({ type: z.literal('branch'), name: z.string() }).nullable(),
  fork_policy: z.enum(['allow_forks', 'no_forks']),
  has_issues: z.boolean(),
  has_wiki: z.boolean(),
  language: z.string(),
  size: z.int(),
  updated_on: timestamp,
};

const sparseRepository = repositoryReference.extend({
  links: z.looseObject({
    self: link,
    html: link,
    clone: z.array(z.strictObject({ name: z.string(), href: z.string() })).length(2),
  }),
  slug: z.string(),
  description: z.string(),
  scm: z.literal('git'),
  website: z.string().nullable(),
  owner,
  workspace,
  parent: repositoryReference.nullable(),
  is_private: z.boolean(),
  created_on: timestamp,
});
const repository = z.union([sparseRepository.extend(details), sparseRepository]);

const shortCommit = z.strictObject({ type: z.literal('commit'), hash: shortDigits, links });
const endpoint = z.strictObject({
  branch: z.strictObject({ name: z.string() }),
  commit: shortCommit,
  repository: repositoryReference.nullable(),
});

const pullRequest = z.strictObject({
  type: z.literal('pullrequest'),
  id: z.int(),
  title: z.string(),
  description: z.string(),
  summary: z.strictObject({
    type: z.literal('rendered'),
    raw: z.string(),
    markup: z.literal('markdown'),
    html: z.string(),
  }),
  state: z.enum(['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']),
  draft: z.boolean(),
  queued: z.boolean(),
  close_source_branch: z.boolean(),
  reason: z.string(),
  comment_count: z.int(),
  task_count: z.int(),
  created_on: timestamp,
  updated_on: timestamp,
  author: user.nullable(),
  source: endpoint,
  destination: endpoint,
  merge_commit: shortCommit.nullable(),
  closed_by: user.nullable(),
  links,
});

const people = {
  reviewers: z.array(user),
  participants: z.array(
    z.strictObject({
      type: z.literal('participant'),
      user,
      role: z.enum(['REVIEWER', 'PARTICIPANT']),
      approved: z.boolean(),
      state: z.enum(['approved', 'changes_requested']).nullable(),
      participated_on: timestamp.nullable(),
    }),
  ),
};

const commitReference = z.strictObject({ type: z.literal('commit'), hash: digits, links });
const commit = commitReference.extend({
  date: timestamp,
  author: z.strictObject({
    type: z.literal('author'),
    raw: z.string().regex(/^.+ <.+@.+>$/),
    user: user.optional(),
  }),
  message: z.string(),
  parents: z.array(commitReference),
  repository: repositoryReference,
});

const branch = z.strictObject({
  type: z.literal('branch'),
  name: z.string(),
  target: commit,
  merge_strategies: z.array(z.string()),
  default_merge_strategy: z.string(),
  links,
});

const everyState = '?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&pagelen=50';
const withPeople = `${everyState}&fields=%2Bvalues.reviewers,%2Bvalues.participants`;

describe('the demo company in the cloud', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await aCloud({ company: demoCompany() });
  });
  afterAll(async () => {
    await cloud.server.close();
  });

  it('leaves personal projects out, and gives every repository a slug of its own', async () => {
    const repositories = await cloud.rows('/repositories/acme');
    expect(z.array(repository).parse(repositories)).toHaveLength(11);
    expect(column(repositories, 'slug')).toEqual([
      'api',
      'ledger',
      'card-gateway',
      'legacy-invoices',
      'web-api',
      'storefront',
      'mobile-app',
      'kiosk',
      'terraform',
      'uberwachung',
      'deploy-scripts',
    ]);
    const projects = z.array(project).parse(await cloud.rows('/workspaces/acme/projects'));
    expect(projects.map(({ key }) => key)).toEqual(['PAY', 'WEB', 'OPS']);
    const uuids = [...column(repositories, 'uuid'), ...projects.map((each) => each.uuid)];
    expect(new Set(uuids).size).toBe(14);
  });

  it.each(['api', 'web-api', 'storefront', 'legacy-invoices', 'deploy-scripts'])(
    'tells the pull requests, commits and branches of %s as documented',
    async (slug) => {
      const path = `/repositories/acme/${slug}`;
      const plain = await cloud.rows(`${path}/pullrequests${everyState}`);
      expect(z.array(pullRequest).min(1).parse(plain)).toBeDefined();
      const full = await cloud.rows(`${path}/pullrequests${withPeople}`);
      expect(z.array(pullRequest.extend(people)).min(1).parse(full)).toBeDefined();
      const single = (await cloud.get(`${path}/pullrequests/1`)).body;
      expect(pullRequest.extend(people).parse(single)).toBeDefined();
      const commits = await cloud.rows(`${path}/commits`);
      expect(z.array(commit).min(1).parse(commits)).toBeDefined();
      const branches = await cloud.rows(`${path}/refs/branches`);
      expect(z.array(branch).length(1).parse(branches)).toBeDefined();
    },
  );

  it('holds an empty repository, of which it tells no main branch', async () => {
    const { body } = await cloud.get('/repositories/acme/kiosk');
    expect(sparseRepository.parse(body)).not.toHaveProperty('mainbranch');
    expect(await cloud.rows('/repositories/acme/kiosk/refs/branches')).toEqual([]);
    expect(await cloud.rows('/repositories/acme/kiosk/commits')).toEqual([]);
  });

  it('has the workspace and oneself', async () => {
    const got = await cloud.get('/workspaces/acme');
    expect(workspace.loose().parse(got.body)).toMatchObject({ is_private: true });
    expect(user.parse((await cloud.get('/user', asAdmin)).body)).toBeDefined();
  });

  it('answers UUIDs as well as slugs', async () => {
    const { body } = await cloud.get('/repositories/acme/ledger');
    const by = (value: unknown): string => encodeURIComponent(String(value));
    const path = `/repositories/${by(member(body, 'workspace', 'uuid'))}/${by(member(body, 'uuid'))}`;
    expect((await cloud.get(path)).body).toEqual(body);
  });
});

const start = startsCloud();
const pullRequests = '/repositories/acme/api/pullrequests';

describe('a pull request', () => {
  it('shows reviewers as accounts and participants with an account, who left not at all', async () => {
    const { rows } = await start({
      company: aCompany()
        .withUser({ name: 'gone', active: false })
        .withRepository('PAY', 'api')
        .withPullRequest('PAY', 'api', {
          author: 'gone',
          reviewers: [
            { user: 'ana', status: 'APPROVED' },
            'gone',
            { user: 'bo', status: 'NEEDS_WORK' },
          ],
          participants: ['cy'],
        })
        .build(),
    });
    const [row] = await rows(`${pullRequests}${withPeople}`);
    expect(row).toMatchObject({
      author: null,
      reviewers: [{ display_name: 'ana' }, { display_name: 'bo' }],
      participants: [
        { user: { display_name: 'ana' }, role: 'REVIEWER', approved: true, state: 'approved' },
        { user: { display_name: 'bo' }, role: 'REVIEWER', state: 'changes_requested' },
        { user: { display_name: 'cy' }, role: 'PARTICIPANT', approved: false, state: null },
      ],
    });
  });

  it('tells how it ended, and where it came from', async () => {
    const { rows } = await start({
      company: aCompany()
        .withRepository('PAY', 'api')
        .withRepository('PAY', 'fork', { forkOf: 1 })
        .withRepository('~ANA', 'api', { forkOf: 1 })
        .withPullRequest('PAY', 'api', {
          state: 'MERGED',
          author: 'ana',
          createdDate: aMoment,
          mergeCommit: 'abc'.padEnd(40, '0'),
          from: { branch: 'a/b', commit: 'd'.repeat(40), repository: 2 },
        })
        .withPullRequest('PAY', 'api', {
          state: 'DECLINED',
          superseded: true,
          from: { branch: 'c', commit: 'd'.repeat(40), repository: 3 },
        })
        .build(),
    });
    expect(await rows(`${pullRequests}${everyState}`)).toMatchObject([
      { state: 'SUPERSEDED', merge_commit: null, source: { repository: null } },
      {
        state: 'MERGED',
        closed_by: { display_name: 'ana' },
        merge_commit: { hash: 'abc000000000' },
        created_on: '2025-05-20T12:37:29.000000+00:00',
        source: {
          branch: { name: 'a/b' },
          commit: { hash: 'dddddddddddd' },
          repository: { full_name: 'acme/fork' },
        },
      },
    ]);
  });
});

describe('a repository', () => {
  it('keeps a name that is not its slug, and shows its parent', async () => {
    const { get, server } = await start({
      company: aCompany()
        .withRepository('PAY', 'my-repo-e', { name: 'My "Repo" é', files: { 'a.ts': 'é' } })
        .withRepository('PAY', 'fork', { forkOf: 1, public: true })
        .build(),
    });
    expect((await get('/repositories/acme/my-repo-e')).body).toMatchObject({
      name: 'My "Repo" é',
      full_name: 'acme/my-repo-e',
      size: 2,
      language: 'typescript',
      is_private: true,
      links: { self: { href: `${server.url}/repositories/acme/my-repo-e` } },
    });
    expect((await get('/repositories/acme/fork')).body).toMatchObject({
      parent: { full_name: 'acme/my-repo-e' },
      is_private: false,
    });
  });

  it('follows the company: what changes there changes here', async () => {
    const company = aCompany().withRepository('PAY', 'api').build();
    const { get } = await start({ company });
    expect((await get('/repositories/acme/api')).status).toBe(200);
    company.repositories.splice(0, 1);
    expect((await get('/repositories/acme/api')).status).toBe(404);
  });
});
