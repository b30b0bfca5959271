/** What a blueprint would lose, and what it got in the same run. */
export interface Turnover {
  /** Entities of our data source before the run. */
  readonly owned: number;
  /** Identifiers that are due. */
  readonly due: readonly string[];
  /** Identifiers that this run made and Port did not know before. */
  readonly appeared: readonly string[];
}

/** An identifier that a mapping gave before, and the one that it seems to give now. */
export interface IdentifierChange {
  readonly appeared: number;
  readonly before: string;
  readonly now: string;
}

/** The least share of a blueprint that goes when its identifier was changed: most of it. */
const MOST = 0.5;
/** How far the numbers of what goes and what comes may be apart: a few come and go on any day. */
const TOLERANCE = 0.2;
/** Identifiers that are looked through for a pair: a message needs one. */
const CANDIDATES = 500;

/**
 * Tells a changed identifier from a real disappearance: most of a blueprint would go while about as
 * many came. The pair that is named is the likeliest, by how much of their letters is the same.
 * @returns null when it does not look like one
 */
export function identifierChange({ owned, due, appeared }: Turnover): IdentifierChange | null {
  const [first] = due;
  if (first === undefined || due.length < owned * MOST) return null;
  if (Math.abs(appeared.length - due.length) > due.length * TOLERANCE) return null;
  const candidates = appeared.slice(0, CANDIDATES);
  let best = { before: first, now: candidates[0], likeness: -1 };
  for (const before of due.slice(0, 1 + CANDIDATES / 100)) {
    for (const now of candidates) {
      const likeness = likenessOf(before, now);
      if (likeness > best.likeness) best = { before, now, likeness };
    }
  }
  const { before, now } = best;
  return now === undefined ? null : { appeared: appeared.length, before, now };
}

/** From 0 to 1: 1 when one is a part of the other, else by what they begin and end with. */
function likenessOf(one: string, other: string): number {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.toLowerCase().includes(short.toLowerCase())) return short.length / long.length + 1;
  const shared = sharedLength(short, long, 0) + sharedLength(short, long, -1);
  return shared / long.length;
}

/** Letters that both have alike from the beginning, or with -1 from the end. */
function sharedLength(short: string, long: string, from: 0 | -1): number {
  let length = 0;
  while (length < short.length && at(short, length, from) === at(long, length, from)) length += 1;
  return length;
}

function at(text: string, distance: number, from: 0 | -1): string | undefined {
  return text.at(from === 0 ? distance : -1 - distance);
}
