import pLimit from 'p-limit';
import { referenceKey } from '../model/entity.js';
import type { Claim, Proof, SeenClaim } from './claims.js';
import type { Facts } from './facts.js';
import { tripsThreshold } from './guards.js';
import type { Homes } from './homes.js';
import { BY_LISTING, Inquiry, UNPROVEN, type Verdict, type Verdicts } from './inquiry.js';

/** Above this many, some are asked first: one that is alive shows that the listing was wrong. */
const MOST_AT_ONCE = 200;

/** How many of them, spread evenly. */
const SAMPLE = 50;

/** How many pull requests below repositories that stand are asked for in a run. */
const PULL_REQUESTS_A_RUN = 10;

/** Questions that wait for an answer at a time; the client may let fewer through. */
const AT_A_TIME = 16;

/**
 * Asks for projects, repositories and users by their own addresses, as a listing's word that they are
 * gone is not believed; and for some pull requests, or for all of them where so many would go that the
 * run would stop.
 * @returns a verdict for each claim, by its key
 */
export async function askBitbucket(
  claims: readonly SeenClaim[],
  homes: Homes,
  facts: Facts,
): Promise<Verdicts> {
  const inquiry = new Inquiry(facts);
  const verdicts = new Map<string, Verdict>();
  const questions: SeenClaim[] = [];
  for (const claim of claims) {
    const known = inquiry.withoutAsking(claim, homes);
    if (known === null) questions.push(claim);
    else verdicts.set(referenceKey(claim), known);
  }
  const judge = (claim: SeenClaim): Promise<Verdict> => inquiry.judge(claim, homes);
  for (const [key, verdict] of await askAll(questions, judge)) verdicts.set(key, verdict);
  keepUnproven(claims, verdicts);
  await askForPullRequests(claims, verdicts, homes, inquiry, facts);
  return verdicts;
}

/**
 * Where one is alive that a listing left out, the listing was wrong: of what cannot be asked for, it
 * proves nothing either.
 */
function keepUnproven(claims: readonly SeenClaim[], verdicts: Map<string, Verdict>): void {
  const alive = [...verdicts.values()].find(isStillThere);
  if (alive === undefined) return;
  for (const claim of claims.filter(({ feeding }) => feeding.length > 0)) {
    const key = referenceKey(claim);
    if (verdicts.get(key) === UNPROVEN) verdicts.set(key, { ...alive, by: 'not asked' });
  }
}

/** Some first where there are many; where one of them is alive, the rest is kept with it. */
async function askAll(
  questions: readonly SeenClaim[],
  judge: (claim: SeenClaim) => Promise<Verdict>,
): Promise<Verdicts> {
  const limit = pLimit(AT_A_TIME);
  const verdicts = new Map<string, Verdict>();
  const ask = async (some: readonly SeenClaim[]): Promise<void> => {
    await Promise.all(
      some.map((claim) =>
        limit(async () => {
          verdicts.set(referenceKey(claim), await judge(claim));
        }),
      ),
    );
  };
  if (questions.length <= MOST_AT_ONCE) {
    // The first one asks for a neighbour as well: of few requests, not all may go before that.
    await ask(questions.slice(0, 1));
    await ask(questions.slice(1));
    return verdicts;
  }
  const sorted = [...questions].sort((one, other) =>
    referenceKey(one) < referenceKey(other) ? -1 : 1,
  );
  const sample = spread(sorted, SAMPLE);
  await ask(sample);
  const alive = [...verdicts.values()].find(isStillThere);
  const rest = sorted.filter((claim) => !verdicts.has(referenceKey(claim)));
  if (alive === undefined) await ask(rest);
  else for (const claim of rest) verdicts.set(referenceKey(claim), { ...alive, by: 'not asked' });
  return verdicts;
}

type Kept = Extract<Verdict, { readonly type: 'kept' }>;

function isStillThere(verdict: Verdict): verdict is Kept {
  return verdict.type === 'kept' && verdict.by === 'still there';
}

/** So many of them, evenly spread. */
function spread<Value>(all: readonly Value[], count: number): readonly Value[] {
  if (all.length <= count) return all;
  return all.filter(
    (_, index) =>
      Math.floor((index * count) / all.length) !== Math.floor(((index - 1) * count) / all.length),
  );
}

/** A pull request that the selectors would still take shows that its repository's listing was wrong. */
async function askForPullRequests(
  claims: readonly SeenClaim[],
  verdicts: Map<string, Verdict>,
  homes: Homes,
  inquiry: Inquiry,
  facts: Facts,
): Promise<void> {
  const open = claims.filter(
    (claim) =>
      [BY_LISTING, UNPROVEN].some((one) => one === verdicts.get(referenceKey(claim))) &&
      inquiry.mayAskFor(claim, homes),
  );
  const isGone = (claim: SeenClaim): boolean => verdicts.get(referenceKey(claim))?.type === 'gone';
  const proofOf = (claim: Claim): Proof => {
    const verdict = verdicts.get(referenceKey(claim));
    return verdict?.type === 'gone' ? verdict.proof : 'none';
  };
  const isMuch = await tripsThreshold(claims.filter(isGone), proofOf, facts);
  const doubtful = open.filter((claim) => verdicts.get(referenceKey(claim)) === UNPROVEN);
  const others = open.filter((claim) => verdicts.get(referenceKey(claim)) === BY_LISTING);
  const asked = isMuch ? open : [...doubtful, ...spread(others, PULL_REQUESTS_A_RUN)];
  const answers = await askAll(asked, (claim) => inquiry.judgeByAddress(claim));
  const lying = new Map<string, Kept>();
  for (const claim of asked) {
    const verdict = answers.get(referenceKey(claim)) ?? BY_LISTING;
    // Where no request is left for it, it is as one of those beyond the first ten.
    if (verdict.type === 'kept' && verdict.by === 'no request left') continue;
    verdicts.set(referenceKey(claim), verdict);
    const repository = claim.address?.parent?.key;
    if (repository !== undefined && isStillThere(verdict)) lying.set(repository, verdict);
  }
  for (const claim of open) {
    const alive = lying.get(claim.address?.parent?.key ?? '');
    if (alive !== undefined && isGone(claim)) {
      verdicts.set(referenceKey(claim), { ...alive, by: 'not asked' });
    }
  }
}
