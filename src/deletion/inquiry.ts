import type { RawItem } from '../model/page.js';
import type { Address, AddressAnswer } from '../source/source.js';
import type { ResourceRun } from '../stages/resource-run.js';
import type { Proof, SeenClaim } from './claims.js';
import type { Facts } from './facts.js';
import type { Homes } from './homes.js';

/** Why an answer of Bitbucket keeps an entity. */
export type KeptBy =
  | 'hidden'
  | 'moved'
  | 'outdated elsewhere'
  | 'still there'
  | 'unanswered'
  | 'no request left'
  | 'not asked';

/** What asking came to for one claim. */
export type Verdict =
  | { readonly type: 'gone'; readonly proof: Proof }
  | { readonly type: 'kept'; readonly by: KeptBy; readonly because: string };

const BY_ADDRESS: Verdict = { type: 'gone', proof: 'address' };
export const BY_LISTING: Verdict = { type: 'gone', proof: 'listing' };
const LEFT_OUT: Verdict = { type: 'gone', proof: 'left out' };
const REPLACED: Verdict = { type: 'gone', proof: 'replaced' };
export const UNPROVEN: Verdict = { type: 'gone', proof: 'none' };

/** The answer that an item has another address now. */
type Moved = Extract<AddressAnswer, { readonly status: 'renamed' }>;

/** What Bitbucket says of everything that a listing no longer shows. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** Whether the claim is about a project, a repository or a user, and not about what is below these. */
export function isRootClaim(claim: SeenClaim, facts: Facts): boolean {
  const kind = facts.context.source.kinds.find(({ name }) => name === claim.address?.kind);
  return kind !== undefined && leadsToItself(claim)
    ? kind.scope === 'root'
    : claim.feeding.some((run) => facts.isRoot(run));
}

/** Whether its link leads to an item of a kind that feeds it, and not to another thing nearby. */
function leadsToItself({ feeding, address }: SeenClaim): boolean {
  return feeding.some(({ resource }) => resource.kind === address?.kind);
}

/** Whether the claim came from something below a repository, or may have: no link of its own tells. */
export function mayBeBelow(claim: SeenClaim, facts: Facts): boolean {
  const isKnown = facts.context.source.kinds.some(({ name }) => name === claim.address?.kind);
  return isKnown
    ? claim.feeding.length > 0 && !isRootClaim(claim, facts)
    : claim.feeding.some((run) => !facts.isRoot(run));
}

/** One round of questions about what this run did not produce. */
export class Inquiry {
  /** Addresses of root items that complete listings showed, by the kind of the resource. */
  readonly #listed = new Map<string, ReadonlyMap<string, string>>();

  constructor(private readonly facts: Facts) {}

  /** What can be told without a request; null where Bitbucket has to be asked. */
  withoutAsking(claim: SeenClaim, homes: Homes): Verdict | null {
    const { address, link, blueprint } = claim;
    if (link !== null && this.#isConfirmed(blueprint, link)) return REPLACED;
    if (claim.feeding.length === 0) return UNPROVEN;
    if (isRootClaim(claim, this.facts)) {
      if (address === null || !leadsToItself(claim)) return UNPROVEN;
      return this.#linkOf(address) === null ? null : BY_LISTING;
    }
    const home = homes.of(claim);
    if (home.type === 'unlisted') return null;
    return home.type === 'read' && !home.hasGaps ? BY_LISTING : UNPROVEN;
  }

  judge(claim: SeenClaim, homes: Homes): Promise<Verdict> {
    if (isRootClaim(claim, this.facts)) return this.judgeByAddress(claim);
    const home = homes.of(claim);
    return home.type === 'unlisted'
      ? this.#judgeByRepository(claim, home.address)
      : Promise.resolve(UNPROVEN);
  }

  /** Whether a pull request has an address and stands below a repository that was read. */
  mayAskFor(claim: SeenClaim, homes: Homes): boolean {
    return (
      claim.address?.parent?.kind === 'repository' &&
      claim.feeding.some(({ resource }) => resource.kind === claim.address?.kind) &&
      !isRootClaim(claim, this.facts) &&
      homes.of(claim).type === 'read'
    );
  }

  /** Asks for the item itself, as each resource would have listed it. */
  judgeByAddress(claim: SeenClaim): Promise<Verdict> {
    const { address } = claim;
    if (address === null) return Promise.resolve(UNPROVEN);
    const runs = claim.feeding.filter(({ resource }) => resource.kind === address.kind);
    return this.#ask(runs, address, {
      there: (run, item) => this.#judgeItem(claim, run, item),
      moved: (run, answer) => this.#judgeMove(claim, run, answer),
    });
  }

  /** What is below a repository that no listing shows goes the way of the repository. */
  #judgeByRepository(claim: SeenClaim, repository: Address): Promise<Verdict> {
    const runs = claim.feeding.filter((run) => !this.facts.isRoot(run));
    return this.#ask(runs, repository, {
      there: () => Promise.resolve(kept('still there', repository.name)),
      moved: (run, answer) => this.#judgeMovedRepository(claim, run, repository, answer),
    });
  }

  /** What all resources come to know of an address: the first that keeps, else the weakest proof. */
  async #ask(runs: readonly ResourceRun[], address: Address, look: Look): Promise<Verdict> {
    let verdict: Verdict = runs.length === 0 ? UNPROVEN : BY_ADDRESS;
    for (const run of runs) {
      const answer = await run.reading.ask(address);
      const one = await this.#judgeAnswer(run, address.name, answer, look);
      if (one.type === 'kept') return one;
      verdict = weaker(verdict, one);
    }
    return verdict;
  }

  /**
   * What an answer proves. An item that is there, but that its listing would not show, is as good as gone:
   * a pull request that was merged, or what a selector leaves out, which may be a mistake.
   */
  async #judgeAnswer(
    run: ResourceRun,
    name: string,
    answer: AddressAnswer,
    look: Look,
  ): Promise<Verdict> {
    switch (answer.status) {
      case 'gone':
        return BY_ADDRESS;
      case 'ambiguous':
        return UNPROVEN;
      case 'alive':
        if (answer.item !== null) return look.there(run, answer.item);
        // Whatever has not changed since then, the selector has.
        return changedSince(answer.changedAt, this.facts) ? BY_ADDRESS : LEFT_OUT;
      case 'renamed':
        return look.moved(run, answer);
      case 'hidden':
        return kept('hidden', `${name}: ${answer.code}`);
      case 'unanswered':
        return kept('unanswered', `${name}: ${answer.reason}`);
      case 'not asked':
        return kept('no request left', `${name}: ${answer.reason}`);
    }
  }

  /** The listing did not show it, and it is there: what counts is whether it would be mapped. */
  async #judgeItem(claim: SeenClaim, run: ResourceRun, item: RawItem): Promise<Verdict> {
    const name = claim.address?.name ?? claim.identifier;
    const [mapped] = await run.mapper.map([item]);
    if (mapped === undefined || mapped.status === 'failed') {
      return kept('still there', `${name} could not be mapped`);
    }
    const own = mapped.entities.filter(({ entity }) => entity.blueprint === claim.blueprint);
    if (own.some(({ entity }) => entity.identifier === claim.identifier)) {
      return kept('still there', name);
    }
    return own.length > 0 ? REPLACED : LEFT_OUT;
  }

  /** It goes once the entity at its new address is confirmed, or once the selectors leave it out there. */
  async #judgeMove(claim: SeenClaim, run: ResourceRun, { name, to }: Moved): Promise<Verdict> {
    const because = `${claim.address?.name ?? claim.identifier} is ${name} now`;
    if (to === null) return kept('moved', because);
    const link = this.#linkOf(to);
    if (link !== null && this.#isConfirmed(claim.blueprint, link)) return BY_ADDRESS;
    const answer = await run.reading.ask(to);
    const isLeftOut = answer.status === 'alive' && (await this.#isLeftOut(answer.item, run));
    return isLeftOut ? BY_ADDRESS : kept('moved', because);
  }

  /** Whether the selectors do not take the item, those of the API and those of the mapping. */
  async #isLeftOut(item: RawItem | null, run: ResourceRun): Promise<boolean> {
    if (item === null) return true;
    const [mapped] = await run.mapper.map([item]);
    return mapped?.status === 'unselected';
  }

  /** Its pull requests have new entities, if they were read there and Port took all of them. */
  async #judgeMovedRepository(
    claim: SeenClaim,
    run: ResourceRun,
    from: Address,
    answer: Moved,
  ): Promise<Verdict> {
    const { blueprint } = claim;
    const { name } = from;
    const { to } = answer;
    if (run.reading.keepsOutdated === true && !this.#isLoadedAt(claim, from, to)) {
      return kept('outdated elsewhere', `${name} is ${answer.name} now`);
    }
    const isRead = to !== null && this.#readBelow(run).has(to.key);
    const changes = [...run.tally.blueprints()].find(([one]) => one === blueprint)?.[1];
    const isLoaded = changes === undefined || changes.failed === 0;
    if (isRead && isLoaded) return BY_ADDRESS;
    const there = to === null ? null : await run.reading.ask(to);
    const isLeftOut = there?.status === 'alive' && there.item === null;
    return isLeftOut ? BY_ADDRESS : kept('moved', `${name} is ${answer.name} now`);
  }

  /** Whether Port has the same thing below the new address of its repository: by its link, written anew. */
  #isLoadedAt({ blueprint, link }: SeenClaim, from: Address, to: Address | null): boolean {
    const parts = link?.split('/') ?? [];
    let position = -1;
    for (const [index, segment] of from.segments.entries()) {
      const own = segment.toLowerCase();
      position = parts.findIndex((part, at) => at > position && part.toLowerCase() === own);
      const anew = to?.segments[index];
      if (position < 0 || anew === undefined) return false;
      parts[position] = anew;
    }
    return this.#isConfirmed(blueprint, parts.join('/'));
  }

  #readBelow(run: ResourceRun): ReadonlySet<string> {
    return new Set(
      run.ends().flatMap(({ scope, status }) => {
        if (scope.type !== 'repository' || status !== 'complete') return [];
        const { link } = scope.repository;
        return link === null ? [] : (this.facts.addressOf(link)?.key ?? []);
      }),
    );
  }

  #isConfirmed(blueprint: string, link: string): boolean {
    const { loads, computedLoads } = this.facts.loaded;
    // A mapping that computes its blueprint may have taken the item to another one.
    const all = [loads.get(blueprint), ...computedLoads.values()];
    return all.some((one) => one?.load.confirmed.has(link) === true);
  }

  /** The link of a root item that a listing showed at the address; null where none did. */
  #linkOf({ kind, key }: Address): string | null {
    const listed = this.#listed.get(kind) ?? this.#listedOf(kind);
    this.#listed.set(kind, listed);
    return listed.get(key) ?? null;
  }

  #listedOf(kind: string): ReadonlyMap<string, string> {
    const links = this.facts.runs
      .filter(({ resource }) => resource.kind === kind)
      .flatMap((run) => [...run.listedLinks]);
    return new Map(
      links.flatMap((link) => {
        const address = this.facts.addressOf(link);
        return address === null ? [] : [[address.key, link] as const];
      }),
    );
  }
}

/** What has to be known of an item that Bitbucket still has. */
interface Look {
  readonly there: (run: ResourceRun, item: RawItem) => Promise<Verdict>;
  readonly moved: (run: ResourceRun, answer: Moved) => Promise<Verdict>;
}

/** Whether an item changed itself since deletions were last judged. */
function changedSince(changedAt: number | null, facts: Facts): boolean {
  return changedAt !== null && !facts.isSettled(changedAt);
}

function kept(by: KeptBy, because: string): Verdict {
  return { type: 'kept', by, because };
}

const STRENGTH: readonly Proof[] = ['none', 'replaced', 'listing', 'left out', 'address'];

/** Of two proofs about one thing, the one that proves less. */
function weaker(one: Verdict, other: Verdict): Verdict {
  if (one.type === 'kept') return one;
  if (other.type === 'kept') return other;
  return STRENGTH.indexOf(one.proof) <= STRENGTH.indexOf(other.proof) ? one : other;
}
