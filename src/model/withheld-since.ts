/** Deletions in one blueprint that runs withheld for one reason, one run after the other. */
export interface Withheld {
  readonly blueprint: string;
  /** Names a row of the objections. */
  readonly reason: string;
}

/** Since when they did, by Port's clock, in milliseconds since the epoch. */
export interface SinceWhen extends Withheld {
  readonly since: number;
}

/** So many are remembered, the oldest. They are kept in Port, and stay small. */
const MOST = 100;

/** Clocks are read in whole seconds. */
const MARGIN_MILLISECONDS = 5_000;

/**
 * Since when deletions are withheld, as the integration remembers it. A person is told so; what may be
 * deleted never depends on it.
 */
export class WithheldSince {
  static readonly NONE = new WithheldSince([]);

  /** @param all sorted by age, then by name; each named once */
  private constructor(readonly all: readonly SinceWhen[]) {}

  /** As they were kept. Of those that are named twice, the older one. */
  static from(remembered: readonly SinceWhen[]): WithheldSince {
    const byName = new Map<string, SinceWhen>();
    for (const one of [...remembered].sort(byAge)) {
      if (!byName.has(nameOf(one))) byName.set(nameOf(one), one);
    }
    return new WithheldSince([...byName.values()].slice(0, MOST));
  }

  /**
   * Since when; null: not that anybody remembers.
   * @param now a time to come was left by a clock that was wrong
   */
  of(withheld: Withheld, now: number): number | null {
    const name = nameOf(withheld);
    const since = this.all.find((one) => nameOf(one) === name)?.since ?? null;
    return since !== null && since <= now + MARGIN_MILLISECONDS ? since : null;
  }

  /** What to remember after a run that withheld these. What it withheld no more is forgotten. */
  after(withheld: readonly Withheld[], now: number): WithheldSince {
    return WithheldSince.from(
      withheld.map(({ blueprint, reason }) => {
        const since = this.of({ blueprint, reason }, now) ?? now;
        return { blueprint, reason, since };
      }),
    );
  }

  /** Whether it says the same as the other. */
  equals({ all }: WithheldSince): boolean {
    return JSON.stringify(this.all) === JSON.stringify(all);
  }
}

function nameOf({ blueprint, reason }: Withheld): string {
  return JSON.stringify([blueprint, reason]);
}

function byAge(one: SinceWhen, other: SinceWhen): number {
  return one.since - other.since || (nameOf(one) < nameOf(other) ? -1 : 1);
}
