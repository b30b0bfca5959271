import { createHttpClient } from '../../../src/http/create-http-client.js';
import type { RawItem, Scope } from '../../../src/model/page.js';
import type { Problem } from '../../../src/problems/problem.js';
import type { Company } from '../../../src/sandbox/company/company.js';
import {
  startDataCenter,
  type DataCenterOptions,
  type SandboxDataCenter,
} from '../../../src/sandbox/server/data-center.js';
import type { Answer, FaultRule, RecordedRequest } from '../../../src/sandbox/loopback.js';
import {
  createServerSource,
  type ServerSourceOptions,
} from '../../../src/source/server/create-server-source.js';
import type { Reading, ScopeEnd, Source } from '../../../src/source/source.js';
import { createFakeClock } from '../../world/fake-clock.js';

const token = 'a-token';

/** A source over real HTTP, and the built-in Data Center that it reads. Waits pass at once. */
export interface TestSource {
  readonly server: SandboxDataCenter;
  readonly source: Source;
  /** Path and query of each request below the REST root, oldest first. */
  readonly asked: () => readonly string[];
  /** Forgets the requests so far. */
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

export interface TestSourceOptions {
  readonly server?: Partial<DataCenterOptions>;
  readonly source?: Partial<ServerSourceOptions>;
  /** The token that is sent; the right one unless said otherwise. */
  readonly token?: string;
  /** Added to the server's URL to make the base URL. */
  readonly below?: string;
  readonly retries?: number;
}

export async function aSource(
  company: Company,
  options: TestSourceOptions = {},
): Promise<TestSource> {
  const server = await startDataCenter({ company, token, ...options.server });
  const http = createHttpClient({
    origin: new URL(server.url),
    clock: createFakeClock(),
    random: () => 0.5,
    userAgent: 'test/1.0',
    retries: options.retries ?? 1,
    authorization: () => Promise.resolve({ authorization: `Bearer ${options.token ?? token}` }),
  });
  const source = createServerSource({
    http,
    baseUrl: new URL(`${server.url}${options.below ?? ''}`),
    concurrency: 4,
    credentialVariables: ['BITBUCKET_TOKEN'],
    ...options.source,
  });
  let forgotten = 0;
  return {
    server,
    source,
    asked: () => server.requests.slice(forgotten).map(question),
    forget: () => {
      forgotten = server.requests.length;
    },
    close: async () => {
      await source.close();
      await server.close();
    },
  };
}

function question({ path, query }: RecordedRequest): string {
  const parameters = query.toString();
  const below = path.replace(/^.*\/rest\/api\/1\.0\//, '');
  return parameters === '' ? below : `${below}?${parameters}`;
}

/** Opens a reading of a resource that mentions nothing but `mentioned`. */
export function open(
  source: Source,
  kind: string,
  selector: unknown = {},
  mentioned: readonly string[] = [],
): Reading {
  const resource = { index: 0, kind };
  const mentions = (field: string): boolean => mentioned.includes(field);
  return source.read({ kind, resource, selector, mentions });
}

/** All that came of a reading. */
export interface ReadResult {
  readonly items: readonly RawItem[];
  /** `repositories`, `PAY/api`: the scope of each page. */
  readonly scopes: readonly string[];
  /** `projects: complete (1)`, `PAY/api: listing-incomplete pull requests of PAY/api: …`. */
  readonly ends: readonly string[];
  readonly problems: readonly Problem[];
}

export async function drain(reading: Reading): Promise<ReadResult> {
  const items: RawItem[] = [];
  const scopes: string[] = [];
  for await (const page of reading.pages()) {
    items.push(...page.items);
    scopes.push(page.scope.name);
  }
  return { items, scopes, ends: reading.ends().map(told), problems: reading.takeProblems() };
}

/** An end in one line. */
export function told(end: ScopeEnd): string {
  if (end.status === 'complete') return `${end.scope.name}: complete (${end.pages})`;
  const { problem } = end;
  const why =
    problem.code === 'listing-incomplete' || problem.code === 'root-listing-incomplete'
      ? `${problem.code} ${problem.listing}: ${problem.reason}`
      : problem.code;
  return `${end.scope.name}: ${why}`;
}

/** Every scope of a reading, as somebody who wants to delete names them. */
export function scopesOf(reading: Reading): readonly Scope[] {
  return reading.ends().map(({ scope }) => scope);
}

/** `42`, `7#1`. */
export function keysOf(items: readonly RawItem[]): readonly string[] {
  return items.map(({ key }) => key);
}

/** A field of each item that holds text. */
export function textsOf(items: readonly RawItem[], field: string): readonly string[] {
  return items.map(({ value }) => {
    const text = value[field];
    return typeof text === 'string' ? text : `no ${field}`;
  });
}

/** `api`, in the order of the items. */
export function slugsOf(items: readonly RawItem[]): readonly string[] {
  return textsOf(items, 'slug');
}

/** A request whose path below the REST root is `path`, and whose `start` is as given. */
export function asks(path: string, start?: string | null): FaultRule['when'] {
  return (request) =>
    request.path.endsWith(`/rest/api/1.0/${path}`) &&
    (start === undefined || request.query.get('start') === start);
}

/** Takes the rows with this `id` out of a page, as if they had moved away just then. */
export function withoutRow(id: number): (answer: Answer) => Answer {
  return (answer) => {
    const body: unknown = answer.body;
    if (!isPage(body)) throw new TypeError('not a page');
    const values = body.values.filter((row) => !isRow(row) || row.id !== id);
    return { ...answer, body: { ...body, values, size: values.length } };
  };
}

function isPage(body: unknown): body is { readonly values: readonly unknown[] } {
  return (
    typeof body === 'object' && body !== null && 'values' in body && Array.isArray(body.values)
  );
}

function isRow(row: unknown): row is { readonly id: unknown } {
  return typeof row === 'object' && row !== null && 'id' in row;
}
