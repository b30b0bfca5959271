import { z } from 'zod';
import { startCloud } from '../../../src/sandbox/cloud/cloud.js';
import type { CloudOptions, SandboxCloud } from '../../../src/sandbox/cloud/cloud.js';
import {
  readPermissions,
  readScopes,
  type Credential,
} from '../../../src/sandbox/cloud/credential.js';
import { createFakeClock, type FakeClock } from '../../world/fake-clock.js';

/** The envelope of every paged answer, as the API documents describe it. */
export const pageSchema = z.strictObject({
  size: z.int().optional(),
  page: z.int().optional(),
  pagelen: z.int(),
  next: z.url().optional(),
  values: z.array(z.unknown()),
});

export type Page = z.output<typeof pageSchema>;

/** The error document. */
export const errorSchema = z.strictObject({
  type: z.literal('error'),
  error: z.strictObject({
    message: z.string(),
    detail: z.unknown().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** Sees everything. */
export const workspaceToken = {
  type: 'workspace-token',
  token: 'workspace-secret',
  scopes: readScopes,
} satisfies Credential;

/** The account of the company's `admin`. */
export const apiToken = {
  type: 'api-token',
  email: 'admin@example.com',
  token: 'api-secret',
  scopes: readPermissions,
} satisfies Credential;

/** The `authorization` header of a user name and password. */
export function basic(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

export const asAdmin = { authorization: basic('admin@example.com', 'api-secret') };

/** An answer with its JSON parsed; null where there is no JSON. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly text: string;
}

/** A running Bitbucket Cloud whose workspace is `acme`, and a client as simple as can be. */
export interface TestCloud {
  readonly server: SandboxCloud;
  readonly clock: FakeClock;
  /** `path` below `/2.0`, or a whole URL. Redirects are not followed. */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Got>;
  /** All pages of a listing, following `next` as given. */
  readonly pages: (path: string, headers?: Record<string, string>) => Promise<Page[]>;
  /** All rows of a listing. */
  readonly rows: (path: string, headers?: Record<string, string>) => Promise<unknown[]>;
}

const asWorkspace = { authorization: 'Bearer workspace-secret' };

export async function aCloud(
  options: Pick<CloudOptions, 'company'> & Partial<CloudOptions>,
): Promise<TestCloud> {
  const clock = createFakeClock();
  const server = await startCloud({
    workspace: { slug: 'acme', name: 'Acme' },
    credentials: [workspaceToken, apiToken],
    clock,
    ...options,
  });
  const get: TestCloud['get'] = async (path, headers = asWorkspace) => {
    const url = path.startsWith('http') ? path : `${server.url}${path}`;
    const response = await fetch(url, { headers, redirect: 'manual' });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const body: unknown = isJson ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, body, text };
  };
  const pages: TestCloud['pages'] = async (path, headers) => {
    const found: Page[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Page = pageSchema.parse((await get(next, headers)).body);
      found.push(page);
      next = page.next;
    }
    return found;
  };
  const rows: TestCloud['rows'] = async (path, headers) =>
    (await pages(path, headers)).flatMap(({ values }) => values);
  return { server, clock, get, pages, rows };
}

/** A member of a parsed JSON value, by the names that lead to it; undefined where there is none. */
export function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (each, name) =>
      typeof each === 'object' && each !== null ? Reflect.get(each, name) : undefined,
    value,
  );
}

/** One member of every row. */
export function column(rows: readonly unknown[], ...names: readonly string[]): unknown[] {
  return rows.map((row) => member(row, ...names));
}

/** The message of an error document. */
export function messageOf({ body }: Got): string {
  return errorSchema.parse(body).error.message;
}
