import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { AnswerHeaders } from '../http/answer-headers.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http/client.js';
import { HttpError } from '../http/http-error.js';
import { serverTime } from '../http/next-attempt.js';
import type { JsonValue } from '../model/json.js';
import { createAccessToken, type TokenAnswer } from './access-token.js';
import { type IntegrationIdentity, type KnownSources, userAgentOf } from './data-source.js';
import { asTokenProblem } from './describe-failure.js';
import { isAway, Outage, type OutageOptions } from './outage.js';
import { Pace, whenNotBusy } from './pace.js';

/** What an HTTP client needs to know to sign its calls. */
export interface CallSigning {
  /**
   * Headers of an attempt. Sends the token request through the same client, which is signed by
   * nothing; `subject` tells it apart. Throws what that request throws.
   */
  readonly authorization: (subject: string) => Promise<Readonly<Record<string, string>>>;
  /** Called on a 401 with the headers that were refused; true when the call is worth repeating. */
  readonly onUnauthorized: (refused: Readonly<Record<string, string>>) => Promise<boolean>;
}

/** One call of Port's API, told as data. */
export interface PortRequest {
  readonly method: HttpRequest['method'];
  /** Segments after `/v1`, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** In the user's words: `entities of service`. */
  readonly subject: string;
  /** As whom: entity and blueprint calls are the exporter's. */
  readonly caller: 'exporter' | 'integration';
  readonly repeatable: boolean;
  /** Once it is aborted, an attempt under way may end, and none is begun after it. */
  readonly lastAttempt?: AbortSignal | undefined;
  readonly body?: JsonValue;
  /** A body that is written as JSON already, in its place. */
  readonly text?: string;
  readonly accepted?: readonly number[];
}

/** Port's API for one integration. */
export interface PortClient {
  readonly origin: string;
  readonly integration: IntegrationIdentity;
  /** Whom Port names as the creator of what this client creates. */
  readonly clientId: string;
  /** Requests over the wire so far, token requests and repeats included. */
  readonly requests: number;
  /**
   * The time by Port's own clock, in milliseconds since the epoch, by the `Date` of its last answer;
   * null until one has told it. One that a cache kept (`Age`) tells nothing.
   */
  now(): number | null;
  /**
   * Gets the first token, so that wrong credentials show before anything else is done.
   * @throws ProblemError credentials-refused, setting-invalid (PORT_BASE_URL), server-unavailable
   */
  authenticate(): Promise<void>;
  /**
   * Headers that carry the token, for an address that Port names and that is not its API's.
   * @throws HttpError when there is none to be had
   */
  token(): Promise<Readonly<Record<string, string>>>;
  /**
   * The answer; its body is null for an accepted status that is not 2xx and for an empty body.
   * @throws HttpError
   */
  json<Schema extends z.ZodType>(
    request: PortRequest,
    schema: Schema,
  ): Promise<HttpAnswer<z.output<Schema> | null>>;
  /**
   * The body of a 2xx answer, which must not be empty.
   * @throws HttpError
   */
  body<Schema extends z.ZodType>(request: PortRequest, schema: Schema): Promise<z.output<Schema>>;
  /** The same client, token included, whose calls end when `signal` is aborted. */
  withSignal(signal: AbortSignal): PortClient;
  /** The same client, which tells our entities from those of others by this as well. */
  knowing(sources: KnownSources): PortClient;
  close(): Promise<void>;
}

/** What a client of Port is made of. */
export interface PortClientOptions {
  /** Makes a client for the base URL's origin. Called once; closed with the client made of it. */
  readonly createHttp: (signing: CallSigning) => HttpClient;
  readonly baseUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly integration: IntegrationIdentity;
  readonly clock: Clock;
  /** How to wait for a Port that is away; without it, nobody waits longer than a call's attempts. */
  readonly outage?: Omit<OutageOptions, 'clock' | 'isThere'>;
}

/** No other call may be called so: this one is sent without a token. */
const tokenSubject = 'an access token of Port';

const tokenSchema = z.object({
  accessToken: z.string().min(1),
  tokenType: z.string().min(1),
  expiresIn: z.number().nonnegative(),
});

/** A client that gets, holds and renews its own token. */
export function createPortClient(options: PortClientOptions): PortClient {
  const { baseUrl, integration, clientId, clock, createHttp } = options;
  /** By how much Port's clock is ahead of ours, in milliseconds. */
  let ahead: number | null = null;
  const heard = ({ headers }: { readonly headers: AnswerHeaders }): void => {
    const told = serverTime(headers);
    if (told !== null) ahead = told - clock.now();
  };
  const token = createAccessToken({ request: () => requestToken(http, options, heard), clock });
  const http: HttpClient = createHttp({
    authorization: (subject) =>
      subject === tokenSubject ? Promise.resolve({}) : token.authorization(),
    onUnauthorized: (refused) => token.replace(refused),
  });

  const pace = new Pace(() => clock.now() + (ahead ?? 0));
  const isThere = async (): Promise<boolean> => {
    const { identifier } = integration;
    const request: PortRequest = {
      method: 'GET',
      path: ['integration', identifier],
      subject: 'whether Port is there',
      caller: 'integration',
      repeatable: false,
    };
    try {
      await http.json(
        httpRequest(baseUrl, integration, request, options.outage?.signal),
        z.unknown(),
      );
      return true;
    } catch (error) {
      return error instanceof HttpError && !isAway(error) && error.failure !== 'aborted';
    }
  };
  const outage =
    options.outage === undefined ? null : new Outage({ ...options.outage, clock, isThere });
  const clientWith = (
    identity: IntegrationIdentity,
    signal: AbortSignal | undefined,
  ): PortClient => {
    const json: PortClient['json'] = (request, schema) => {
      const send = async (repeatable: boolean) => {
        const sent = { ...request, repeatable };
        const answer = await pace.keep(() =>
          http.json(httpRequest(baseUrl, identity, sent, signal), schema),
        );
        heard(answer);
        return answer;
      };
      // What a run tells the integration's page is best effort: nobody waits long for that.
      const isOfIntegration = request.path[0] === 'integration';
      if (isOfIntegration && request.method === 'PATCH') {
        return whenNotBusy(() => send(request.repeatable), clock, signal);
      }
      const isBridged = request.repeatable && !isOfIntegration;
      return isBridged && outage !== null ? outage.bridge(send) : send(request.repeatable);
    };
    return {
      origin: baseUrl.origin,
      integration: identity,
      clientId,
      get requests() {
        return http.requests;
      },
      now: () => (ahead === null ? null : clock.now() + ahead),
      authenticate: async () => {
        try {
          await token.authorization();
        } catch (error) {
          throw asTokenProblem(error, baseUrl.origin);
        }
      },
      token: () => token.authorization(),
      json,
      body: async (request, schema) => {
        const { body } = await json(request, schema);
        return body ?? emptyAnswer(request.subject);
      },
      withSignal: (other) => clientWith(identity, other),
      knowing: (sources) => clientWith({ ...identity, ...sources }, signal),
      close: () => http.close(),
    };
  };
  return clientWith(integration, undefined);
}

/** Whether a call failed because no token could be had for it, so that it was never sent. */
export function isTokenFailure(error: HttpError): boolean {
  return error.subject === tokenSubject;
}

/** Fails for a 2xx answer that should have had a body. */
export function emptyAnswer(subject: string): never {
  throw new HttpError('malformed', subject, 'answered without a body');
}

function httpRequest(
  baseUrl: URL,
  integration: IntegrationIdentity,
  request: PortRequest,
  signal: AbortSignal | undefined,
): HttpRequest {
  const { method, subject, repeatable, lastAttempt, body, text, accepted } = request;
  return {
    method,
    url: routeUrl(baseUrl, request.path, request.query),
    subject,
    repeatable,
    headers: { 'user-agent': userAgentOf(integration, request.caller) },
    ...(body === undefined ? {} : { body }),
    ...(text === undefined ? {} : { text }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(lastAttempt === undefined ? {} : { lastAttempt }),
    ...(signal === undefined ? {} : { signal }),
  };
}

async function requestToken(
  http: HttpClient,
  options: PortClientOptions,
  heard: (answer: { readonly headers: AnswerHeaders }) => void,
): Promise<TokenAnswer> {
  const { baseUrl, clientId, clientSecret, integration } = options;
  const request: PortRequest = {
    method: 'POST',
    path: ['auth', 'access_token'],
    subject: tokenSubject,
    caller: 'integration',
    repeatable: true,
    body: { clientId, clientSecret },
  };
  const answer = await http.json(
    httpRequest(baseUrl, integration, request, undefined),
    tokenSchema,
  );
  heard(answer);
  return answer.body ?? emptyAnswer(request.subject);
}

/** A value of a query parameter; a list repeats the parameter. */
type QueryValue = string | number | boolean | readonly string[];

/**
 * The URL of an API route.
 * @param base the base URL as set; with or without a trailing slash, `/v1`, or a path of a proxy
 * @param path segments after `/v1`, not yet encoded: identifiers may hold `/`, `:` and the like
 */
function routeUrl(
  base: URL,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): URL {
  const url = new URL(base.origin);
  const root = base.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  url.pathname = [root, 'v1', ...path.map(encodedSegment)].join('/');
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'object' ? value : [String(value)];
    for (const each of values) url.searchParams.append(name, each);
  }
  return url;
}

/** `.` and `..` would lead to another route; Port refuses both as identifiers. */
function encodedSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new RangeError(`'${segment}' cannot be a part of a path`);
  }
  return encodeURIComponent(segment);
}
