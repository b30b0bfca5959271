import type { z } from 'zod';
import { AttemptFailure, HttpError } from '../../http/http-error.js';
import { stopped } from '../../http/attempt.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/client.js';
import { createGate, type Gate, type Wait } from '../../http/gate.js';
import { exhaustionWait, serverWait, tooManyRequests } from '../../http/next-attempt.js';
import type { Decision, RequestBudget } from './limits/budget.js';
import type { LimitGroup } from './limits/token-limit.js';
import type { Clock } from '../../clock.js';
import type { AnswerHeaders } from '../../http/answer-headers.js';

/** What waiting for the budget takes, and who hears of it. */
export interface RotationOptions extends TokenClientsOptions {
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline: number | null;
  /** Told of each wait as it begins. */
  readonly onWait: (wait: Wait) => void;
  /** Ends every wait: the run was stopped. */
  readonly signal: AbortSignal;
}

/**
 * One client out of several of the same origin, each with a token of its own, that sends what the
 * budget allows for. A token whose limit is reached rests, and the next one takes over at once. Text
 * counts as a read of a file's bytes, JSON as any other request.
 *
 * What the budget does not allow for in the time that is left fails as `no-time`.
 */
export class RotatingClient implements HttpClient {
  readonly #tokens: TokenClients;
  readonly #budget: RequestBudget;
  readonly #options: RotationOptions;
  readonly #gates: Readonly<Record<LimitGroup, Gate>>;

  /** @param clients as many as the budget has tokens */
  constructor(clients: readonly HttpClient[], budget: RequestBudget, options: RotationOptions) {
    this.#tokens = new TokenClients(clients, budget, options);
    this.#budget = budget;
    this.#options = options;
    const { clock, deadline, onWait } = options;
    const gate = { clock, deadline: () => deadline, onWait };
    this.#gates = { api: createGate(gate), files: createGate(gate) };
  }

  get origin(): string {
    return this.#tokens.origin;
  }

  get requests(): number {
    return this.#tokens.requests;
  }

  async text(request: HttpRequest): Promise<HttpAnswer<string>> {
    return await this.#send('files', request, (client, question) => client.text(question));
  }

  async json<Schema extends z.ZodType>(
    request: HttpRequest,
    schema: Schema,
  ): Promise<HttpAnswer<z.output<Schema> | null>> {
    return await this.#send('api', request, (client, question) => client.json(question, schema));
  }

  async close(): Promise<void> {
    await this.#tokens.close();
  }

  async #send<Body>(
    group: LimitGroup,
    request: HttpRequest,
    ask: Ask<Body>,
  ): Promise<HttpAnswer<Body>> {
    for (;;) {
      this.#tokens.countUnknown(group);
      const decision = this.#budget.decide(group, this.#options.clock.now());
      if (decision.type === 'stop') {
        throw new HttpError('no-time', request.subject, decision.reason);
      }
      if (decision.type === 'wait') {
        await this.#wait(group, request, decision);
        continue;
      }
      const { token, isLast } = decision;
      const question = isLast ? request : withLimitAccepted(request);
      const answer = await this.#tokens.ask(token, group, question, ask);
      if (answer !== null) return answer;
    }
  }

  /** One wait for all requests of the group. */
  async #wait(
    group: LimitGroup,
    { subject }: HttpRequest,
    { until, reason }: Extract<Decision, { type: 'wait' }>,
  ): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      this.#gates[group].close(until - clock.now(), reason);
      await this.#gates[group].pass(signal);
    } catch (error) {
      const failure = signal.aborted ? stopped(signal) : error;
      if (!(failure instanceof AttemptFailure)) throw failure;
      throw new HttpError(failure.failure, subject, failure.reason, {}, { cause: error });
    }
  }
}

/** A refusal for the number of requests comes back as an answer instead of being waited out. */
function withLimitAccepted(request: HttpRequest): HttpRequest {
  return { ...request, accepted: [...(request.accepted ?? []), tooManyRequests] };
}

const unauthorized = 401;

/**
 * How long a token rests when Bitbucket refuses it without naming a time. It counts over a rolling
 * hour, so that some of the limit comes back all the while.
 */
const restMilliseconds = 5 * 60 * 1_000;

/** A token's client, and how many of its requests the budget knows of. */
interface Lane {
  readonly client: HttpClient;
  counted: number;
}

/** The question that is put to whichever client has its turn. */
type Ask<Body> = (client: HttpClient, request: HttpRequest) => Promise<HttpAnswer<Body>>;

/** What sending with tokens takes, and who hears of them. */
interface TokenClientsOptions {
  readonly clock: Clock;
  /** Told of a token that is refused while others go on: its position, and the refusal. */
  readonly onRefused: (token: number, refusal: HttpError) => void;
}

/** A client for each token. Tells the budget what is sent, and what the answers say of limits. */
class TokenClients {
  readonly #lanes: readonly Lane[];
  readonly #budget: RequestBudget;
  readonly #options: TokenClientsOptions;

  /** @param clients as many as the budget has tokens */
  constructor(clients: readonly HttpClient[], budget: RequestBudget, options: TokenClientsOptions) {
    this.#lanes = clients.map((client) => ({ client, counted: 0 }));
    this.#budget = budget;
    this.#options = options;
  }

  get origin(): string {
    return this.#lane(0).client.origin;
  }

  get requests(): number {
    return this.#lanes.reduce((sum, { client }) => sum + client.requests, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ client }) => client.close()));
  }

  /** Tells the budget of requests that were sent without it. */
  countUnknown(group: LimitGroup): void {
    for (const token of this.#lanes.keys()) this.#countUnknown(token, group);
  }

  /** Null when the token cannot do it, and another one has to. */
  async ask<Body>(
    token: number,
    group: LimitGroup,
    request: HttpRequest,
    ask: Ask<Body>,
  ): Promise<HttpAnswer<Body> | null> {
    const lane = this.#lane(token);
    lane.counted += 1;
    this.#budget.sent(token, group, this.#options.clock.now());
    try {
      const answer = await ask(lane.client, request);
      this.#note(token, group, answer.status, answer.headers);
      return answer.status === tooManyRequests ? null : answer;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const { status, headers } = error.details;
      if (status === unauthorized && this.#isReplaced(token, error)) return null;
      if (status !== undefined && headers !== undefined) this.#note(token, group, status, headers);
      throw error;
    } finally {
      this.#countUnknown(token, group);
    }
  }

  /** Whether there are others for a token that was refused. */
  #isReplaced(token: number, refusal: HttpError): boolean {
    const { isNew, isLast } = this.#budget.refuse(token);
    if (isNew && !isLast) this.#options.onRefused(token, refusal);
    return !isLast;
  }

  /** Learns from the headers of an answer. The client of an only token minds its rests by itself. */
  #note(token: number, group: LimitGroup, status: number, headers: AnswerHeaders): void {
    const now = this.#options.clock.now();
    if (this.#lanes.length > 1) this.#rest(token, group, status, headers, now);
    this.#budget.answered(token, group, headers, now);
  }

  #rest(
    token: number,
    group: LimitGroup,
    status: number,
    headers: AnswerHeaders,
    now: number,
  ): void {
    const isRefused = status === tooManyRequests;
    const wait = isRefused ? serverWait(status, headers, now) : exhaustionWait(headers, now);
    if (wait !== null && wait.milliseconds > 0) {
      const reason = `the limit of every token is used up; ${wait.header} says when`;
      this.#budget.rest(token, group, now + wait.milliseconds, reason);
    } else if (isRefused) {
      this.#budget.rest(token, group, now + restMilliseconds, null);
    }
  }

  /** What a client repeats by itself counts with Bitbucket as well, and so does the probe. */
  #countUnknown(token: number, group: LimitGroup): void {
    const lane = this.#lane(token);
    for (; lane.counted < lane.client.requests; lane.counted += 1) {
      this.#budget.sent(token, group, this.#options.clock.now());
    }
  }

  #lane(token: number): Lane {
    const lane = this.#lanes[token];
    if (lane === undefined) throw new TypeError(`there is no token ${token}`);
    return lane;
  }
}
