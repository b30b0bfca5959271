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
export function startPlace(now: number, count: number): number {
  const hours = Math.floor(now / hour);
  return Math.floor(((hours * step) % 1) * count);
}

/** The list from the place on, and then what is before it. */
export function from<Item>(items: readonly Item[], place: number): readonly Item[] {
  return [...items.slice(place), ...items.slice(0, place)];
}
