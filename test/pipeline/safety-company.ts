import fc from 'fast-check';
import {
  addPullRequest,
  changeRepository,
  declinePullRequest,
  mergePullRequest,
  removeProject,
  removeRepository,
  renameRepository,
} from '../../src/sandbox/company/changes.js';
import type { Company, Repository } from '../../src/sandbox/company/company.js';
import { findRepository, pullRequestsOf } from '../../src/sandbox/company/lookup.js';
import type {
  Fault,
  FaultRule,
  LoopbackServer,
  RecordedRequest,
} from '../../src/sandbox/loopback.js';
import { aCompany, aMoment, aPullRequest, CompanyBuilder } from '../world/a-company.js';

const USERS = ['ana', 'bo', 'cem', 'bot'] as const;
const PROJECTS = ['PAY', 'WEB', '~ana'] as const;
const SLUGS = ['api', 'shop', 'docs', 'api-2'] as const;

const person = fc.constantFrom(...USERS, 'admin');

const pullRequest = fc.record({
  state: fc.constantFrom('OPEN', 'OPEN', 'MERGED', 'DECLINED'),
  author: person,
  reviewers: fc.uniqueArray(person, { maxLength: 2 }),
  participants: fc.uniqueArray(person, { maxLength: 2 }),
  /** Which repository it comes from, counted round; null: the one that it goes to. */
  fork: fc.option(fc.nat({ max: 7 }), { freq: 2 }),
} as const);

const repository = fc.record({
  project: fc.constantFrom(...PROJECTS),
  slug: fc.constantFrom(...SLUGS),
  archived: fc.boolean(),
  empty: fc.boolean(),
  hasReadme: fc.boolean(),
  pullRequests: fc.array(pullRequest, { maxLength: 5 }),
});

/** A company in which everything that is odd occurs now and then. */
export const companyShape = fc.uniqueArray(repository, {
  minLength: 1,
  maxLength: 6,
  selector: ({ project, slug }) => `${project}/${slug}`,
});

export type CompanyShape = typeof companyShape extends fc.Arbitrary<infer Shape> ? Shape : never;

/** Builds the company. */
export function companyOf(shape: CompanyShape): Company {
  const builder = people();
  for (const { project, slug, archived, empty, hasReadme } of shape) {
    const files = hasReadme ? { 'README.md': `# ${slug}` } : {};
    builder.withRepository(project, slug, {
      archived,
      empty,
      files: empty ? {} : files,
    });
  }
  const company = builder.build();
  for (const { project, slug, pullRequests } of shape) {
    for (const { fork, ...rest } of pullRequests) {
      const source = fork === null ? undefined : company.repositories[fork % shape.length];
      const branch = { branch: 'change', commit: '0'.repeat(40) };
      builder.withPullRequest(project, slug, {
        ...rest,
        ...(source === undefined ? {} : { from: { ...branch, repository: source.id } }),
      });
    }
  }
  return company;
}

function people(): CompanyBuilder {
  const builder = aCompany();
  for (const name of USERS) {
    builder.withUser({ name, ...(name === 'bot' ? { emailAddress: null } : {}) });
  }
  // Somebody who left, and is still named.
  return builder.withUser({ name: 'cem', active: false });
}

const place = fc.nat({ max: 11 });

/** One thing that happens between two runs. Places are counted round. */
export const change = fc.oneof(
  fc.record({ type: fc.constant('remove' as const), place }),
  fc.record({ type: fc.constant('rename' as const), place, name: fc.constantFrom('new', 'docs') }),
  fc.record({ type: fc.constant('merge' as const), place }),
  fc.record({ type: fc.constant('decline' as const), place }),
  fc.record({ type: fc.constant('open' as const), place, author: person }),
  fc.record({ type: fc.constant('create' as const), place, slug: fc.constantFrom('fresh', 'api') }),
  fc.record({ type: fc.constant('archive' as const), place }),
  fc.record({ type: fc.constant('remove-project' as const), place }),
);

export type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** Lets something happen; nothing where it makes no sense. */
export function apply(company: Company, { type, place: at, ...rest }: Change): void {
  const one = company.repositories[at % Math.max(1, company.repositories.length)];
  if (type === 'create') {
    const [project] = company.projects;
    if (project !== undefined && 'slug' in rest) create(company, project.key, rest.slug);
    return;
  }
  if (one === undefined) return;
  const { project, slug } = one;
  switch (type) {
    case 'remove':
      removeRepository(company, project, slug);
      return;
    case 'remove-project':
      removeProject(company, project);
      return;
    case 'archive':
      changeRepository(company, project, slug, { archived: !one.archived });
      return;
    case 'rename': {
      const name = 'name' in rest ? rest.name : 'new';
      if (findRepository(company, project, name) === undefined) {
        renameRepository(company, project, slug, name);
      }
      return;
    }
    case 'merge':
    case 'decline':
      close(company, one, type === 'merge' ? mergePullRequest : declinePullRequest);
      return;
    case 'open': {
      const id = pullRequestsOf(company, one).length + 1;
      const author = 'author' in rest ? rest.author : 'admin';
      addPullRequest(company, project, slug, aPullRequest({ id, author }));
    }
  }
}

function create(company: Company, project: string, slug: string): void {
  if (findRepository(company, project, slug) !== undefined) return;
  const id = Math.max(100, ...company.repositories.map((each) => each.id)) + 1;
  company.repositories.push({
    id,
    project,
    slug,
    name: slug,
    state: 'AVAILABLE',
    archived: false,
    public: false,
    forkable: true,
    defaultBranch: null,
    files: {},
    commits: [],
  });
}

function close(company: Company, one: Repository, action: typeof mergePullRequest): void {
  const open = [...pullRequestsOf(company, one)].find(({ state }) => state === 'OPEN');
  if (open !== undefined) action(company, one.project, one.slug, open.id, aMoment);
}

const sentence = { errors: [{ context: null, message: 'no', exceptionName: null }] };
const malformed: Fault = {
  type: 'changed',
  change: (answer) => ({ ...answer, body: { values: [{ unexpected: true }], isLastPage: true } }),
};
const FAULTS = {
  500: { type: 'answer', answer: { status: 500, body: sentence } },
  401: { type: 'answer', answer: { status: 401, body: sentence } },
  403: { type: 'answer', answer: { status: 403, body: sentence } },
  404: { type: 'answer', answer: { status: 404, body: sentence } },
  'cut-off': { type: 'cut-off' },
  reset: { type: 'reset' },
  malformed,
} as const satisfies Record<string, Fault>;

/** Which requests of Bitbucket go wrong. `place`: of which repository, counted round. */
const bitbucketFault = fc.record({
  side: fc.constant('bitbucket' as const),
  listing: fc.constantFrom('projects', 'repos', 'users', 'pull-requests', 'pull-requests'),
  place,
  fault: fc.constantFrom('500', '401', '403', '404', 'cut-off', 'reset', 'malformed'),
  /** How many requests that match are answered well before: the fault hits a later page. */
  spared: fc.constantFrom(0, 0, 1, 2, 3),
});

const portFault = fc.record({
  side: fc.constant('port' as const),
  route: fc.constantFrom('/search', '/entities/bulk', '/bulk/entities/delete'),
  fault: fc.constantFrom('500', '403', 'cut-off', 'reset'),
  spared: fc.constantFrom(0, 1, 2),
});

/** Something that goes wrong from some request on. */
export const faultShape = fc.oneof(
  { arbitrary: bitbucketFault, weight: 4 },
  { arbitrary: portFault, weight: 1 },
);
export type FaultShape = typeof faultShape extends fc.Arbitrary<infer Value> ? Value : never;

/** The fault's rule, with a count of the requests that it hit. */
export function ruleOf(
  shape: FaultShape,
  company: Company,
): { readonly rule: FaultRule; readonly hits: () => number } {
  let matched = 0;
  const concerns = (request: RecordedRequest): boolean => {
    if (shape.side === 'port') return request.path.endsWith(shape.route);
    if (shape.listing !== 'pull-requests') {
      // A limit of 1 is the probe, which decides whether a run begins at all.
      return request.path.endsWith(`/${shape.listing}`) && request.query.get('limit') !== '1';
    }
    const one = company.repositories[shape.place % Math.max(1, company.repositories.length)];
    return (
      one !== undefined &&
      decodeURIComponent(request.path).endsWith(`/${one.project}/repos/${one.slug}/pull-requests`)
    );
  };
  return {
    hits: () => Math.max(0, matched - shape.spared),
    rule: {
      fault: FAULTS[shape.fault as keyof typeof FAULTS],
      when: (request) => {
        if (!concerns(request)) return false;
        matched += 1;
        return matched > shape.spared;
      },
    },
  };
}

/** How long answers take, in turns of the event loop, one after the other and then from the first. */
export const latencies = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 16 });

/** Lets the answers of both servers overtake one another. */
export function shuffle(
  servers: readonly Pick<LoopbackServer, 'hold'>[],
  turns: readonly number[],
): void {
  let asked = 0;
  for (const server of servers) {
    server.hold(() => {
      asked += 1;
      return turns[asked % turns.length] ?? 0;
    });
  }
}
