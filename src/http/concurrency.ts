/** How many requests may be under way at a time. */
export interface Concurrency {
  /** To begin with. */
  readonly first: number;
  /** While answers stay quick and clean; the same as `first` where a user has fixed it. */
  readonly most: number;
}

/** What an answer says about how much the server bears. */
export interface Sign {
  /** From sending to the last byte. */
  readonly milliseconds: number;
  /** 429, 503, 504 or no answer in time: too much. */
  readonly isOverloaded: boolean;
  /** Whether others wait for their turn: only then would more be of use. */
  readonly isWanted: boolean;
}

/** How many may be under way now, and what that follows from. */
export interface Bearing {
  readonly limit: number;
  /** Whether the server was overloaded once: from then on, one more at a time. */
  readonly hasYielded: boolean;
  /** The mean time of the quickest round since the last change for the worse; null: none was finished. */
  readonly quickest: number | null;
  /** The round that is being counted: as many answers as may be under way. */
  readonly answers: number;
  readonly milliseconds: number;
  readonly wanted: number;
}

/** Answers that take less than this on average are quick, whatever others took. */
const quickMilliseconds = 250;

/** So many times the quickest mean is too slow for more, and too slow for as many. */
const slower = 1.5;
const tooSlow = 2;

/** Before the first answer. */
export function bearingOf({ first }: Concurrency): Bearing {
  return { ...newRound, limit: first, hasYielded: false, quickest: null };
}

const newRound = { answers: 0, milliseconds: 0, wanted: 0 } as const;

/**
 * How many may be under way after an answer: half of them when the server is overloaded or takes twice
 * as long as it did; a quarter more after each round that was quick, one more once it was overloaded.
 * Times are compared as means of whole rounds, because single requests differ.
 */
export function afterAnswer(bearing: Bearing, sign: Sign, { most }: Concurrency): Bearing {
  if (sign.isOverloaded) return halved(bearing);
  const answers = bearing.answers + 1;
  const milliseconds = bearing.milliseconds + sign.milliseconds;
  const wanted = bearing.wanted + (sign.isWanted ? 1 : 0);
  if (answers < bearing.limit) return { ...bearing, answers, milliseconds, wanted };

  const mean = milliseconds / answers;
  const { limit, hasYielded } = bearing;
  const pace =
    Math.max(mean, quickMilliseconds) / Math.max(bearing.quickest ?? mean, quickMilliseconds);
  if (pace > tooSlow) return halved(bearing);
  const step = hasYielded ? 1 : Math.ceil(limit / 4);
  const grows = pace <= slower && wanted > answers / 2;
  return {
    ...newRound,
    limit: grows ? Math.min(most, limit + step) : limit,
    hasYielded,
    quickest: Math.min(mean, bearing.quickest ?? mean),
  };
}

/** What is slow now may be what is asked now: what was quickest before counts no more. */
function halved({ limit }: Bearing): Bearing {
  return {
    ...newRound,
    limit: Math.max(1, Math.floor(limit / 2)),
    hasYielded: true,
    quickest: null,
  };
}
