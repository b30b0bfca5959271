/** Where a page begins. */
export type PageStart =
  | { readonly type: 'row'; readonly position: number }
  /** A page without rows, although rows follow from `position` on. */
  | { readonly type: 'empty'; readonly position: number };

/** How the `start` of a page names the position of a row. */
export interface Positions {
  /** Undefined when the server never gave out this `start`. */
  read(start: number): PageStart | undefined;
  /** The `start` of the page after the one that began at `from`. */
  write(position: number, from: PageStart): number;
  /** Whether the last page leaves `nextPageStart` out instead of saying null. */
  readonly lastIsSilent: boolean;
}

/** Rows are counted: what most listings of a small Bitbucket look like. */
export const contiguousPositions: Positions = {
  read: (start) => ({ type: 'row', position: start }),
  write: (position) => position,
  lastIsSilent: false,
};

/** Room between two rows, as if a caller without permission could not see what lies between. */
const spacing = 64;
const half = spacing / 2;

/**
 * Rows far apart and unevenly so, and an empty page after the first: a `start` that was computed
 * instead of taken from the answer before hits nothing.
 */
export const gappedPositions: Positions = {
  read: (start) => {
    const position = Math.floor(start / spacing);
    if (start === rowStart(position)) return { type: 'row', position };
    if (start === emptyStart(position + 1)) return { type: 'empty', position: position + 1 };
    return undefined;
  },
  write: (position, from) =>
    from.type === 'row' && from.position === 0 ? emptyStart(position) : rowStart(position),
  lastIsSilent: true,
};

/** In the first half of a row's room; the first row is at 0. */
function rowStart(position: number): number {
  return position * spacing + scatter(position);
}

/** In the second half of the room of the row before. */
function emptyStart(position: number): number {
  return position * spacing - half + scatter(position);
}

/**
 * Less than half a room, without a pattern that a client could guess. The multiplier is 2^32 over
 * the golden ratio, which spreads neighbours far apart.
 */
function scatter(position: number): number {
  return (Math.imul(position, 2_654_435_761) >>> 16) % half;
}
