import type { Clock } from '../../clock.js';
import type { JqOutcome } from './engine.js';
import { failedBy } from './protocol.js';

/** How many items in a row may take all of their time before their program is given up. */
const runawaysInARow = 15;

/**
 * What an answer earns back, as a part of an item's time limit: with one runaway in 200 items a
 * program goes on for as long as there are items.
 */
const earnedPerAnswer = 1 / 200;

/** No single failure costs more, in time limits: a machine that slept is not held against jq. */
const dearestFailure = 5;

/**
 * How much time a program may lose to items that get no answer. An expression that runs away on each
 * of 1,000 items would take half an hour to find that out; when the patience has run out, the items
 * that are left are failed without being tried. A failed item keeps its entities.
 */
export class Patience {
  readonly #full: number;
  #left: number;
  #lostMilliseconds = 0;
  #failures = 0;
  #lastMessage = '';

  constructor(
    private readonly clock: Clock,
    private readonly itemTimeoutMilliseconds: number,
  ) {
    this.#full = itemTimeoutMilliseconds * runawaysInARow;
    this.#left = this.#full;
  }

  /** What the items that are left get, or null while there is patience. */
  get verdict(): JqOutcome | null {
    if (this.#left > 0) return null;
    const seconds = Math.round(this.#lostMilliseconds / 1_000);
    return failedBy(
      'given up',
      `${this.#failures} items before it kept jq busy for ${seconds} s without an answer, the last one: ${this.#lastMessage}`,
    );
  }

  /** That many items were answered. */
  answered(items: number): void {
    if (this.#left <= 0) return;
    const earned = items * earnedPerAnswer * this.itemTimeoutMilliseconds;
    this.#left = Math.min(this.#full, this.#left + earned);
  }

  /**
   * An item got no answer.
   * @param heardAt when jq gave the answer before, or got to work after it had nothing to do
   */
  failed(outcome: JqOutcome, heardAt: number): void {
    const dearest = dearestFailure * this.itemTimeoutMilliseconds;
    const lost = Math.min(Math.max(this.clock.now() - heardAt, 0), dearest);
    this.#left -= lost;
    this.#lostMilliseconds += lost;
    this.#failures += 1;
    if (!outcome.ok) this.#lastMessage = outcome.message;
  }
}
