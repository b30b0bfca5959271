import type { z } from 'zod';
import { AttemptFailure } from '../../http/attempt-failure.js';
import { stopped } from '../../http/attempt.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../http/client.js';
import { createGate, type Gate, type Wait } from '../../http/gate.js';
import { HttpError } from '../../http/http-error.js';
import { tooManyRequests } from '../../http/next-attempt.js';
import type { Decision, RequestBudget } from './limits/budget.js';
import type { LimitGroup } from './limits/limit-headers.js';
import { TokenClients, type Ask, type TokenClientsOptions } from './token-clients.js';

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
