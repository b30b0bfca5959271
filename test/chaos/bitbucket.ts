import { z } from 'zod';
import type { Clock } from '../../src/clock.js';
import { startCloud } from '../../src/sandbox/cloud/cloud.js';
import { readScopes } from '../../src/sandbox/cloud/credential.js';
import { emptyCompany } from '../../src/sandbox/company/company.js';
import type { Answer, Fault, LoopbackServer, RecordedRequest } from '../../src/sandbox/loopback.js';
import { startDataCenter } from '../../src/sandbox/server/data-center.js';
import type { Flavour } from './mapping-shape.js';
import { put, visible, type Truth, type TrueRepository } from './truth.js';

/** What a server is like, and stays. */
export interface BitbucketShape {
  readonly flavour: Flavour;
  /** Rows of its largest page. */
  readonly pageRows: number;
  /** How it hides what credentials may not see. */
  readonly hides: 'as missing' | 'as refused';
  /** Whether it shows what is public to everybody. */
  readonly isPublic: boolean;
  /** What the old address of a repository that was renamed or moved leads to. */
  readonly moved: 'redirect' | 'answer' | 'not-found';
}

/** Listings that go wrong. The pull requests: of which repository, counted round. */
export type Listing = 'projects' | 'repositories' | 'users' | { readonly pullRequests: number };

/** How an answer of a listing fails. */
export type Failing = 500 | 401 | 403 | 404 | 'reset' | 'cut-off' | 'malformed';

/** How an answer of a listing lies. */
export type Lie =
  /** The page says that it is the last and that there is another one. */
  | 'broken-off'
  /** The next page is this page. */
  | 'repeated'
  /** The next page begins a row too late. */
  | 'jumped'
  /** A row is left out. */
  | 'left-out'
  /** No row at all, and no other page. */
  | 'empty';

export interface Trouble {
  readonly listing: Listing;
  readonly how: Failing | Lie;
  /** How often; null for always. */
  readonly times: number | null;
}

/** A trouble, and how often it made a difference. */
export interface MetTrouble {
  readonly trouble: Trouble;
  readonly hits: number;
}

const LIES: readonly unknown[] = ['broken-off', 'repeated', 'jumped', 'left-out', 'empty'];

export function isLie(how: Failing | Lie): how is Lie {
  return LIES.includes(how);
}

/** A built-in Bitbucket, whichever it is. */
export interface ChaosBitbucket {
  readonly server: LoopbackServer;
  /** Settings that lead a run to it; with a dead token, those of somebody whom it does not know. */
  env(credentials: 'alive' | 'dead'): Readonly<Record<string, string>>;
  /** Shows what the credentials see of a truth; `dead`: as to nobody. */
  show(truth: Truth, credentials: 'alive' | 'dead'): void;
  /** Begins troubles; answers what became of them so far. */
  trouble(troubles: readonly Trouble[]): () => readonly MetTrouble[];
  /** Ends all troubles. What is shown stays. */
  calm(): void;
}

const WORKSPACE = 'fernlicht';
const TOKEN = 'chaos-token';

export async function startBitbucket(shape: BitbucketShape, clock: Clock): Promise<ChaosBitbucket> {
  const company = emptyCompany();
  const { flavour, pageRows } = shape;
  const server =
    flavour === 'server'
      ? await startDataCenter({
          company,
          token: TOKEN,
          publicAccess: shape.isPublic,
          pageCap: pageRows,
          movedRepositories: shape.moved,
        })
      : await startCloud({
          company,
          clock,
          publicAccess: shape.isPublic,
          credentials: [{ type: 'workspace-token', token: TOKEN, scopes: readScopes }],
          paging: { mostRows: pageRows },
          movedRepositories: shape.moved,
        });
  const env = (credentials: 'alive' | 'dead'): Record<string, string> => {
    const token = credentials === 'alive' ? TOKEN : 'revoked';
    return flavour === 'server'
      ? { BITBUCKET_BASE_URL: server.url, BITBUCKET_TOKEN: token }
      : {
          BITBUCKET_HOST_URL: server.url,
          BITBUCKET_WORKSPACE: WORKSPACE,
          BITBUCKET_WORKSPACE_TOKEN: token,
        };
  };
  let hidden: Hidden = { refused: [], missing: [] };
  let repositories: readonly TrueRepository[] = [];

  const guard = (): void => {
    const { refused, missing } = hidden;
    const isMissing = isAt(missing);
    const isRefused = isAt(refused);
    server.fail({ fault: { type: 'answer', answer: NO_REPOSITORY }, when: isMissing });
    server.fail({
      fault: { type: 'answer', answer: refusal(flavour) },
      when: (request) => isRefused(request) && !isMissing(request),
    });
  };

  return {
    server,
    env,
    show: (truth, credentials) => {
      // To whom it does not know, it shows what is public by itself.
      const seen = credentials === 'dead' ? truth : visible(truth);
      hidden = hiddenFrom(truth, seen, shape);
      ({ repositories } = seen);
      put(seen, company);
      server.reset();
      guard();
    },
    trouble: (troubles) => {
      const met = troubles.map((trouble) => begin(server, flavour, trouble, repositories));
      return () => met.map((each) => each());
    },
    calm: () => {
      server.reset();
      guard();
    },
  };
}

function begin(
  server: LoopbackServer,
  flavour: Flavour,
  trouble: Trouble,
  repositories: readonly TrueRepository[],
): () => MetTrouble {
  let hits = 0;
  const { how, times } = trouble;
  const left = (): boolean => times === null || hits < times;
  const isListing = listingTest(flavour, trouble.listing, repositories);
  const fault: Fault = isLie(how)
    ? {
        type: 'changed',
        change: (answer) => {
          const lie = left() ? lied(flavour, answer, how) : null;
          if (lie !== null) hits += 1;
          return lie ?? answer;
        },
      }
    : failure(flavour, how);
  server.fail({
    fault,
    when: (request) => {
      if (!isListing(request)) return false;
      if (isLie(how)) return left();
      if (!left()) return false;
      hits += 1;
      return true;
    },
  });
  return () => ({ trouble, hits });
}

/** Whether a request asks for the listing. One that asks for a single row, or is a probe, does not. */
function listingTest(
  flavour: Flavour,
  listing: Listing,
  repositories: readonly TrueRepository[],
): (request: RecordedRequest) => boolean {
  const ends = pathsOf(flavour, listing, repositories);
  return ({ path, query }) =>
    ends.some((end) => end.test(path)) &&
    query.get('limit') !== '1' &&
    query.get('pagelen') !== '1' &&
    query.get('fields') !== 'size,values.uuid' &&
    !/\b(?:id|uuid|slug)=/u.test(query.get('q') ?? '');
}

function pathsOf(
  flavour: Flavour,
  listing: Listing,
  repositories: readonly TrueRepository[],
): readonly RegExp[] {
  const isServer = flavour === 'server';
  if (listing === 'projects') return [isServer ? /\/1\.0\/projects$/u : /\/fernlicht\/projects$/u];
  if (listing === 'users') return [/\/1\.0\/(?:admin\/)?users$/u];
  if (listing === 'repositories') {
    return isServer
      ? [/\/1\.0\/repos$/u, /\/projects\/[^/]+\/repos$/u]
      : [/\/2\.0\/repositories\/fernlicht$/u];
  }
  const one = repositories[listing.pullRequests % Math.max(1, repositories.length)];
  if (one === undefined) return [];
  return [
    isServer
      ? new RegExp(`/projects/${one.project}/repos/${one.slug}/pull-requests$`, 'u')
      : new RegExp(`/repositories/${WORKSPACE}/${one.slug}/pullrequests$`, 'u'),
  ];
}

function failure(flavour: Flavour, how: Failing): Fault {
  if (how === 'reset' || how === 'cut-off') return { type: how };
  if (how === 'malformed') {
    const body = { values: [{ unexpected: true }], isLastPage: true, size: 1, pagelen: 1 };
    return { type: 'changed', change: (answer) => ({ ...answer, body }) };
  }
  return { type: 'answer', answer: { status: how, body: errorBody(flavour, 'no', null) } };
}

const pageSchema = z.looseObject({
  values: z.array(z.unknown()),
  start: z.number().optional(),
  size: z.number().optional(),
  nextPageStart: z.number().nullish(),
  next: z.string().optional(),
});

/** The answer as a lie; null where it would be the truth. */
function lied(flavour: Flavour, answer: Answer, lie: Lie): Answer | null {
  const parsed = pageSchema.safeParse(answer.body);
  if (answer.status !== 200 || !parsed.success) return null;
  const page = parsed.data;
  const { values } = page;
  const rows = flavour === 'server' ? {} : { size: (page.size ?? values.length) - 1 };
  const with_ = (changes: Readonly<Record<string, unknown>>): Answer => ({
    ...answer,
    body: { ...page, ...changes },
  });
  switch (lie) {
    case 'left-out':
      if (values.length === 0) return null;
      return with_({
        values: values.slice(0, -1),
        ...(flavour === 'server' ? { size: values.length - 1 } : rows),
      });
    case 'empty': {
      if (values.length === 0) return null;
      const end = flavour === 'server' ? { isLastPage: true, nextPageStart: null } : {};
      return with_({ values: [], size: 0, next: undefined, ...end });
    }
    case 'broken-off': {
      if (flavour === 'server') {
        return typeof page.nextPageStart === 'number' ? with_({ isLastPage: true }) : null;
      }
      return page.next === undefined ? null : with_({ next: undefined });
    }
    case 'repeated':
      if (flavour === 'cloud' || typeof page.nextPageStart !== 'number') return null;
      return with_({ nextPageStart: page.start ?? 0 });
    case 'jumped':
      if (flavour === 'cloud' || typeof page.nextPageStart !== 'number') return null;
      return with_({ nextPageStart: page.nextPageStart + 1 });
  }
}

/** Where the API has what is there and is not seen, and how it is hidden. */
interface Hidden {
  readonly refused: readonly string[];
  /** As if there were no such repository. What is in neither is answered as if it were not there. */
  readonly missing: readonly string[];
}

function hiddenFrom(truth: Truth, seen: Truth, { flavour, hides }: BitbucketShape): Hidden {
  const projects = truth.projects.filter(({ key }) =>
    seen.projects.every((one) => one.key !== key),
  );
  const repositories = truth.repositories.filter(({ id }) =>
    seen.repositories.every((one) => one.id !== id),
  );
  if (flavour === 'cloud') {
    const paths = [
      ...projects.map(({ key }) => `/2.0/workspaces/${WORKSPACE}/projects/${key}`),
      ...repositories.map(({ slug }) => `/2.0/repositories/${WORKSPACE}/${slug}`),
    ];
    // Its 404 is the same for what is not there.
    return { refused: hides === 'as missing' ? [] : paths, missing: [] };
  }
  // Data Center hides behind 401, in places behind 404: never a project, nor what is in a visible one.
  const api = '/rest/api/1.0/projects';
  const isInHidden = ({ project }: TrueRepository): boolean =>
    projects.some(({ key }) => key === project);
  const below = repositories.filter((one) => hides === 'as missing' && isInHidden(one));
  const path = ({ project, slug }: TrueRepository): string => `${api}/${project}/repos/${slug}`;
  return {
    missing: below.map(path),
    refused: [
      ...projects.map(({ key }) => `${api}/${key}`),
      ...repositories.filter((one) => !below.includes(one)).map(path),
    ],
  };
}

function isAt(places: readonly string[]): (request: RecordedRequest) => boolean {
  return ({ path }) => places.some((one) => path === one || path.startsWith(`${one}/`));
}

const NO_REPOSITORY: Answer = {
  status: 404,
  body: errorBody(
    'server',
    'Repository does not exist.',
    'com.atlassian.bitbucket.repository.NoSuchRepositoryException',
  ),
};

function refusal(flavour: Flavour): Answer {
  const name = 'com.atlassian.bitbucket.AuthorisationException';
  const words = 'You are not permitted to access this resource';
  return { status: flavour === 'server' ? 401 : 403, body: errorBody(flavour, words, name) };
}

function errorBody(flavour: Flavour, message: string, exceptionName: string | null): unknown {
  return flavour === 'server'
    ? { errors: [{ context: null, message, exceptionName }] }
    : { type: 'error', error: { message } };
}
