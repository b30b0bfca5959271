import { type EntityReference, referenceKey } from '../model/entity.js';
import { ProblemError } from '../problems/problem.js';
import type { ResourceRun } from '../stages/resource-run.js';
import { askBitbucket } from './ask-bitbucket.js';
import type { KeptBy, Verdicts } from './inquiry.js';
import type { Claim, SeenClaim } from './claims.js';
import { namesOf, relatedAmong, type RelationVerdict } from './dependents.js';
import type { Facts } from './facts.js';
import { computesBlueprint, feedsBlueprint } from '../mapping/mapping.js';
import { Homes } from './homes.js';
import { readAgain, type SecondReading } from './second-reading.js';

/** A claim that an objection keeps, and what there is to say of it besides. */
export interface Kept<Subject extends Claim = Claim> {
  readonly claim: Subject;
  readonly because?: string;
}

/** What the rules of one run share: the facts, and what was asked for several of them at once. */
export class Judging {
  #homes: Promise<Homes> | null = null;
  #secondReading: Promise<SecondReading> | null = null;
  #verdicts: Promise<Verdicts> | null = null;
  #relations: Promise<RelationVerdict | null> | null = null;

  /** Whether the run judged deletions to the end without a stop, so that it leaves a mark. */
  isJudged = false;
  /** Whether what is gone would stop a run that may delete. */
  wouldStop = false;
  /** Whether a stop of an earlier run was approved, or a look at everything shows nothing to stop for. */
  isStopOver = false;

  constructor(readonly facts: Facts) {}

  homes(claims: readonly SeenClaim[]): Promise<Homes> {
    return (this.#homes ??= Homes.of(claims, this.facts));
  }

  async secondReading(claims: readonly SeenClaim[]): Promise<SecondReading> {
    const homes = await this.homes(claims);
    return (this.#secondReading ??= readAgain(claims, homes, this.facts));
  }

  /** What Bitbucket answered, each claim that is left asked once. */
  async verdicts(claims: readonly SeenClaim[]): Promise<Verdicts> {
    const homes = await this.homes(claims);
    return (this.#verdicts ??= askBitbucket(claims, homes, this.facts));
  }

  /** Who relates to what is left; null when Port did not tell. */
  relations(claims: readonly Claim[]): Promise<RelationVerdict | null> {
    return (this.#relations ??= this.#askForRelations(claims));
  }

  /** Something stays after all: who relates to the rest has to be asked anew. */
  forgetRelations(): void {
    this.#relations = null;
  }

  async #askForRelations(claims: readonly Claim[]): Promise<RelationVerdict | null> {
    const { context, policy } = this.facts;
    try {
      return await relatedAmong(claims, policy.isCascadeAllowed, context);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      error.problems.forEach(context.report);
      return null;
    }
  }
}

type Subjects<Subject extends Claim> = readonly Kept<Subject>[];

/** Keeps those that meet a condition which looks at nothing but the facts. */
export function those<Subject extends Claim>(
  isMet: (claim: Subject, facts: Facts) => boolean,
): (claims: readonly Subject[], judging: Judging) => Subjects<Subject> {
  return (claims, { facts }) =>
    claims.filter((claim) => isMet(claim, facts)).map((claim) => ({ claim }));
}

/** Keeps all of them or none. */
export function everything(
  isMet: (facts: Facts) => boolean,
): (claims: readonly Claim[], judging: Judging) => Subjects<Claim> {
  return those((_, facts) => isMet(facts));
}

/** Keeps all that stands in a blueprint which a resource feeds that meets a condition. */
export function fedBy(
  isMet: (run: ResourceRun, facts: Facts) => boolean,
): (claims: readonly Claim[], judging: Judging) => Subjects<Claim> {
  return those(({ feeding }, facts) => feeding.some((run) => isMet(run, facts)));
}

/** Keeps what the answers of Bitbucket keep for one reason. */
export function answered(
  by: KeptBy,
): (claims: readonly SeenClaim[], judging: Judging) => Promise<Subjects<SeenClaim>> {
  return async (claims, judging) => {
    const verdicts = await judging.verdicts(claims);
    return claims.flatMap((claim) => {
      const verdict = verdicts.get(referenceKey(claim));
      const isKept = verdict?.type === 'kept' && verdict.by === by;
      return isKept ? [{ claim, because: verdict.because }] : [];
    });
  };
}

/** Keeps what something that stays relates to; all of it where Port does not tell who relates to whom. */
export async function relatedTo<Subject extends Claim>(
  claims: readonly Subject[],
  judging: Judging,
): Promise<Subjects<Subject>> {
  const relations = await judging.relations(claims);
  if (relations === null) return claims.map((claim) => ({ claim }));
  return claims.flatMap((claim) => {
    const dependents = relations.kept.get(referenceKey(claim));
    if (dependents === undefined) return [];
    const verb = dependents.length === 1 ? 'relates' : 'relate';
    return [{ claim, because: `${namesOf(dependents)} ${verb} to ${claim.identifier}` }];
  });
}

/** Whether `sync.deleteOnly` names the blueprint, which says that deletions there are meant. */
export function isNamed({ blueprint }: EntityReference, { policy }: Facts): boolean {
  return policy.only?.has(blueprint) === true;
}

/** Whether a resource of the mapping that meets a condition may feed the blueprint. */
export function mayBeFedBy(
  { blueprint }: EntityReference,
  facts: Facts,
  isMet: (position: number) => boolean,
): boolean {
  return facts.context.mapping.resources.some(
    (resource, position) =>
      isMet(position) && (computesBlueprint(resource) || feedsBlueprint(resource, blueprint)),
  );
}

export function hasUnknownKey(claim: EntityReference, facts: Facts): boolean {
  const { unknownKeys } = facts.context.mapping;
  if (unknownKeys.length === 0 || isNamed(claim, facts)) return false;
  if (unknownKeys.some(({ resource }) => resource === null)) return true;
  return mayBeFedBy(claim, facts, (position) =>
    unknownKeys.some(({ resource }) => resource === position),
  );
}

/** Whether a run stopped for safety, and that is not over yet. */
export function isStopped({ policy: { history } }: Facts): boolean {
  return 'mark' in history && history.mark.isStopped;
}

/** Whether an entity belongs to something that a selector names and that is not there. */
export function isNamedAndAbsent(claim: SeenClaim, { runs }: Facts): boolean {
  // What nothing feeds any more may have come from any of them.
  const feeding = claim.feeding.length > 0 ? claim.feeding : runs;
  const absent = feeding.flatMap((run) => run.reading.absent());
  if (absent.length === 0) return false;
  const { address } = claim;
  // Without a link, it may belong to any of them.
  if (address === null) return true;
  const above = new Set<string>();
  for (let each: typeof address | null = address; each !== null; each = each.parent) {
    above.add(each.key);
  }
  return absent.some((one) => one.address === null || above.has(one.address.key));
}
