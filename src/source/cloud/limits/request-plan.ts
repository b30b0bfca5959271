import type { Clock } from '../../../clock.js';
import type { Problem } from '../../../problems/problem.js';
import type { ListedRepository } from '../items.js';
import type { RootListings } from '../root-listings.js';
import type { RequestBudget } from './budget.js';
import { chooseRepositories, type Choice, type WholeNeed } from './choose-repositories.js';
import type { Demand } from './demand.js';
import { forecastOf } from './forecast.js';
import type { LimitGroup } from './limit-headers.js';
import type { Need } from './need.js';
import { wholeNeeds } from './whole-needs.js';

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
}

/**
 * Shares out the requests of a run. Once the repositories are known, it tells what all readings need of
 * them, and where that is too much, the same repositories are read for every kind.
 */
export class RequestPlan {
  readonly #options: RequestPlanOptions;
  readonly #startedAt: number;
  readonly #demands = new Set<Demand>();
  #plan: Promise<Plan> | null = null;
  #isTold = false;

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
    const { needs, pages } = await wholeNeeds(this.#demands, this.#options.listings);
    const { budget, clock, deadline, report } = this.#options;
    const both = budget.left;
    const room = { api: this.#room('api'), files: this.#room('files'), both };
    const most = Math.min(room.api, both);
    const addresses = Math.min(ADDRESSES.most, Math.floor(most * ADDRESSES.share));
    // Never more than half, or there would be nothing left for what they are to confirm.
    const setAside = Math.min((pages > 1 ? pages : 0) + addresses, Math.floor(most / 2));
    const choice = chooseRepositories(needs, room, setAside, this.#startedAt);
    const allowance = { api: budget.allowance('api'), files: budget.allowance('files') };
    const timeLeft = deadline === null ? null : Math.max(0, deadline - clock.now());
    const forecast = forecastOf({ choice, room, allowance, timeLeft });
    if (forecast !== null && !this.#isTold) {
      this.#isTold = true;
      report(forecast);
    }
    return planOf(choice, setAside);
  }

  #room(group: LimitGroup): number {
    const { budget, clock, deadline } = this.#options;
    return budget.room(group, clock.now(), deadline);
  }
}

function planOf({ order, reached, isEnough }: Choice, setAside: number): Plan {
  const positions = new Map(order.map((key, position) => [key, position]));
  return { positions, reached, setAside: isEnough ? 0 : setAside };
}

/** RFC 3339, rounded up. */
function wholeSecond(milliseconds: number): string {
  const rounded = Math.ceil(milliseconds / 1_000) * 1_000;
  return new Date(rounded).toISOString().replace('.000Z', 'Z');
}
