import { computesBlueprint, type Feed, feedsBlueprint, isSearchQuery } from '../mapping/mapping.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import { targetsOf } from '../model/blueprint.js';
import { dependencyOrder } from '../reconcile/dependency-order.js';
import { Change } from '../source/reading/read-ahead.js';
import type { Made } from './blueprint-load.js';
import type { CatalogLoad } from './catalog-loads.js';
import { extraRelations } from './extra-relations.js';
import type { ResourceRun } from './resource-run.js';
import type { RunContext } from './run-context.js';

/** A relation of a feed, and what its entities wait for because of it. */
interface WaitingRelation {
  readonly name: string;
  /** The blueprint that it leads to. */
  readonly target: string;
  /**
   * Whether they wait in any case. Port refuses a relation whose target it does not know, unless it may
   * make the target; and a search finds what is there alone.
   */
  readonly isNeeded: boolean;
}

/**
 * What entities relate to comes into Port before them, where the same run makes it. Else Port would make
 * it on the way with nothing but an identifier, and does not say whether that would be ours.
 */
export class TargetsFirst {
  readonly #finished = new Map<string, Promise<void>>();
  readonly #isFinished = new Set<string>();
  readonly #madeFirst = new Set<string>();
  /** Of blueprints that relations lead to and that are being loaded: what Port has answered. */
  readonly #answered = new Map<string, Set<string>>();
  readonly #change = new Change();
  readonly #computes: boolean;

  /** @param loads of the blueprints that a literal names; it may be filled afterwards */
  constructor(
    private readonly runs: readonly ResourceRun[],
    private readonly loads: ReadonlyMap<string, CatalogLoad>,
    private readonly context: RunContext,
  ) {
    this.#computes = runs.some(({ resource }) => computesBlueprint(resource));
  }

  /** The runs, each behind those that make what its entities relate to. */
  order(): readonly ResourceRun[] {
    return dependencyOrder(this.runs, (run) => {
      const relations = run.resource.feeds.flatMap((feed) => this.#relationsOf(run, feed));
      return this.runs.filter(
        (other) =>
          other !== run && relations.some(({ target }) => feedsBlueprint(other.resource, target)),
      );
    });
  }

  /** Takes the end of a blueprint's load. Only what comes after may wait for it: no circle can block. */
  finishing(blueprint: string, finished: Promise<void>): void {
    this.#finished.set(blueprint, finished);
    void finished.then(
      () => {
        this.#isFinished.add(blueprint);
        this.#answered.delete(blueprint);
        this.#change.told();
      },
      () => {
        this.#change.told();
      },
    );
  }

  /** Told of entities that Port has taken or turned down. */
  answered(blueprint: string, identifiers: readonly string[]): void {
    const known = this.#answered.get(blueprint);
    if (known === undefined) return;
    for (const identifier of identifiers) known.add(identifier);
    this.#change.told();
  }

  /**
   * Gives a function that waits until the targets of a feed's entities are in Port, as far as the run makes
   * them and they are not there yet. It waits for those blueprints alone whose load was handed in before.
   */
  waiter(run: ResourceRun): (feed: Feed, made: readonly Made[]) => Promise<void> {
    const finished = new Map(this.#finished);
    for (const blueprint of finished.keys()) {
      if (!this.#answered.has(blueprint)) this.#answered.set(blueprint, new Set());
    }
    const relations = new Map(
      run.resource.feeds.map((feed) => [feed, this.#relationsOf(run, feed)]),
    );
    return async (feed, made) => {
      for (const { name, target, isNeeded } of relations.get(feed) ?? []) {
        const end = finished.get(target);
        if (end === undefined || this.#isFinished.has(target)) continue;
        const identifiers = made.flatMap(({ entity }) => targetsOf(entity.relations[name]));
        if (isNeeded) await end;
        else await this.#comeOf(target, identifiers, end);
      }
    };
  }

  /** Until Port has, or has answered, each of them, or the load of their blueprint ended. */
  async #comeOf(target: string, identifiers: readonly string[], end: Promise<void>): Promise<void> {
    const owned = await this.loads.get(target)?.owned.catch(() => undefined);
    const open = identifiers.filter((identifier) => owned?.has(identifier) !== true);
    const isOpen = (): boolean =>
      !this.#isFinished.has(target) &&
      !open.every((identifier) => this.#hasAnswered({ blueprint: target, identifier }));
    while (isOpen()) await Promise.race([end, this.#change.next()]);
  }

  #hasAnswered({ blueprint, identifier }: EntityReference): boolean {
    return this.#answered.get(blueprint)?.has(identifier) === true;
  }

  /**
   * Those of the references that this run may make only later, as they stand in a circle: each is named
   * once, to be made as ours with nothing but its identifier.
   */
  async toMakeFirst(references: readonly EntityReference[]): Promise<readonly EntityReference[]> {
    const late: EntityReference[] = [];
    for (const reference of references) {
      const { blueprint, identifier } = reference;
      const isLate = this.loads.has(blueprint) ? !this.#isFinished.has(blueprint) : this.#computes;
      const key = referenceKey(reference);
      if (!isLate || this.#madeFirst.has(key) || this.#hasAnswered(reference)) continue;
      if (await this.#areOwned(blueprint, [identifier])) continue;
      this.#madeFirst.add(key);
      late.push(reference);
    }
    return late;
  }

  async #areOwned(blueprint: string, identifiers: readonly string[]): Promise<boolean> {
    const owned = await this.loads.get(blueprint)?.owned.catch(() => undefined);
    return identifiers.every((identifier) => owned?.has(identifier) === true);
  }

  #relationsOf({ kind }: ResourceRun, feed: Feed): readonly WaitingRelation[] {
    const { blueprints, mapping } = this.context;
    if (feed.blueprint.type !== 'literal') return [];
    const relations = blueprints.get(feed.blueprint.identifier)?.relations;
    const extras = extraRelations(feed, kind?.extras ?? [], this.context);
    return Object.entries(feed.relations).flatMap(([name, value]) => {
      const target = relations?.get(name)?.target;
      if (target === undefined) return [];
      const isNeeded =
        !mapping.createMissingRelatedEntities ||
        isSearchQuery(value) ||
        extras.some((extra) => extra.name === name);
      return [{ name, target, isNeeded }];
    });
  }
}
