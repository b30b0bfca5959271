import { isDeepStrictEqual } from 'node:util';
import { dayOf } from '../problems/phrases.js';
import type { ProblemOf } from '../problems/problem.js';
import { byBlueprint, type Claim, type Proof } from './claims.js';
import type { Facts } from './facts.js';

/** So many may go without a proof, and without a look at their share: a few come and go on any day. */
const UNASKED = 10;
/** How many entities a stop names. */
const NAMED_VICTIMS = 5;

type Stop = ProblemOf<'deletion-stopped'>;
type ProofOf = (claim: Claim) => Proof;

/** Whether somebody approved as many deletions on the command line of this run, for this day. */
export function isApproved(claims: readonly Claim[], facts: Facts): boolean {
  const { approval } = facts.policy;
  return (
    approval !== null &&
    approval.day === today(facts) &&
    claims.length > 0 &&
    claims.length <= approval.most
  );
}

/** The day by Port's clock, such as `2026-11-30`; null where that is not known. */
function today({ context }: Facts): string | null {
  const now = context.client.now();
  return now === null ? null : dayOf(now);
}

/**
 * Whether more would go at once than may unasked. Each guard that trips is a problem; empty when the
 * deletions may go on.
 */
export async function guard(
  claims: readonly Claim[],
  proofOf: ProofOf,
  facts: Facts,
): Promise<readonly Stop[]> {
  const { approval, history } = facts.policy;
  if (isApproved(claims, facts)) return [];
  const day = today(facts);
  const common = {
    due: claims.length,
    approval: day === null ? null : `${claims.length}@${day}`,
    refused: approval === null ? null : `${approval.most}@${approval.day}`,
    ...('mark' in history && history.mark.stoppedAt !== undefined
      ? { since: history.mark.stoppedAt }
      : {}),
  };
  const stops: Stop[] = [];
  const unproven = withoutProof(claims, proofOf);
  if (unproven.length > UNASKED) {
    const victims = victimsOf(unproven);
    stops.push({
      code: 'deletion-stopped',
      ...common,
      guard: { type: 'unproven', count: unproven.length },
      victims,
    });
  }
  for (const trip of await thresholdTrips(claims, proofOf, facts)) {
    stops.push({ code: 'deletion-stopped', ...common, ...trip });
  }
  const isFirstAfterTakeOver = 'mark' in history && history.mark.isTakenOver;
  if (stops.length === 0 && isFirstAfterTakeOver && claims.length > UNASKED) {
    stops.push({
      code: 'deletion-stopped',
      ...common,
      guard: { type: 'taken over' },
      victims: victimsOf(claims),
    });
  }
  return stops.map((stop, index) =>
    tellsMore(stop, stops.slice(0, index)) ? stop : { ...stop, isFurther: true },
  );
}

/** Whether there is something to say of a stop that those before it did not say. */
function tellsMore({ changed }: Stop, before: readonly Stop[]): boolean {
  if (before.length === 0) return true;
  return (
    changed !== undefined && !before.some((other) => isDeepStrictEqual(other.changed, changed))
  );
}

/** Whether a guard would stop a run that may delete all of these. */
export async function wouldStop(
  claims: readonly Claim[],
  proofOf: ProofOf,
  facts: Facts,
): Promise<boolean> {
  return (
    withoutProof(claims, proofOf).length > UNASKED || (await tripsThreshold(claims, proofOf, facts))
  );
}

function withoutProof(claims: readonly Claim[], proofOf: ProofOf): readonly Claim[] {
  return claims.filter((claim) => proofOf(claim) === 'none');
}

/** Whether the share of what would go is above the threshold, over all or in one blueprint. */
export async function tripsThreshold(
  claims: readonly Claim[],
  proofOf: ProofOf,
  facts: Facts,
): Promise<boolean> {
  return (await thresholdTrips(claims, proofOf, facts)).length > 0;
}

/** How one blueprint would change, less what is proven. */
interface Turnover {
  readonly blueprint: string;
  readonly due: readonly Claim[];
  /** Of those, how many were there when deletions were last judged. */
  readonly settledDue: number;
  /** How many of our entities were. */
  readonly settled: number;
  /** Identifiers that came into the blueprint since then. */
  readonly appeared: readonly string[];
}

/** Over all blueprints and in each: an emptied small blueprint must not hide behind large ones. */
async function thresholdTrips(
  claims: readonly Claim[],
  proofOf: ProofOf,
  facts: Facts,
): Promise<readonly Pick<Stop, 'guard' | 'victims' | 'changed'>[]> {
  const { threshold } = facts.policy;
  const counted = claims.filter((claim) => proofOf(claim) !== 'address');
  const turnovers: Turnover[] = [];
  const claimed = byBlueprint(counted);
  // What is proven counts in neither part of a share: beside it, a changed identifier would pass.
  const proven = byBlueprint(claims.filter((claim) => proofOf(claim) === 'address'));
  const settledOf = (some: readonly Claim[]): number =>
    some.filter(({ createdAt }) => facts.isSettled(createdAt)).length;
  for (const blueprint of new Set([...facts.loaded.loads.keys(), ...claimed.keys()])) {
    const due = claimed.get(blueprint) ?? [];
    const owned = await facts.ownedIn(blueprint);
    const settledDue = settledOf(due);
    const settled =
      owned === undefined
        ? settledDue
        : (await facts.settledIn(blueprint)) - settledOf(proven.get(blueprint) ?? []);
    const appeared = await appearedIn(blueprint, facts);
    turnovers.push({ blueprint, due, settledDue, settled, appeared });
  }
  const trips: Pick<Stop, 'guard' | 'victims' | 'changed'>[] = [];
  const check = (blueprint: string | null, some: readonly Turnover[]): void => {
    const due = some.flatMap((one) => one.due);
    const settled = sum(some.map((one) => one.settled));
    const settledDue = sum(some.map((one) => one.settledDue));
    // Where all of it came since deletions were last judged, there is nothing to take a share of.
    const share = settled === 0 ? 1 : settledDue / settled;
    if (due.length <= UNASKED || share <= threshold) return;
    const changed = changedIdentifier(some);
    trips.push({
      guard: { type: 'threshold', count: due.length, owned: settled, threshold, blueprint },
      victims: victimsOf(due),
      ...(changed === null ? {} : { changed }),
    });
  };
  check(null, turnovers);
  for (const turnover of turnovers) check(turnover.blueprint, [turnover]);
  return trips;
}

/** Of the blueprint that would lose most, among those whose identifier seems to have changed. */
function changedIdentifier(turnovers: readonly Turnover[]): NonNullable<Stop['changed']> | null {
  const mostFirst = [...turnovers].sort((one, other) => other.due.length - one.due.length);
  for (const { blueprint, settled, due, appeared } of mostFirst) {
    const identifiers = due.map(({ identifier }) => identifier);
    const change = identifierChange({ owned: settled, due: identifiers, appeared });
    if (change !== null) return { blueprint, ...change };
  }
  return null;
}

async function appearedIn(blueprint: string, facts: Facts): Promise<readonly string[]> {
  const produced = facts.loaded.loads.get(blueprint)?.load.produced;
  const owned = await facts.ownedIn(blueprint);
  return [...(produced?.identifiers() ?? [])].filter(
    (identifier) => !facts.isSettled(owned?.get(identifier)?.createdAt ?? null),
  );
}

function victimsOf(claims: readonly Claim[]): Stop['victims'] {
  return claims
    .slice(0, NAMED_VICTIMS)
    .map(({ blueprint, identifier }) => ({ blueprint, identifier }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** What a blueprint would lose, and what it got in the same run. */
export interface Exchange {
  /** Entities of our data source before the run. */
  readonly owned: number;
  /** Identifiers that are due. */
  readonly due: readonly string[];
  /** Identifiers that this run made and Port did not know before. */
  readonly appeared: readonly string[];
}

/** An identifier that a mapping gave before, and the one that it seems to give now. */
interface IdentifierChange {
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
export function identifierChange({ owned, due, appeared }: Exchange): IdentifierChange | null {
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
