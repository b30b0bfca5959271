import { createHttpClient } from '../../../src/http/create-http-client.js';
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
import type { Reading, Source } from '../../../src/source/source.js';
import { createFakeClock } from '../../world/fake-clock.js';
import { observed, type ObservedSource } from '../observed-source.js';

const token = 'a-token';

/** A source, and the built-in Data Center that it reads. Waits pass at once. */
export type TestSource = ObservedSource<SandboxDataCenter>;

export interface TestSourceOptions {
  readonly server?: Partial<DataCenterOptions>;
  readonly source?: Partial<ServerSourceOptions>;
  /** The token that is sent; the right one unless said otherwise. */
  readonly token?: string;
  /** Added to the server's URL to make the base URL. */
  readonly below?: string;
  readonly retries?: number;
  /** Ends every call. */
  readonly signal?: AbortSignal;
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
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    authorization: () => Promise.resolve({ authorization: `Bearer ${options.token ?? token}` }),
  });
  const source = createServerSource({
    http,
    baseUrl: new URL(`${server.url}${options.below ?? ''}`),
    concurrency: 4,
    credentialVariables: ['BITBUCKET_TOKEN'],
    ...options.source,
  });
  return observed(server, source, question);
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
  now = 0,
): Reading {
  const resource = { index: 0, kind };
  const mentions = (field: string): boolean => mentioned.includes(field);
  return source.read({ kind, resource, selector, mentions, now });
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
