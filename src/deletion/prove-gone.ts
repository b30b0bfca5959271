import { type EntityReference, referenceKey } from '../model/entity.js';
import type { Withheld, WithheldSince } from '../model/withheld-since.js';
import { type Problem, ProblemError } from '../problems/problem.js';
import { type Claim, gatherClaims, lookAt, type Proof } from './claims.js';
import { type Facts, knowsRoots, namesKnownBlueprints } from './facts.js';
import { guard, isApproved, tripsThreshold, wouldStop } from './guards.js';
import {
  afterLooking,
  atTheEnd,
  beforeLooking,
  type Objection,
  untilNextRun,
} from './objections.js';
import { Judging, type Kept } from './judging.js';

/** How many entities are named beside a count. */
const NAMED = 3;

/**
 * Entities that are proven gone: nobody objected to deleting them, and they are not too many. Only
 * `proveGone` makes it, and only this can be removed.
 */
class ProvenEntities {
  // A private member: no other object has the shape of this one.
  readonly #isProven = true;

  constructor(
    readonly entities: readonly EntityReference[],
    /** Keys of those that are deleted together with what relates to them. */
    readonly cascading: ReadonlySet<string>,
    /** What the integration is to remember of deletions that are withheld; null: nothing else than before. */
    readonly withheld: WithheldSince | null,
  ) {}

  get isProven(): boolean {
    return this.#isProven;
  }
}

export type Proven = ProvenEntities;

const NOTHING_PROVEN = new ProvenEntities([], new Set(), null);

/**
 * Judges everything that our data source owns and this run did not produce. Each is a claim; the first
 * objection keeps it; what nobody objects to is gone, unless too much would go at once.
 */
export async function proveGone(facts: Facts): Promise<Proven> {
  const { report, signal, writer } = facts.context;
  const kept = new KeptClaims(facts);
  try {
    await tellNoneIsOurs(facts);
    const { claims, isComplete } = await gatherClaims(facts);
    const judging = new Judging(facts);
    const known = await unopposed(claims, beforeLooking, judging, kept);
    const seen = await lookAt(known, facts);
    const due = await unopposed(seen, afterLooking, judging, kept);
    const verdicts = await judging.verdicts(due);
    const proofOf = (claim: Claim): Proof => {
      const verdict = verdicts.get(referenceKey(claim));
      return verdict?.type === 'gone' ? verdict.proof : 'none';
    };
    const now = await unopposed(due, untilNextRun, judging, kept);
    if (now.length < due.length) writer.postpone(due, 'next run');
    const { history } = facts.policy;
    if (history.status === 'taken over') {
      const looked = isWhole(facts, isComplete);
      report({ code: 'taken-over', version: history.from, due: due.length, isWhole: looked });
    }
    const stops = await guard(now, proofOf, facts);
    stops.forEach(report);
    if (stops.length > 0) {
      writer.postpone(now, 'stopped');
      await rememberStop(facts);
    }
    if (signal.aborted) return NOTHING_PROVEN;
    if (stops.length > 0) return new ProvenEntities([], new Set(), withheldAfter(kept, facts));
    const all = [...kept.passing(), ...now];
    const approved = isApproved(now, facts);
    judging.isJudged = isWhole(facts, isComplete);
    judging.wouldStop = !approved && (await tripsThreshold(all, proofOf, facts));
    judging.isStopOver = approved || (judging.isJudged && !(await wouldStop(all, proofOf, facts)));
    const gone = await unopposed(now, atTheEnd, judging, kept);
    const cascading = (await judging.relations(due))?.cascading ?? new Set();
    return new ProvenEntities(gone, cascading, withheldAfter(kept, facts));
  } catch (error) {
    // A stop ends the calls under way: nothing is deleted on what they would have told.
    if (signal.aborted) return NOTHING_PROVEN;
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(report);
    return NOTHING_PROVEN;
  } finally {
    kept.report(report);
  }
}

/** What no rule keeps; the first rule that does counts. */
async function unopposed<Subject extends Claim>(
  claims: readonly Subject[],
  rules: readonly Objection<Subject>[],
  judging: Judging,
  kept: KeptClaims,
): Promise<readonly Subject[]> {
  let left = claims;
  for (const rule of rules) {
    const keeps = await rule.keeps(left, judging);
    if (keeps.length === 0) continue;
    for (const each of keeps) kept.add(each, rule);
    const keys = new Set(keeps.map(({ claim }) => referenceKey(claim)));
    left = left.filter((claim) => !keys.has(referenceKey(claim)));
  }
  return left;
}

/** Until it is approved or disproved, no later run deletes anything, whatever it sees. */
async function rememberStop({ context, policy, lastWord }: Facts): Promise<void> {
  const { history } = policy;
  if (history.status !== 'known' || history.mark.isStopped) return;
  if (!(await lastWord.isStillOurs())) return;
  const now = context.client.now();
  // Port hosts some integrations, whose mark has no place for it.
  const stoppedAt =
    now === null || lastWord.isHosted ? {} : { stoppedAt: Math.floor(now / 1_000) * 1_000 };
  await lastWord.leave({ ...history.mark, isStopped: true, ...stoppedAt });
}

/**
 * What the integration is to remember of what is kept. A run that is not to delete, or that is not the
 * only one, says nothing of how long that goes on.
 */
function withheldAfter(
  kept: KeptClaims,
  { policy, context, ...facts }: Facts,
): WithheldSince | null {
  const { isOn, threshold, isNarrowed, history, otherRunSince } = policy;
  const isToDelete = isOn && threshold > 0 && !isNarrowed && 'mark' in history;
  const now = context.client.now();
  if (!isToDelete || otherRunSince !== null || now === null) return null;
  const { withheldBefore, lastWord } = facts;
  const withheld = withheldBefore.after(kept.withheld(), now);
  return lastWord.isHosted || withheld.equals(withheldBefore) ? null : withheld;
}

/** Whether the run looked at all that our data source owns, and may judge it. */
function isWhole(facts: Facts, isComplete: boolean): boolean {
  const { policy, loaded, context, startedAt } = facts;
  const { isOn, threshold, isNarrowed, history, identity, otherRunSince } = policy;
  return (
    isComplete &&
    isOn &&
    threshold > 0 &&
    !isNarrowed &&
    history.status !== 'unreadable' &&
    identity === 'certain' &&
    otherRunSince === null &&
    startedAt !== null &&
    [...loaded.loads.values(), ...loaded.computedLoads.values()].every(
      ({ load }) => !load.isUnreadable,
    ) &&
    namesKnownBlueprints(facts) &&
    knowsRoots(loaded.runs) &&
    !context.signal.aborted
  );
}

/** Counts of what was kept, by blueprint and reason, with the first few of each. */
class KeptClaims {
  readonly #counts = new Map<string, KeptCount>();
  readonly #passing: Claim[] = [];

  constructor(private readonly facts: Facts) {}

  add({ claim, because }: Kept, rule: Reason): void {
    const { blueprint, identifier } = claim;
    const key = JSON.stringify([blueprint, rule.reason]);
    const count = this.#counts.get(key) ?? { blueprint, rule, count: 0, named: [] };
    this.#counts.set(key, count);
    count.count += 1;
    if (count.named.length < NAMED) count.named.push(because ?? identifier);
    if (!rule.lasts) this.#passing.push(claim);
  }

  /** What is kept for a reason that may be over in the next run. */
  passing(): readonly Claim[] {
    return this.#passing;
  }

  /** In which blueprints, and for which reasons. */
  withheld(): readonly Withheld[] {
    return [...this.#counts.values()].map(({ blueprint, rule: { reason } }) => ({
      blueprint,
      reason,
    }));
  }

  /** One problem for each blueprint and reason. */
  report(report: (problem: Problem) => void): void {
    const { withheldBefore, context } = this.facts;
    const now = context.client.now();
    for (const { blueprint, rule, count, named } of this.#counts.values()) {
      const { reason, words, remedy, weight } = rule;
      // Whoever was asked may have been cut short; that the run was stopped is told by itself.
      if (context.signal.aborted && rule.asks !== 'nobody') continue;
      const since = now === null ? null : withheldBefore.of({ blueprint, reason }, now);
      report({
        code: 'deletions-withheld',
        blueprint,
        count,
        reason,
        words,
        remedy,
        weight,
        named,
        ...(since === null ? {} : { since }),
      });
    }
  }
}

/** What there is to tell of a rule. */
type Reason = Omit<Objection<Claim>, 'keeps'>;

interface KeptCount {
  readonly blueprint: string;
  readonly rule: Reason;
  count: number;
  readonly named: string[];
}

/**
 * Tells of a run that finds none of its own among entities that Port holds just as it would write them:
 * another data source has loaded them, or Port does not store ours as we know it. Nothing would ever be
 * deleted, and `plan` would say that there is nothing to do.
 */
async function tellNoneIsOurs(facts: Facts): Promise<void> {
  for (const blueprint of facts.loaded.loads.keys()) {
    const owned = await facts.ownedIn(blueprint);
    // What Port did not list may be ours.
    if (owned === undefined || owned.size > 0) return;
  }
  const counts = facts.runs.map(({ tally }) => tally.counts(0));
  const equal = counts.reduce((sum, { unchanged }) => sum + unchanged, 0);
  // What a run makes is its own from then on.
  const isFirst = counts.some(({ created }) => created > 0);
  if (equal > 0 && !isFirst) facts.context.report({ code: 'none-is-ours', equal });
}
