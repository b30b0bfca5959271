/** What came of sending several items at once. */
export type Attempt<Outcome> =
  /** Each item has its outcome, in order. */
  | { readonly type: 'settled'; readonly outcomes: readonly Outcome[] }
  /** Everything was turned down, because of some item; `alone` is the outcome if it was the only one. */
  | { readonly type: 'rejected'; readonly alone: Outcome };

/**
 * Sends items; what is rejected as a whole is halved until the items at fault are alone, and the
 * others got through. Halves go one after the other, so that items keep their order.
 * @returns one outcome per item, in order
 */
export async function bisect<Item, Outcome>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<Attempt<Outcome>>,
): Promise<readonly Outcome[]> {
  if (items.length === 0) return [];
  const attempt = await send(items);
  if (attempt.type === 'settled') return attempt.outcomes;
  if (items.length === 1) return [attempt.alone];
  const middle = Math.ceil(items.length / 2);
  return [
    ...(await bisect(items.slice(0, middle), send)),
    ...(await bisect(items.slice(middle), send)),
  ];
}

/** The same outcome for each item. */
export function settleAll<Outcome>(items: readonly unknown[], outcome: Outcome): Attempt<Outcome> {
  return { type: 'settled', outcomes: items.map(() => outcome) };
}
