import type { Allowance } from '../../../http/request-quota.js';
import type { ProblemOf } from '../../../problems/problem.js';
import type { Choice, Room } from './choose-repositories.js';
import type { LimitGroup } from './token-limit.js';

const minute = 60_000;

/** What there is to know about the limits of a run when its repositories are known. */
export interface ForecastFacts {
  readonly choice: Choice;
  readonly room: Room;
  /** What all tokens allow for at a time. */
  readonly allowance: Readonly<Record<LimitGroup, Allowance>>;
  /** Milliseconds until `--timeout`; null: there is none. */
  readonly timeLeft: number | null;
}

/** What a run will meet, when it cannot go through without a wait; else null. */
export function forecastOf(facts: ForecastFacts): ProblemOf<'request-forecast'> | null {
  const { choice, room } = facts;
  const { api, files } = choice.needed;
  if (api + files > room.both) {
    return forecast('requests', api + files, room.both, null, false);
  }
  const groups = [ofGroup('api', facts), ofGroup('files', facts)].filter((one) => one !== null);
  const short = groups.filter(({ isEnough }) => !isEnough);
  return worst(short) ?? worst(groups);
}

function ofGroup(
  group: LimitGroup,
  { choice, room, allowance, timeLeft }: ForecastFacts,
): ProblemOf<'request-forecast'> | null {
  const what = group === 'api' ? 'requests' : 'reads of files';
  const needed = choice.needed[group];
  if (needed > room[group]) return forecast(what, needed, room[group], timeLeft, false);
  const { requests, windowMilliseconds } = allowance[group];
  return needed > requests ? forecast(what, needed, requests, windowMilliseconds, true) : null;
}

function forecast(
  what: ProblemOf<'request-forecast'>['what'],
  needed: number,
  available: number,
  milliseconds: number | null,
  isEnough: boolean,
): ProblemOf<'request-forecast'> {
  const windowMilliseconds =
    milliseconds === null || milliseconds < minute
      ? milliseconds
      : Math.round(milliseconds / minute) * minute;
  return { code: 'request-forecast', what, needed, available, windowMilliseconds, isEnough };
}

function worst(
  forecasts: readonly ProblemOf<'request-forecast'>[],
): ProblemOf<'request-forecast'> | null {
  const share = (one: ProblemOf<'request-forecast'>): number =>
    one.needed / Math.max(1, one.available);
  return forecasts.reduce<ProblemOf<'request-forecast'> | null>(
    (most, one) => (most === null || share(one) > share(most) ? one : most),
    null,
  );
}
