import type { z } from 'zod';
import type { Clock } from '../../clock.js';
import { AttemptFailure } from '../../http/attempt-failure.js';
import { stopped } from '../../http/attempt.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/client.js';
import { createGate, type Gate, type Wait } from '../../http/gate.js';
import { HttpError } from '../../http/http-error.js';
import { exhaustionWait, serverWait } from '../../http/server-wait.js';
import type { Decision, RequestBudget } from './limits/budget.js';
import type { LimitGroup } from './limits/limit-headers.js';

const tooManyRequests = 429;
const unauthorized = 401;

/**
 * How long a token rests when Bitbucket refuses it without naming a time. It counts over a rolling
 * hour, so that some of the limit comes back all the while.
 */
const restMilliseconds = 5 * 60 * 1_000;

/** What waiting for the budget takes. */
export interface Patience {
  readonly clock: Clock;
  /** Milliseconds since the epoch after which no wait may end; null: there is none. */
  readonly deadline: number | null;
  /** Told of each wait as it begins. */
  readonly onWait: (wait: Wait) => void;
  /** Ends every wait: the run was stopped. */
  readonly signal: AbortSignal;
}

/** A token's client, and how many of its requests the budget knows of. */
interface Lane {
  readonly client: HttpClient;
  counted: number;
}

type Ask<Body> = (client: HttpClient, request: HttpRequest) => Promise<HttpAnswer<Body>>;

/**
 * One client out of several of the same origin, each with a token of its own, that sends what the
 * budget allows for. A token whose limit is reached rests, and the next one takes over at once. Text
 * counts as a read of a file's bytes, JSON as any other request.
 *
 * What the budget does not allow for in the time that is left fails as `no-time`.
 */
export class RotatingClient implements HttpClient {
  readonly #lanes: readonly Lane[];
  readonly #budget: RequestBudget;
  readonly #patience: Patience;
  readonly #gates: Readonly<Record<LimitGroup, Gate>>;

  /** @param clients as many as the budget has tokens */
  constructor(clients: readonly HttpClient[], budget: RequestBudget, patience: Patience) {
    this.#lanes = clients.map((client) => ({ client, counted: 0 }));
    this.#budget = budget;
    this.#patience = patience;
    const { clock, deadline, onWait } = patience;
    const options = { clock, deadline: () => deadline, onWait };
    this.#gates = { api: createGate(options), files: createGate(options) };
  }

  get origin(): string {
    return this.#lane(0).client.origin;
  }

  get requests(): number {
    return this.#lanes.reduce((sum, { client }) => sum + client.requests, 0);
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
    await Promise.all(this.#lanes.map(({ client }) => client.close()));
  }

  async #send<Body>(
    group: LimitGroup,
    request: HttpRequest,
    ask: Ask<Body>,
  ): Promise<HttpAnswer<Body>> {
    for (;;) {
      for (const token of this.#lanes.keys()) this.#countUnknown(token, group);
      const decision = this.#budget.decide(group, this.#patience.clock.now());
      if (decision.type === 'stop') {
        throw new HttpError('no-time', request.subject, decision.reason);
      }
      if (decision.type === 'wait') {
        await this.#wait(group, request, decision);
        continue;
      }
      const { token, isLast } = decision;
      const question = isLast ? request : withLimitAccepted(request);
      const answer = await this.#ask(token, group, question, ask);
      if (answer !== null) return answer;
    }
  }

  /** Null when the token cannot do it, and another one has to. */
  async #ask<Body>(
    token: number,
    group: LimitGroup,
    request: HttpRequest,
    ask: Ask<Body>,
  ): Promise<HttpAnswer<Body> | null> {
    const lane = this.#lane(token);
    lane.counted += 1;
    this.#budget.sent(token, group, this.#patience.clock.now());
    try {
      const answer = await ask(lane.client, request);
      this.#note(token, group, answer);
      return answer.status === tooManyRequests ? null : answer;
    } catch (error) {
      if (!(error instanceof HttpError) || error.details.status !== unauthorized) throw error;
      if (!this.#budget.refuse(token)) throw error;
      return null;
    } finally {
      this.#countUnknown(token, group);
    }
  }

  #note(token: number, group: LimitGroup, { status, headers }: HttpAnswer<unknown>): void {
    const now = this.#patience.clock.now();
    const wait =
      status === tooManyRequests ? serverWait(status, headers, now) : exhaustionWait(headers, now);
    if (status === tooManyRequests || wait !== null) {
      const asked = wait !== null && wait.milliseconds > 0 ? wait.milliseconds : restMilliseconds;
      this.#budget.rest(token, group, now + asked);
    }
    this.#budget.answered(token, group, headers, now);
  }

  /** One wait for all requests of the group. */
  async #wait(
    group: LimitGroup,
    { subject }: HttpRequest,
    { until, reason }: Extract<Decision, { type: 'wait' }>,
  ): Promise<void> {
    const { clock, signal } = this.#patience;
    try {
      this.#gates[group].close(until - clock.now(), reason);
      await this.#gates[group].pass(signal);
    } catch (error) {
      const failure = signal.aborted ? stopped(signal) : error;
      if (!(failure instanceof AttemptFailure)) throw failure;
      throw new HttpError(failure.failure, subject, failure.reason, {}, { cause: error });
    }
  }

  /** What a client repeats by itself counts with Bitbucket as well, and so does the probe. */
  #countUnknown(token: number, group: LimitGroup): void {
    const lane = this.#lane(token);
    for (; lane.counted < lane.client.requests; lane.counted += 1) {
      this.#budget.sent(token, group, this.#patience.clock.now());
    }
  }

  #lane(token: number): Lane {
    const lane = this.#lanes[token];
    if (lane === undefined) throw new TypeError(`there is no token ${token}`);
    return lane;
  }
}

/** A refusal for the number of requests comes back as an answer instead of being waited out. */
function withLimitAccepted(request: HttpRequest): HttpRequest {
  return { ...request, accepted: [...(request.accepted ?? []), tooManyRequests] };
}
