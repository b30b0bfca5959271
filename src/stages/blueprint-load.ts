import { isStopped } from '../http/http-error.js';
import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { ResourceReference } from '../model/resource.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { ConfirmedLinks } from '../deletion/own-links.js';
import { mergeEntities } from '../reconcile/merge-entities.js';
import { type EntityComparison, fingerprint } from './entity-comparison.js';
import type { EntityLoader, Loadable } from './entity-loader.js';
import type { Identifiers } from './identifiers.js';
import { ProducedEntities } from './known-entities.js';
import type { ChangeTally } from './resource-tally.js';

/** What feeds a blueprint: one member of `mappings` of one resource. */
export interface LoadFeed {
  readonly resource: ResourceReference;
  /** The mapped fields that the blueprint has. */
  readonly fields: MappedFields;
  readonly tally: ChangeTally;
  /** Whether it may not change what others made: repositories say which entities it makes. */
  readonly isBounded: boolean;
}

/** What a feed made of an item. */
export interface Made {
  readonly entity: Entity;
  /** What it was mapped from, for a person. */
  readonly item: string;
}

/** Held entities that are merged before the first of them goes on. */
const MERGED_AT_A_TIME = 500;

/** What several feeds made of one identifier, by the position of the feed. */
type HeldEntity = Map<number, Made>;

/**
 * The entities of one blueprint, from the first mapped one to the last answer. Those of a single
 * feed go on at once. Those of several are held until the last feed ended, merged in config order
 * and then written once.
 */
export class BlueprintLoad {
  readonly produced: ProducedEntities;
  /** Links of what was read in Port and found equal, or written. */
  get confirmed(): ConfirmedLinks {
    return this.loader.confirmed;
  }

  readonly #held = new Map<string, HeldEntity>();
  /** Blueprints that entities relate to in ways that could not be read this time. */
  readonly #unreadableTargets = new Set<string>();
  #isWhole = true;
  #isUnreadable = false;

  constructor(
    readonly blueprint: Blueprint,
    /** In config order. */
    readonly feeds: readonly LoadFeed[],
    readonly loader: EntityLoader,
    private readonly comparison: EntityComparison,
    private readonly report: (problem: Problem) => void,
    private readonly identifiers: Identifiers,
  ) {
    this.produced = new ProducedEntities(blueprint, feeds.length);
  }

  /** Takes entities of the feed at `position`, in source order. Resolves when there is room for more. */
  async add(position: number, made: readonly Made[]): Promise<void> {
    const feed = this.feedAt(position);
    const isHeld = this.feeds.length > 1;
    const positions = [position];
    const loadables: Loadable[] = [];
    for (const { entity, item } of made) {
      this.#noteUnreadable(entity, feed);
      const print = this.comparison.printOf(entity, position);
      const added = this.produced.add(position, entity, labelled(print, entity), item);
      if (added.type === 'collision') this.#reportCollision(feed, entity, added.winner, item);
      if (added.type !== 'new') {
        feed.tally.duplicates += 1;
        continue;
      }
      if (isHeld) this.#hold(position, entity, item);
      else loadables.push({ entity, item, positions, print, isWhole: true });
    }
    if (loadables.length > 0) await this.#load(loadables);
  }

  /** A feed gave less than its source holds: what it would have said must survive in Port. */
  markIncomplete(): void {
    this.#isWhole = false;
  }

  /** After the last feed ended: writes what was held, and waits for all answers. */
  async finish(): Promise<void> {
    const searching: Loadable[] = [];
    let loadables: Loadable[] = [];
    for (const held of this.#inConfigOrder()) {
      const loadable = this.#merged(held);
      if (loadable === null) continue;
      if (loadable.entity.search !== undefined) searching.push(loadable);
      else loadables.push(loadable);
      if (loadables.length < MERGED_AT_A_TIME) continue;
      await this.#load(loadables);
      loadables = [];
    }
    this.#held.clear();
    await this.#load(loadables);
    await this.flush();
    // A query may look for any of the others: what it finds must not depend on who came first.
    await this.#load(searching);
    if (searching.length > 0) await this.flush();
  }

  /** Waits for all answers. */
  async flush(): Promise<void> {
    // What was compared before the catalog became unreadable is sent all the same, and answered.
    await this.#attempt(() => this.loader.finish());
  }

  /** Whether Port did not tell what it holds, so that nothing could be compared. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  /**
   * Whether an entity may relate to any of the blueprint: what its relation leads to could not be
   * read, so that what stands in Port still counts.
   */
  mayRelateTo(blueprint: string): boolean {
    return this.#unreadableTargets.has(blueprint);
  }

  /** The feed at a position of `feeds`. */
  feedAt(position: number): LoadFeed {
    const feed = this.feeds[position];
    if (feed === undefined) throw new Error(`${this.blueprint.identifier} has no feed ${position}`);
    return feed;
  }

  async #load(loadables: readonly Loadable[]): Promise<void> {
    if (loadables.length === 0) return;
    if (this.#isUnreadable) this.loader.lose(loadables);
    else await this.#attempt(() => this.loader.load(loadables));
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!isStopped(error) && !(error instanceof ProblemError)) throw error;
      const isNew = !this.#isUnreadable;
      this.#isUnreadable = true;
      if (isNew && error instanceof ProblemError) error.problems.forEach(this.report);
    }
  }

  #merged(held: HeldEntity): Loadable | null {
    const positions = [...held.keys()].sort((one, other) => one - other);
    const [first, ...others] = positions.flatMap((position) => held.get(position) ?? []);
    if (first === undefined) return null;
    for (const position of positions.slice(1)) this.feedAt(position).tally.merged += 1;
    return {
      entity: mergeEntities([first.entity, ...others.map(({ entity }) => entity)]),
      item: first.item,
      positions,
      isWhole: this.#isWhole,
    };
  }

  #reportCollision({ resource }: LoadFeed, entity: Entity, winner: string, loser: string): void {
    const { blueprint, identifier } = entity;
    const { style, isNew } = this.identifiers;
    this.report({
      code: 'identifier-collision',
      resource,
      entity: { blueprint, identifier },
      winner,
      loser,
      isBuiltIn: style === 'container',
      isFirstLoad: isNew,
    });
  }

  #noteUnreadable({ relations }: Entity, { fields }: LoadFeed): void {
    for (const name of fields.relations) {
      const target = this.blueprint.relations.get(name)?.target;
      if (target !== undefined && !Object.hasOwn(relations, name))
        this.#unreadableTargets.add(target);
    }
  }

  #hold(position: number, entity: Entity, item: string): void {
    const held = this.#held.get(entity.identifier);
    if (held === undefined)
      this.#held.set(entity.identifier, new Map([[position, { entity, item }]]));
    else held.set(position, { entity, item });
  }

  /** The order must not depend on which feed was read faster. */
  *#inConfigOrder(): Iterable<HeldEntity> {
    for (const position of this.feeds.keys()) {
      for (const identifier of this.produced.identifiersOf(position)) {
        const held = this.#held.get(identifier);
        if (held !== undefined && Math.min(...held.keys()) === position) yield held;
      }
    }
  }
}

/** A fingerprint with the labels of the entity, which are compared apart. */
function labelled(print: number, { title, icon }: Entity): number {
  return fingerprint(`${print}\n${title ?? ''}\n${icon ?? ''}`);
}
