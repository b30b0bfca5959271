import type { LastReads } from '../../../model/last-reads.js';

/** What one repository takes at least, over all readings. */
export interface WholeNeed {
  readonly api: number;
  readonly files: number;
}

/** Requests that may be sent. */
export interface Room extends WholeNeed {
  /** Of both groups together. */
  readonly both: number;
}

/** Which repositories are read, and in which order. */
export interface Choice {
  readonly needed: WholeNeed;
  /** Whether all are reached. */
  readonly isEnough: boolean;
  /** Whether there is plenty of room. */
  readonly isRoomy: boolean;
  /** All of them, by key. */
  readonly order: readonly string[];
  /** How many from the start of the order are reached where only the one or the other is needed. */
  readonly reached: WholeNeed;
}

/**
 * The share of the room that may be planned for before the order turns: the needs are lower bounds, and
 * when they fall short, it must not be the same repositories every hour that come too late.
 */
const roomyShare = 0.8;

/**
 * Chooses the repositories that a run reads: all in the order of the listing where there is plenty of
 * room; else those that were read longest ago come first, or where nothing is remembered those where the
 * hour puts it, and as many are taken as there is room for.
 * @param needs by the repository's key, in the order of the listing
 * @param setAside requests besides, which are wanted where not all are reached
 * @param now milliseconds since the epoch
 * @param lastReads what is remembered; null: nothing can be
 */
export function chooseRepositories(
  needs: ReadonlyMap<string, WholeNeed>,
  room: Room,
  setAside: number,
  now: number,
  lastReads: LastReads | null = null,
): Choice {
  const needed = { api: 0, files: 0 };
  for (const { api, files } of needs.values()) {
    needed.api += api;
    needed.files += files;
  }
  const keys = [...needs.keys()];
  const all = { api: keys.length, files: keys.length };
  if (fits(needed, room, roomyShare)) {
    return { needed, isEnough: true, isRoomy: true, order: keys, reached: all };
  }
  const order = inTurn(keys, now, lastReads);
  if (fits(needed, room, 1)) {
    return { needed, isEnough: true, isRoomy: false, order, reached: all };
  }
  const left = { ...room, api: room.api - setAside, both: room.both - setAside };
  const reached = reach(order, needs, left);
  return { needed, isEnough: false, isRoomy: false, order, reached };
}

/** By their keys, where it is remembered which were read: what is read together is kept together. */
function inTurn(
  keys: readonly string[],
  now: number,
  lastReads: LastReads | null,
): readonly string[] {
  const start = startPosition(now, keys.length);
  if (lastReads === null) return from(keys, start);
  const sorted = [...keys].sort();
  if (lastReads.stretches.length === 0) return from(sorted, start);
  const at = new Map(sorted.map((key) => [key, lastReads.of(key) ?? 0]));
  return sorted.sort((one, other) => (at.get(one) ?? 0) - (at.get(other) ?? 0));
}

function fits({ api, files }: WholeNeed, room: Room, share: number): boolean {
  return api <= room.api * share && files <= room.files * share && api + files <= room.both * share;
}

/** Each group goes as far as its own room; the room of both is for whole repositories. */
function reach(
  order: readonly string[],
  needs: ReadonlyMap<string, WholeNeed>,
  room: Room,
): WholeNeed {
  const used = { api: 0, files: 0 };
  const reached = { api: 0, files: 0 };
  for (const [position, key] of order.entries()) {
    const { api = 0, files = 0 } = needs.get(key) ?? {};
    used.api += api;
    used.files += files;
    if (used.api + used.files > room.both) break;
    if (used.api <= room.api) reached.api = position + 1;
    if (used.files <= room.files) reached.files = position + 1;
  }
  return reached;
}

const hour = 3_600_000;

/** The golden ratio's fraction: its multiples spread over a circle as evenly as any can. */
const step = (Math.sqrt(5) - 1) / 2;

/**
 * Where in a list a run begins that cannot reach all of it. The hour puts it, so that runs that follow
 * one another begin in gaps that earlier ones left, whether they come hourly, daily or weekly: 24 in a
 * row, an hour apart, are nowhere further than a sixteenth of the list from the next.
 * @param now milliseconds since the epoch
 * @param count how long the list is
 */
export function startPosition(now: number, count: number): number {
  const hours = Math.floor(now / hour);
  return Math.floor(((hours * step) % 1) * count);
}

/** The list from the place on, and then what is before it. */
export function from<Item>(items: readonly Item[], place: number): readonly Item[] {
  return [...items.slice(place), ...items.slice(0, place)];
}
