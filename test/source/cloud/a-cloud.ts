import { createHttpClient } from '../../../src/http/create-http-client.js';
import {
  startCloud,
  type CloudOptions,
  type SandboxCloud,
} from '../../../src/sandbox/cloud/cloud.js';
import { readScopes } from '../../../src/sandbox/cloud/credential.js';
import { RequestQuota, type RequestQuotaOptions } from '../../../src/http/request-quota.js';
import type { Problem } from '../../../src/problems/problem.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import type { FaultRule, RecordedRequest } from '../../../src/sandbox/loopback.js';
import { authorizationsOf, type CloudCredentials } from '../../../src/source/cloud/auth.js';
import {
  createCloudSource,
  type CloudSourceOptions,
} from '../../../src/source/cloud/create-cloud-source.js';
import type { Reading, Source } from '../../../src/source/source.js';
import { createFakeClock, type FakeClock } from '../../world/fake-clock.js';
import { observed, type ObservedSource } from '../observed-source.js';

export const workspace = 'fernlicht';

/** A source, and the built-in Bitbucket Cloud that it reads. Waits pass at once. */
export interface TestCloud extends ObservedSource<SandboxCloud> {
  readonly clock: FakeClock;
  /** What the source told of the run as a whole. */
  readonly reported: readonly Problem[];
}

export interface TestCloudOptions {
  readonly server?: Partial<CloudOptions>;
  readonly source?: Partial<CloudSourceOptions>;
  /** What is sent; every one of them is good unless the server says otherwise. */
  readonly tokens?: readonly string[];
  /** Sent instead of tokens. */
  readonly login?: { readonly username: string; readonly password: string };
  readonly retries?: number;
  /** What the user allows. */
  readonly quota?: Partial<RequestQuotaOptions>;
  /** Milliseconds from now after which no wait may end. */
  readonly timeLeft?: number;
}

export async function aCloud(company: Company, options: TestCloudOptions = {}): Promise<TestCloud> {
  const { tokens = ['a-token'], login, retries = 1, timeLeft } = options;
  const sent: CloudCredentials =
    login === undefined ? { scheme: 'bearer', tokens } : { scheme: 'basic', ...login };
  const clock = createFakeClock();
  const server = await startCloud({
    company,
    clock,
    credentials: tokens.map((token) => ({ type: 'workspace-token', token, scopes: readScopes })),
    ...options.server,
  });
  const hostUrl = new URL(server.url);
  const deadline = timeLeft === undefined ? null : clock.now() + timeLeft;
  const reported: Problem[] = [];
  const quota = new RequestQuota({ total: null, rate: null, ...options.quota });
  const source = createCloudSource({
    clients: authorizationsOf(sent).map((authorization) =>
      createHttpClient({
        origin: hostUrl,
        clock,
        random: () => 0.5,
        userAgent: 'test/1.0',
        retries,
        deadline: () => deadline,
        authorization,
        quota,
        ...(options.source?.signal === undefined ? {} : { signal: options.source.signal }),
      }),
    ),
    hostUrl,
    workspace,
    concurrency: 4,
    credentials: { kind: 'access token', variables: ['BITBUCKET_WORKSPACE_TOKEN'] },
    clock,
    deadline,
    quota,
    report: (problem) => {
      reported.push(problem);
    },
    ...options.source,
  });
  return { ...observed(server, source, question), clock, reported };
}

function question({ path, query }: RecordedRequest): string {
  const below = decodeURIComponent(path)
    .replace('/2.0/', '')
    .replace(`repositories/${workspace}`, 'R');
  const parameters = [...query].map(([name, value]) => `${name}=${value}`).join('&');
  return parameters === '' ? below : `${below}?${parameters}`;
}

/** What a resource asks for, besides its kind. */
export interface Asking {
  readonly selector?: unknown;
  readonly mentions?: readonly string[];
  readonly standIns?: ReadonlyMap<string, string>;
  readonly mappedFiles?: readonly string[];
  readonly now?: number;
}

/** Opens a reading of a resource that mentions nothing but what it is said to. */
export function open(source: Source, kind: string, asking: Asking = {}): Reading {
  const { selector = {}, mentions = [], mappedFiles = [], standIns, now = 0 } = asking;
  return source.read({
    kind,
    resource: { index: 0, kind },
    selector,
    mentions: (field) => mentions.includes(field),
    now,
    ...(standIns === undefined ? {} : { standIns }),
    mappedFiles,
  });
}

/** A request whose path below the workspace's repositories is `path`. */
export function asks(path: string): FaultRule['when'] {
  return (request) => decodeURIComponent(request.path) === `/2.0/repositories/${workspace}${path}`;
}

/** An error as Bitbucket words it. */
export function refusal(status: number, message: string): FaultRule['fault'] {
  return { type: 'answer', answer: { status, body: { type: 'error', error: { message } } } };
}

/** What stands at a path into a value; null where there is nothing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((current, name) => {
    const entries = typeof current === 'object' && current !== null ? Object.entries(current) : [];
    return entries.find(([key]) => key === name)?.[1] ?? null;
  }, value);
}

/** A page that does not say how many rows there are; one that is not the last lacks its first row. */
export function shortened(body: unknown): unknown {
  const values = at(body, 'values');
  const next = at(body, 'next');
  if (!Array.isArray(values)) throw new TypeError('not a page');
  return next === null ? { values } : { next, values: values.slice(1) };
}
