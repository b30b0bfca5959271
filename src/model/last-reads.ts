/** Repositories that stand next to one another by their keys, and were last read in the same run. */
export interface ReadStretch {
  readonly from: string;
  readonly to: string;
  /** When that run began, by Port's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** So many runs are told apart; what is remembered of more is joined. It is kept in Port, and stays small. */
const MOST_STRETCHES = 200;

const NEVER = 0;

/**
 * When repositories were last read, where the limits of requests let a run read some of them only.
 * Remembered are stretches of the sorted keys: a repository that was created within one since then counts
 * as read with its neighbours, as it is younger than that.
 */
export class LastReads {
  static readonly NONE = new LastReads([]);

  /** @param stretches by key; they do not overlap */
  private constructor(readonly stretches: readonly ReadStretch[]) {}

  /** @param times by the keys of all repositories; null: never */
  static of(times: ReadonlyMap<string, number | null>): LastReads {
    const stretches: ReadStretch[] = [];
    for (const key of [...times.keys()].sort()) {
      const at = times.get(key) ?? NEVER;
      const last = stretches.at(-1);
      if (last?.at === at) stretches[stretches.length - 1] = { ...last, to: key };
      else stretches.push({ from: key, to: key, at });
    }
    return new LastReads(fewer(stretches).filter(({ at }) => at > NEVER));
  }

  /** As they were kept. What does not fit together is forgotten. */
  static from(stretches: readonly ReadStretch[]): LastReads {
    const sorted = stretches.filter(({ from, to }) => from <= to).sort(byKey);
    return new LastReads(sorted.filter(({ from }, index) => from > (sorted[index - 1]?.to ?? '')));
  }

  /** When the repository was last read; null: not that anybody remembers. */
  of(key: string): number | null {
    const stretch = this.stretches.find(({ from, to }) => from <= key && key <= to);
    return stretch?.at ?? null;
  }
}

function byKey(one: ReadStretch, other: ReadStretch): number {
  return one.from < other.from ? -1 : 1;
}

/** Neighbours joined, where there are too many: as old as the older one. */
function fewer(stretches: readonly ReadStretch[]): readonly ReadStretch[] {
  if (stretches.length <= MOST_STRETCHES) return stretches;
  const joined: ReadStretch[] = [];
  for (let index = 0; index < stretches.length; index += 2) {
    const [one, other] = stretches.slice(index, index + 2);
    if (one === undefined) continue;
    joined.push(
      other === undefined ? one : { from: one.from, to: other.to, at: Math.min(one.at, other.at) },
    );
  }
  return fewer(joined);
}
