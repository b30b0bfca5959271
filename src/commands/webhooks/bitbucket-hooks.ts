import { z } from 'zod';
import { HttpError, isStopped, requestOf } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { RequestFacts } from '../../model/request-facts.js';
import { ProblemError, type Problem } from '../../problems/problem.js';
import { toldFailure } from '../../source/cloud/describe-failure.js';
import type { HookLevel } from '../../source/kind-events.js';
import { encodedSegment } from '../../source/segment.js';
import { describeFailure, exceptionOf, isCaptcha } from '../../source/server/describe-failure.js';
import type { BitbucketConnection } from '../connections/connection-options.js';

/** Where webhooks can be made. */
export interface HookPlace {
  readonly level: HookLevel;
  /** `project PAY`, `repository PAY/api`, `workspace acme`. */
  readonly name: string;
  /** Of the listing of its webhooks, below the root of the API. */
  readonly path: readonly string[];
}

/** A webhook as Bitbucket tells it. Its secret stays with Bitbucket. */
export interface BitbucketHook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** Whether it signs what it posts; null: Bitbucket does not say. */
  readonly isSigned: boolean | null;
}

/** What a webhook is to be. */
export interface HookContent {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly secret: string;
}

/** A place whose webhooks the credentials may not manage, or that did not answer as it should. */
export class HookRefusal extends Error {
  override readonly name = 'HookRefusal';

  constructor(
    readonly reason: string,
    /** What the server answered; null: nothing. */
    readonly status: number | null,
    readonly request: RequestFacts | undefined,
  ) {
    super(reason);
  }
}

/** The webhooks of a Bitbucket. Everything throws HookRefusal for the place, and ProblemError for all. */
export interface HookClient {
  list(place: HookPlace): Promise<readonly BitbucketHook[]>;
  create(place: HookPlace, content: HookContent): Promise<void>;
  update(place: HookPlace, id: string, content: HookContent): Promise<void>;
  remove(place: HookPlace, id: string): Promise<void>;
}

const serverHook = z
  .looseObject({
    id: z.union([z.int(), z.string()]).transform(String),
    name: z.string().default(''),
    url: z.string(),
    active: z.boolean().default(true),
    events: z.array(z.string()).default([]),
  })
  .transform((hook) => ({ ...hook, isSigned: null }));

const cloudHook = z
  .looseObject({
    uuid: z.string(),
    description: z.string().nullish(),
    url: z.string(),
    active: z.boolean().default(true),
    events: z.array(z.string()).default([]),
    secret_set: z.boolean().nullish(),
  })
  .transform(({ uuid, description, secret_set: isSigned, ...hook }) => ({
    ...hook,
    id: uuid,
    name: description ?? '',
    isSigned: isSigned ?? null,
  }));

/** How a Bitbucket lists its webhooks and takes one. */
interface Dialect {
  readonly page: z.ZodType<{
    readonly values: readonly BitbucketHook[];
    readonly next: string | null;
  }>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: (content: HookContent) => JsonObject;
  readonly reason: (error: HttpError) => string;
  /** Whether whatever is asked next would be refused alike, which may lock the account. */
  readonly isLast: (error: HttpError) => boolean;
}

/** Pages of webhooks were broken in some versions (BSERV-12818): the server's own place counts. */
const serverDialect: Dialect = {
  page: z
    .object({ values: z.array(serverHook), nextPageStart: z.unknown(), isLastPage: z.unknown() })
    .transform(({ values, nextPageStart, isLastPage }) => ({
      values,
      next: isLastPage === true || typeof nextPageStart !== 'number' ? null : String(nextPageStart),
    })),
  query: { limit: '1000' },
  body: ({ name, url, events, secret }) => ({
    name,
    url,
    active: true,
    events,
    configuration: { secret, createdBy: 'bitbucket-port' },
    sslVerificationRequired: true,
  }),
  reason: describeFailure,
  // Data Center gives 401 also to those whom it knows, and who may not manage this.
  isLast: (error) =>
    isCaptcha(error) ||
    (error.details.status === 401 &&
      exceptionOf(error) !== 'AuthorisationException' &&
      (error.details.headers?.get('x-ausername') ?? '') === ''),
};

const cloudDialect: Dialect = {
  page: z
    .object({ values: z.array(cloudHook), next: z.string().nullish() })
    .transform(({ values, next }) => ({ values, next: next ?? null })),
  query: { pagelen: '100' },
  body: ({ name, url, events, secret }) => ({
    description: name,
    url,
    active: true,
    events,
    secret,
  }),
  reason: (error) => toldFailure(error).reason,
  isLast: ({ details: { status } }) => status === 401,
};

/** Pages in a row that show nothing new, after which a listing goes in circles. */
const PATIENCE = 20;

/** A client of the webhooks of a Bitbucket. Sends nothing yet. */
export function hookClient(
  { http, root }: BitbucketConnection['api'],
  type: 'bitbucket-server' | 'bitbucket-cloud',
): HookClient {
  const dialect = type === 'bitbucket-server' ? serverDialect : cloudDialect;
  let last: ProblemError | null = null;
  const urlOf = (
    { path }: HookPlace,
    id: readonly string[] = [],
    query: Readonly<Record<string, string>> = {},
  ): URL => {
    const url = new URL(`${root.href}/${[...path, ...id].map(encodedSegment).join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  };
  const send = async <Value>(
    place: HookPlace,
    url: URL,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    schema: z.ZodType<Value>,
    body?: JsonObject,
  ): Promise<Value | null> => {
    if (last !== null) throw last;
    try {
      const answer = await http.json(
        {
          method,
          url,
          subject: `webhooks of ${place.name}`,
          // Made twice, it would post everything twice.
          repeatable: method !== 'POST',
          ...(method === 'DELETE' ? { accepted: [404] } : {}),
          ...(body === undefined ? {} : { body }),
        },
        schema,
      );
      return answer.body;
    } catch (error) {
      if (!(error instanceof HttpError) || isStopped(error)) throw error;
      if (dialect.isLast(error)) {
        last ??= ProblemError.of(refusalOfAll(error, place, root, dialect), error);
        throw last;
      }
      const { status = null } = error.details;
      throw new HookRefusal(dialect.reason(error), status, requestOf(error).request);
    }
  };
  return {
    list: async (place) => {
      const found = new Map<string, BitbucketHook>();
      let url: URL | null = urlOf(place, [], dialect.query);
      let idle = 0;
      while (url !== null && idle < PATIENCE) {
        const page: z.output<Dialect['page']> | null = await send(place, url, 'GET', dialect.page);
        const before = found.size;
        for (const hook of page?.values ?? []) found.set(hook.id, hook);
        idle = found.size > before ? 0 : idle + 1;
        url = nextOf(page?.next ?? null, place);
      }
      return [...found.values()];
    },
    create: async (place, content) => {
      await send(place, urlOf(place), 'POST', z.unknown(), dialect.body(content));
    },
    update: async (place, id, content) => {
      await send(place, urlOf(place, [id]), 'PUT', z.unknown(), dialect.body(content));
    },
    remove: async (place, id) => {
      await send(place, urlOf(place, [id]), 'DELETE', z.unknown());
    },
  };

  function nextOf(next: string | null, place: HookPlace): URL | null {
    if (next === null) return null;
    return dialect === cloudDialect
      ? new URL(next)
      : urlOf(place, [], { ...dialect.query, start: next });
  }
}

/** Bitbucket knows the credentials no longer, or has locked the account: nobody else is asked. */
function refusalOfAll(
  error: HttpError,
  { name }: HookPlace,
  root: URL,
  { reason }: Dialect,
): Problem {
  return isCaptcha(error)
    ? { code: 'captcha-required', origin: root.origin, reason: reason(error) }
    : {
        code: 'permission-refused',
        side: 'bitbucket',
        subject: `webhooks of ${name}`,
        reason: reason(error),
        ...requestOf(error),
      };
}

/** Whether the place says that the credentials may not manage its webhooks. */
export function isForbidden({ status }: HookRefusal): boolean {
  return status === 401 || status === 403 || status === 404;
}
