import pLimit from 'p-limit';
import { bulkBytes } from './catalog-entity.js';

/** What a bulk may hold. */
export interface BulkLimits {
  readonly maximumEntities: number;
  /** Of the whole body, in UTF-8. */
  readonly maximumBytes: number;
}

/** Port takes 20 entities a call, in a body of less than 1 MiB (API reference). */
export const portBulkLimits: BulkLimits = { maximumEntities: 20, maximumBytes: 1024 * 1024 - 1 };

/** What stands in a bulk, with the bytes that it takes there. */
interface Sized {
  readonly bytes: number;
}

/** Gathers entities into bulks as they come, in their order. */
export class BulkBuffer<Item extends Sized> {
  #gathered: Item[] = [];
  #bytes = bulkBytes([]);

  constructor(private readonly limits: BulkLimits = portBulkLimits) {}

  /**
   * Takes an entity. Answers a bulk when one is ready to go: with this entity when it filled it up,
   * without it when it did not fit any more. One that is too large for any bulk goes alone.
   */
  add(item: Item): readonly Item[] | null {
    const { maximumBytes, maximumEntities } = this.limits;
    const comma = this.#gathered.length === 0 ? 0 : 1;
    const overflown = this.#bytes + comma + item.bytes > maximumBytes ? this.flush() : null;
    this.#bytes += item.bytes + (this.#gathered.length === 0 ? 0 : 1);
    this.#gathered.push(item);
    if (overflown !== null) return overflown;
    return this.#gathered.length >= maximumEntities ? this.flush() : null;
  }

  /** What is gathered so far; null when that is nothing. */
  flush(): readonly Item[] | null {
    const bulk = this.#gathered;
    this.#gathered = [];
    this.#bytes = bulkBytes([]);
    return bulk.length === 0 ? null : bulk;
  }
}

/** Divides entities into bulks, in their order. */
export function bulksOf<Item extends Sized>(
  items: readonly Item[],
  limits: BulkLimits = portBulkLimits,
): readonly (readonly Item[])[] {
  const buffer = new BulkBuffer<Item>(limits);
  const bulks = items.map((item) => buffer.add(item));
  return [...bulks, buffer.flush()].filter((bulk) => bulk !== null);
}

/** What came of sending several items at once. */
export type Attempt<Outcome> =
  /** Each item has its outcome, in order. */
  | { readonly type: 'settled'; readonly outcomes: readonly Outcome[] }
  /** Everything was turned down, because of some item; `alone` is the outcome if it was the only one. */
  | { readonly type: 'rejected'; readonly alone: Outcome }
  /** The same by something on the way to Port. `whole`: the outcome of each if it takes nothing at all. */
  | { readonly type: 'blocked'; readonly alone: Outcome; readonly whole: Outcome };

/** Sends items. */
type Send<Item, Outcome> = (items: readonly Item[]) => Promise<Attempt<Outcome>>;

/** So many bulks in a row that were blocked to the last item are no fault of their items. */
const BULKS_OF_AN_OUTAGE = 3;

/**
 * What a run learned about something on the way to Port that turns bulks down: a firewall that objects
 * to an item, or one that takes nothing. Bulks are divided one after the other, so that this shows
 * before many are.
 */
export class Blockade {
  readonly inTurn = pLimit(1);
  #blockedInARow = 0;

  /** Whether dividing is pointless. */
  get isTotal(): boolean {
    return this.#blockedInARow >= BULKS_OF_AN_OUTAGE;
  }

  /** Something got through. */
  passed(): void {
    this.#blockedInARow = 0;
  }

  /** A bulk was divided to the last item, and none got through. */
  blocked(): void {
    this.#blockedInARow += 1;
  }
}

/**
 * Sends items; what is turned down as a whole is halved until the items at fault are alone, and the
 * others got through. Halves go one after the other, so that items keep their order.
 * @returns one outcome per item, in order
 */
export async function bisect<Item, Outcome>(
  items: readonly Item[],
  send: Send<Item, Outcome>,
  blockade = new Blockade(),
): Promise<readonly Outcome[]> {
  if (items.length === 0) return [];
  const attempt = await send(items);
  if (attempt.type === 'settled') {
    blockade.passed();
    return attempt.outcomes;
  }
  if (items.length === 1) return [attempt.alone];
  if (attempt.type === 'rejected') {
    return await halves(items, (half) => bisect(half, send, blockade));
  }
  return await blockade.inTurn(async () => {
    if (blockade.isTotal) return items.map(() => attempt.whole);
    return await divideBlocked(items, send, blockade);
  });
}

async function divideBlocked<Item, Outcome>(
  items: readonly Item[],
  send: Send<Item, Outcome>,
  blockade: Blockade,
): Promise<readonly Outcome[]> {
  let blocked = 0;
  const divide = async (part: readonly Item[]): Promise<readonly Outcome[]> => {
    const attempt = await send(part);
    if (attempt.type === 'settled') return attempt.outcomes;
    if (part.length > 1) return await halves(part, divide);
    if (attempt.type === 'blocked') blocked += 1;
    return [attempt.alone];
  };
  const outcomes = await halves(items, divide);
  if (blocked === items.length) blockade.blocked();
  else blockade.passed();
  return outcomes;
}

async function halves<Item, Outcome>(
  items: readonly Item[],
  send: (half: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const middle = Math.ceil(items.length / 2);
  return [...(await send(items.slice(0, middle))), ...(await send(items.slice(middle)))];
}

/** The same outcome for each item. */
export function settleAll<Outcome>(items: readonly unknown[], outcome: Outcome): Attempt<Outcome> {
  return { type: 'settled', outcomes: items.map(() => outcome) };
}
