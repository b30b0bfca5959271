import { z } from 'zod';
import { startDataCenter } from '../../../src/sandbox/server/data-center.js';
import type {
  DataCenterOptions,
  SandboxDataCenter,
} from '../../../src/sandbox/server/data-center.js';

/** The envelope of every paged answer, as the API documents describe it. */
export const pageSchema = z.strictObject({
  size: z.int(),
  limit: z.int(),
  isLastPage: z.boolean(),
  values: z.array(z.unknown()),
  start: z.int(),
  nextPageStart: z.int().nullable().optional(),
});

export type Page = z.output<typeof pageSchema>;

const username = 'admin';
const password = 'let me in';

/** The `authorization` header of a user name and password. */
export function basic(name = username, secret = password): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

/** An answer with its JSON parsed; null where there is no JSON. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
}

/** A running Data Center, and a client that is as simple as can be. */
export interface TestDataCenter {
  readonly server: SandboxDataCenter;
  /** `path` below `/rest/api/latest`. */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Got>;
  /** All pages of a listing, following `nextPageStart` as given. */
  readonly pages: (path: string, limit?: number) => Promise<Page[]>;
  /** All rows of a listing. */
  readonly rows: (path: string, limit?: number) => Promise<unknown[]>;
}

/** A member of a parsed JSON value, by the names that lead to it; undefined where there is none. */
export function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (each, name) =>
      typeof each === 'object' && each !== null ? Reflect.get(each, name) : undefined,
    value,
  );
}

export async function aDataCenter(options: DataCenterOptions): Promise<TestDataCenter> {
  const server = await startDataCenter({ credentials: { username, password }, ...options });
  const get: TestDataCenter['get'] = async (path, headers = { authorization: basic() }) => {
    const response = await fetch(`${server.url}/rest/api/latest${path}`, { headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const body: unknown = isJson ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, body, text };
  };
  const pages: TestDataCenter['pages'] = async (path, limit = 1000) => {
    const found: Page[] = [];
    for (let start: number | null | undefined = 0; typeof start === 'number';) {
      const separator = path.includes('?') ? '&' : '?';
      const { body } = await get(`${path}${separator}limit=${limit}&start=${start}`);
      const page: Page = pageSchema.parse(body);
      found.push(page);
      start = page.isLastPage ? null : page.nextPageStart;
    }
    return found;
  };
  const rows: TestDataCenter['rows'] = async (path, limit) =>
    (await pages(path, limit)).flatMap(({ values }) => values);
  return { server, get, pages, rows };
}
