import type { AnswerHeaders } from '../http/answer-headers.js';
import { HttpError } from '../http/http-error.js';
import type { Clock } from '../clock.js';
import { portRefusal } from './describe-failure.js';

/** An answer, as far as it tells about Port's rate limit. */
interface Answered {
  readonly headers: AnswerHeaders;
}

/**
 * Lets no more calls be under way than Port's rate limit has room for, by the headers of its answers
 * (API reference, "Rate limits"). Ten at a time would else run past the limit before the first answer
 * says that it is reached. That the limit is used up, and for how long, is the HTTP client's to see.
 */
export class Pace {
  #room = Infinity;
  /** Milliseconds since the epoch. */
  #resetAt = -Infinity;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  constructor(private readonly now: () => number) {}

  /** Makes a call when there is room for it. */
  async keep<Answer extends Answered>(call: () => Promise<Answer>): Promise<Answer> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay += 1;
    try {
      const answer = await call();
      this.#learn(answer.headers);
      return answer;
    } catch (error) {
      if (error instanceof HttpError) this.#learn(error.details.headers);
      throw error;
    } finally {
      this.#underWay -= 1;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    }
  }

  #hasRoom(): boolean {
    return this.#underWay === 0 || this.#underWay < this.#room || this.now() >= this.#resetAt;
  }

  #learn(headers: AnswerHeaders | undefined): void {
    const remaining = numberIn(headers, 'x-ratelimit-remaining');
    const reset = numberIn(headers, 'x-ratelimit-reset');
    if (remaining === null || reset === null) return;
    const resetAt = reset * 1000;
    if (resetAt < this.#resetAt) return;
    // Answers overtake one another: within a window, the least that was told is the newest.
    this.#room = resetAt === this.#resetAt ? Math.min(this.#room, remaining) : remaining;
    this.#resetAt = resetAt;
  }
}

function numberIn(headers: AnswerHeaders | undefined, name: string): number | null {
  const text = headers?.get(name) ?? '';
  return /^\d+$/u.test(text) ? Number(text) : null;
}

/** What Port says while it is still busy with an earlier change of the integration (port-labs/ocean). */
const BUSY = 'integration_is_in_progress';

/** Milliseconds between attempts: longer waits would hold up a run for what it tells of itself. */
const WAITS = [1_000, 2_000, 4_000, 8_000];

/**
 * The answer of a change of the integration, repeated while Port is busy with an earlier one: it was
 * not carried out then.
 * @throws what `send` throws, and the reason of the signal
 */
export async function whenNotBusy<Answer>(
  send: () => Promise<Answer>,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  for (const milliseconds of WAITS) {
    try {
      return await send();
    } catch (error) {
      if (!isBusy(error) || signal?.aborted === true) throw error;
      const isOver = await clock.sleep(milliseconds, signal).then(
        () => false,
        () => true,
      );
      if (isOver) throw error;
    }
  }
  return send();
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof HttpError) || error.details.status !== 400) return false;
  return portRefusal(error).error === BUSY;
}
