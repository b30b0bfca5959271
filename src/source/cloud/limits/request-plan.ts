import type { Clock } from '../../../clock.js';
import { LastReads } from '../../../model/last-reads.js';
import type { Problem } from '../../../problems/problem.js';
import type { Staleness } from '../../../problems/subjects/reading.js';
import type { ReadingMemory } from '../../source.js';
import type { ListedRepository } from '../items.js';
import type { RootListings } from '../root-listings.js';
import type { RequestBudget } from './budget.js';
import { chooseRepositories, type Choice, type WholeNeed } from './choose-repositories.js';
import { type Demand, type Need, wholeNeeds } from './demand.js';
import { forecastOf } from './forecast.js';
import type { LimitGroup } from './token-limit.js';

/** Repositories of one reading. */
export interface ChosenRepositories {
  /** In the order in which they are read. */
  readonly reached: readonly ListedRepository[];
  /** Not to be read in this run. */
  readonly left: readonly ListedRepository[];
}

export interface RequestPlanOptions {
  readonly listings: RootListings;
  readonly budget: RequestBudget;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds since the epoch; null: there is none. */
  readonly deadline: number | null;
  readonly report: (problem: Problem) => void;
}

/** What seems to be gone is asked for by its address: so many questions, of the requests that a run may send. */
const ADDRESSES = { share: 0.05, most: 50 };

interface Plan {
  readonly positions: ReadonlyMap<string, number>;
  readonly reached: WholeNeed;
  /** Requests for what deletions rest on: second readings, and questions for what seems to be gone. */
  readonly setAside: number;
  /** Whether there is plenty of room. */
  readonly isRoomy: boolean;
  /** Whether the listings of repositories came to their end. */
  readonly isWhole: boolean;
}

/** What earlier runs left for this one. */
interface Memory {
  readonly lastReads: LastReads;
  readonly now: number;
  readonly maxStaleMilliseconds: number;
}

/**
 * Shares out the requests of a run. Once the repositories are known, it tells what all readings need of
 * them, and where that is too much, the same repositories are read for every kind.
 */
export class RequestPlan implements ReadingMemory {
  readonly #options: RequestPlanOptions;
  readonly #startedAt: number;
  readonly #demands = new Set<Demand>();
  #plan: Promise<Plan> | null = null;
  #isTold = false;
  #memory: Memory | null = null;
  #made: Plan | null = null;
  readonly #unread = new Set<string>();

  constructor(options: RequestPlanOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Takes part in the plan. Call it for every reading before any of them asks for repositories. */
  join(demand: Demand): void {
    this.#demands.add(demand);
    this.#plan = null;
  }

  /** Takes part no more: whatever is planned from now on is planned without it. */
  leave(demand: Demand): void {
    this.#demands.delete(demand);
  }

  recall(lastReads: LastReads, now: number, maxStaleMilliseconds: number): void {
    this.#memory = { lastReads, now, maxStaleMilliseconds };
  }

  /** A reading that did not come to its end, or a list that did not, leaves open what was read. */
  reads(): LastReads | null {
    const [memory, plan] = [this.#memory, this.#made];
    if (memory === null || plan === null || this.#demands.size > 0 || !plan.isWhole) return null;
    const { lastReads, now } = memory;
    if (plan.isRoomy && this.#unread.size === 0) {
      return lastReads.stretches.length === 0 ? null : LastReads.NONE;
    }
    return LastReads.of(
      new Map(
        [...plan.positions.keys()].map((key) => [
          key,
          this.#unread.has(key) ? lastReads.of(key) : now,
        ]),
      ),
    );
  }

  /**
   * Told of repositories that a reading does not reach.
   * @returns how many of them were not read for too long; null: nobody remembers
   */
  leaveUnread(repositories: readonly ListedRepository[]): Staleness | null {
    for (const { item } of repositories) this.#unread.add(item.key);
    if (this.#memory === null) return null;
    const { lastReads, now, maxStaleMilliseconds } = this.#memory;
    const isStale = ({ item }: ListedRepository): boolean => {
      const at = lastReads.of(item.key);
      return at === null || now - at > maxStaleMilliseconds;
    };
    return { stale: repositories.filter(isStale).length, maxStaleMilliseconds };
  }

  /** Waits until the repositories of all readings are known. */
  async choose(
    { needOf }: Demand,
    repositories: readonly ListedRepository[],
  ): Promise<ChosenRepositories> {
    const { positions, reached } = await (this.#plan ??= this.#make());
    const placed = repositories.map((repository) => ({
      repository,
      position: positions.get(repository.item.key) ?? Infinity,
    }));
    placed.sort((one, other) =>
      one.position === other.position ? 0 : one.position - other.position,
    );
    const isReached = ({ repository, position }: (typeof placed)[number]): boolean => {
      const { api, files } = needOf(repository);
      // One that nobody planned for was created meanwhile.
      if (position === Infinity) return true;
      return (
        (api === 0 || position < reached.api) && (files.length === 0 || position < reached.files)
      );
    };
    return {
      reached: placed.filter(isReached).map(({ repository }) => repository),
      left: placed.filter((one) => !isReached(one)).map(({ repository }) => repository),
    };
  }

  /** Whether there is room for so many repositories of this need. */
  async hasRoom({ api, files }: Need, times: number): Promise<boolean> {
    const { setAside } = await (this.#plan ??= this.#make());
    return (
      (api === 0 || this.#room('api') - setAside >= api * times) &&
      (files.length === 0 || this.#room('files') >= files.length * times)
    );
  }

  /** Why a run reads no further, in words, with the time from which on another one could. */
  get why(): string {
    const { budget, clock, deadline } = this.#options;
    if (deadline === null || budget.left <= this.#room('api')) {
      return 'it takes more requests than the run may send';
    }
    const due = this.#startedAt + budget.allowance('api').windowMilliseconds;
    const time = wholeSecond(Math.max(due, clock.now()));
    return `it takes more requests than the time limit has room for; there is room again at ${time}: run again then`;
  }

  async #make(): Promise<Plan> {
    const { needs, pages, isWhole } = await wholeNeeds(this.#demands, this.#options.listings);
    const { budget, clock, deadline, report } = this.#options;
    const both = budget.left;
    const room = { api: this.#room('api'), files: this.#room('files'), both };
    const most = Math.min(room.api, both);
    const addresses = Math.min(ADDRESSES.most, Math.floor(most * ADDRESSES.share));
    // Never more than half, or there would be nothing left for what they are to confirm.
    const setAside = Math.min((pages > 1 ? pages : 0) + addresses, Math.floor(most / 2));
    const choice = chooseRepositories(
      needs,
      room,
      setAside,
      this.#startedAt,
      this.#memory?.lastReads,
    );
    const allowance = { api: budget.allowance('api'), files: budget.allowance('files') };
    const timeLeft = deadline === null ? null : Math.max(0, deadline - clock.now());
    const forecast = forecastOf({ choice, room, allowance, timeLeft });
    if (forecast !== null && !this.#isTold) {
      this.#isTold = true;
      report(forecast);
    }
    return (this.#made = planOf(choice, setAside, isWhole));
  }

  #room(group: LimitGroup): number {
    const { budget, clock, deadline } = this.#options;
    return budget.room(group, clock.now(), deadline);
  }
}

function planOf(
  { order, reached, isEnough, isRoomy }: Choice,
  setAside: number,
  isWhole: boolean,
): Plan {
  const positions = new Map(order.map((key, position) => [key, position]));
  return { positions, reached, setAside: isEnough ? 0 : setAside, isRoomy, isWhole };
}

/** RFC 3339, rounded up. */
function wholeSecond(milliseconds: number): string {
  const rounded = Math.ceil(milliseconds / 1_000) * 1_000;
  return new Date(rounded).toISOString().replace('.000Z', 'Z');
}
