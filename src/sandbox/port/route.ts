import { z } from 'zod';
import type { Answer, RecordedRequest } from '../loopback.js';
import type { Actor } from './entity.js';
import { breach, Refusal } from './refusal.js';

/** Largest body of a request, in bytes (reference: 1 MiB, else 413). */
export const BODY_LIMIT_BYTES = 1_048_576;

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** A call whose parameters and body have the shape that its route asks for. */
export interface Call<Path extends string, Query, Body> {
  /** A part of the path, decoded. */
  readonly parameter: (name: Names<Path>) => string;
  readonly query: Query;
  readonly body: Body;
  readonly actor: Actor;
}

/** One operation of the API. */
export interface Route {
  readonly method: string;
  /** As the contract writes it: `/v1/blueprints/{identifier}`. */
  readonly path: string;
  /** Whether it answers without a token. */
  readonly open: boolean;
  /** @throws Refusal */
  answer(request: RecordedRequest, parts: ReadonlyMap<string, string>, actor: Actor): Answer;
}

/** What a route is made from. Without `query` or `body` it takes none. */
interface Declaration<Path extends string, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: Path;
  readonly open?: boolean;
  /** Of an object that holds, per parameter, the list of its values. */
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (call: Call<Path, z.output<Query>, z.output<Body>>) => Answer;
}

const noParameters = z.strictObject({});
const noBody = z.undefined();

/** Makes a route that checks each request before it is handled. */
export function route<
  const Path extends string,
  Query extends z.ZodType = typeof noParameters,
  Body extends z.ZodType = typeof noBody,
>(declaration: Declaration<Path, Query, Body>): Route;
export function route(declaration: Declaration<string, z.ZodType, z.ZodType>): Route {
  const { method, path, query = noParameters, body = noBody, open = false } = declaration;
  return {
    method,
    path,
    open,
    answer: (request, parts, actor) => {
      checkSize(request);
      return declaration.handle({
        parameter: (name) => parts.get(name) ?? '',
        query: checked(query, valuesOf(request.query), 'query parameter'),
        body: checked(body, bodyOf(request), 'body'),
        actor,
      });
    },
  };
}

/** A successful answer. */
export function success(body: Readonly<Record<string, unknown>>, status = 200): Answer {
  return { status, body: { ok: true, ...body } };
}

function checkSize(request: RecordedRequest): void {
  const bytes = Buffer.byteLength(request.body);
  if (bytes > BODY_LIMIT_BYTES) {
    throw new Refusal(
      413,
      'request_too_large',
      `the body has ${bytes} bytes, the limit is ${BODY_LIMIT_BYTES}`,
    );
  }
}

function valuesOf(query: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]));
}

function bodyOf(request: RecordedRequest): unknown {
  if (request.body === '') return undefined;
  const type = request.headers['content-type'] ?? 'no content type';
  if (!/^application\/json\b/i.test(type)) throw breach(`the body is ${type}, not JSON`);
  try {
    return JSON.parse(request.body);
  } catch {
    throw breach('the body is not valid JSON');
  }
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw breach(`${where}${place === '' ? '' : ` "${place}"`}: ${issue?.message ?? 'not allowed'}`);
}
