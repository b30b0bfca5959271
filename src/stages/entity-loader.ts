import type { Blueprint } from '../model/blueprint.js';
import type { EntityReference } from '../model/entity.js';
import type { WithRequest } from '../model/request-facts.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { Problem } from '../problems/problem.js';
import { ConfirmedLinks } from '../deletion/own-links.js';
import { isComparable } from '../reconcile/comparable.js';
import type { EntityComparison, MadeEntity, OwnedEntity } from './entity-comparison.js';
import type { EntityWriter, Outgoing } from './entity-writer.js';
import { LookUps, type FindEntities } from './look-ups.js';
import { outgoingEntity } from './outgoing.js';
import type { Owned } from './known-entities.js';
import type { ChangeTally } from './resource-tally.js';

/** A mapped entity, ready to be compared and written. */
export interface Loadable extends MadeEntity {
  /** What it was mapped from, for a person. */
  readonly item: string;
  /** False when a feed of its blueprint did not come to its end. */
  readonly isWhole: boolean;
}

/** An entity that goes to Port. */
export interface Upsert extends Outgoing {
  readonly loadable: Loadable;
}

/** A upsert that Port turned down, as something that it names is not there. */
export interface Refusal {
  readonly upsert: Upsert;
  readonly outcome: Extract<UpsertOutcome, { type: 'refused' }>;
}

/** Port's word for something that is named and not there (port-labs/ocean). */
const NOT_FOUND = 'not_found';

/** What Port holds of a blueprint. */
export interface CatalogView {
  /** What our data source owns, once all blueprints of the run are read. */
  readonly owned: () => Promise<Pick<Owned, 'get' | 'has'>>;
  /** Whether the blueprint holds any entity that is not ours. Asked once, and only when it matters. */
  readonly hasOthers: () => Promise<boolean>;
  /**
   * Entities that our data source does not own. Another program made them and our mapping adds to
   * them: without this, they would be written in each run.
   */
  readonly findOthers: FindEntities<OwnedEntity>;
  /** Whether what `findOthers` found is not ours. */
  readonly isOfOthers: (identifier: string) => boolean;
  /** Reads entities with all mapped fields. */
  readonly find: FindEntities<CatalogEntity>;
}

/** How entities are loaded. */
export interface LoadingOptions {
  /** `enableMergeEntity`: fields that the mapping does not name stay as they are. */
  readonly merge: boolean;
  /** Whether Port makes what a relation leads to; else what lacks its target is kept for later. */
  readonly createMissingRelatedEntities: boolean;
  readonly report: (problem: Problem) => void;
}

/** What the loader needs to know of a feed. */
interface LoaderFeed {
  readonly tally: ChangeTally;
  /** Whether it may not change what others made. */
  readonly isBounded: boolean;
}

/** Told of entities that Port has answered. */
export type Answered = (upserts: readonly Upsert[], outcomes: readonly UpsertOutcome[]) => void;

/** Writes what differs from Port, and nothing else. Counts each entity once, whatever becomes of it. */
export class EntityLoader {
  /** Links of the items whose entities stand in Port as they were mapped. */
  readonly confirmed = new ConfirmedLinks();
  readonly #writer: EntityWriter<Upsert>;
  readonly #ofOthers: LookUps<Loadable, OwnedEntity>;
  readonly #partlyRead: LookUps<Upsert, CatalogEntity>;
  #hasOthers: Promise<boolean> | null = null;
  /** What differs and was not handed to the writer yet. */
  #differing: Upsert[] = [];
  #refusals: Refusal[] = [];
  /** While entities are sent once more: what became of them. */
  #resent: Map<Upsert, UpsertOutcome> | null = null;

  constructor(
    private readonly blueprint: Blueprint,
    private readonly feeds: readonly LoaderFeed[],
    private readonly catalog: CatalogView,
    private readonly comparison: EntityComparison,
    openWriter: (answered: Answered) => EntityWriter<Upsert>,
    private readonly options: LoadingOptions,
  ) {
    this.#writer = openWriter((upserts, outcomes) => {
      this.#answered(upserts, outcomes);
    });
    this.#ofOthers = new LookUps(catalog.findOthers, ({ entity }) => entity.identifier, {
      found: (loadable, other) => {
        const { entity, positions } = loadable;
        const isBounded = positions.some((position) => this.feeds[position]?.isBounded === true);
        if (isBounded && catalog.isOfOthers(entity.identifier)) this.#keepOfOthers(loadable);
        else this.#compare(loadable, other);
      },
      lost: (loadables) => {
        this.lose(loadables);
      },
    });
    this.#partlyRead = new LookUps(catalog.find, ({ loadable }) => loadable.entity.identifier, {
      found: (upsert, held) => {
        const { loadable } = upsert;
        const isSame = held !== null && comparison.isUnchangedAsFarAsSaid(held, loadable);
        if (isSame) this.#unchanged(loadable);
        else this.#differing.push(upsert);
      },
      lost: (upserts) => {
        this.lose(upserts.map(({ loadable }) => loadable));
      },
    });
  }

  /**
   * Resolves when there is room for more.
   * @throws ProblemError, HttpError: Port does not tell what it holds
   */
  async load(loadables: readonly Loadable[]): Promise<void> {
    const { owned, hasOthers } = await this.#viewFor(loadables);
    for (const loadable of loadables) {
      const { identifier, search } = loadable.entity;
      const existing = owned.get(identifier) ?? null;
      if (search !== undefined) this.#differing.push(this.#upsertOf(loadable, 'whole'));
      else if (existing === null && hasOthers) this.#ofOthers.add(loadable);
      else this.#compare(loadable, existing);
    }
    await this.#ofOthers.ask(false);
    await this.#partlyRead.ask(false);
    await this.#write();
  }

  /** Counts entities that cannot be loaded, as Port does not tell what it holds. */
  lose(loadables: readonly Loadable[]): void {
    for (const loadable of loadables) this.#tallyOf(loadable).failed += 1;
  }

  /** Waits until Port has answered everything, also when it cannot tell what it holds any more. */
  async finish(): Promise<void> {
    try {
      await this.catalog.owned();
      await this.#ofOthers.ask(true);
    } finally {
      try {
        await this.#partlyRead.ask(true);
      } finally {
        await this.#write();
        await this.#writer.finish();
      }
    }
  }

  /** What Port turned down since the last call, as something that it names is not there. */
  takeRefusals(): readonly Refusal[] {
    const refusals = this.#refusals;
    this.#refusals = [];
    return refusals;
  }

  /** Sends entities once more; what becomes of them is answered in order, and counts for nothing yet. */
  async resend(upserts: readonly Upsert[]): Promise<readonly UpsertOutcome[]> {
    const outcomes = new Map<Upsert, UpsertOutcome>();
    this.#resent = outcomes;
    await this.#writer.write(upserts);
    await this.#writer.finish();
    this.#resent = null;
    return upserts.flatMap((upsert) => outcomes.get(upsert) ?? []);
  }

  /** Counts what became of an entity, and tells what went wrong. */
  settle({ loadable, before }: Upsert, outcome: UpsertOutcome): void {
    const { entity, item } = loadable;
    const { blueprint, identifier } = entity;
    const reference = { blueprint, identifier };
    const tally = this.#tallyOf(loadable);
    switch (outcome.type) {
      // Whether it is new depends on what stood there before the run: a relation may have made
      // it in the meantime, and the summary must not depend on which came first.
      case 'created':
      case 'updated':
        this.confirmed.add(item);
        if (!isComparable(entity, this.blueprint)) tally.searched += 1;
        else if (before === 'whole') tally.updated += 1;
        else tally.created += 1;
        return;
      case 'refused': {
        const { status, message } = outcome;
        this.options.report({ code: 'entity-refused', entity: reference, item, status, message });
        break;
      }
      case 'blocked': {
        const { answer } = outcome;
        this.options.report({ code: 'entity-blocked', entity: reference, item, answer });
        break;
      }
      case 'too-large': {
        const { bytes, answer } = outcome;
        this.options.report({ code: 'entity-too-large', entity: reference, item, bytes, answer });
        break;
      }
      case 'not-loaded': {
        const { reason, isForbidden = false } = outcome;
        const code = isForbidden ? 'writing-refused' : 'entities-not-loaded';
        this.options.report({ code, blueprint, count: 1, reason, ...factsOf(outcome) });
        break;
      }
    }
    tally.failed += 1;
  }

  /** Counts an entity as failed that relates to what Port lacks, and names that. */
  settleMissing({ loadable }: Upsert, missing: readonly EntityReference[]): void {
    const { blueprint, identifier } = loadable.entity;
    this.#tallyOf(loadable).failed += 1;
    this.options.report({
      code: 'relation-target-missing',
      entity: { blueprint, identifier },
      item: loadable.item,
      missing,
    });
  }

  async #viewFor(
    loadables: readonly Loadable[],
  ): Promise<{ readonly owned: Pick<Owned, 'get' | 'has'>; readonly hasOthers: boolean }> {
    try {
      const owned = await this.catalog.owned();
      const isNew = loadables.some(({ entity }) => !owned.has(entity.identifier));
      if (!isNew) return { owned, hasOthers: false };
      this.#hasOthers ??= this.catalog.hasOthers();
      return { owned, hasOthers: await this.#hasOthers };
    } catch (error) {
      this.lose(loadables);
      throw error;
    }
  }

  #compare(loadable: Loadable, existing: OwnedEntity | null): void {
    const before = existing === null ? 'absent' : existing.isBare ? 'bare' : 'whole';
    const isKnown = existing !== null && isComparable(loadable.entity, this.blueprint);
    if (isKnown && this.comparison.isUnchanged(existing, loadable)) {
      this.#unchanged(loadable);
      return;
    }
    const upsert = this.#upsertOf(loadable, before);
    // The fingerprints cover fields that could not be read this time: only the others tell.
    if (isKnown && !this.comparison.saysAll(loadable)) this.#partlyRead.add(upsert);
    else this.#differing.push(upsert);
  }

  #keepOfOthers(loadable: Loadable): void {
    const { entity, item } = loadable;
    const { blueprint, identifier } = entity;
    this.#tallyOf(loadable).failed += 1;
    this.options.report({ code: 'entity-of-others', entity: { blueprint, identifier }, item });
  }

  #unchanged(loadable: Loadable): void {
    this.#tallyOf(loadable).unchanged += 1;
    this.confirmed.add(loadable.item);
  }

  #upsertOf(loadable: Loadable, before: Upsert['before']): Upsert {
    // Replacing an entity would empty the fields that could not be read this time.
    const merge = this.options.merge || !loadable.isWhole || !this.comparison.saysAll(loadable);
    const outgoing = outgoingEntity(loadable.entity, this.blueprint);
    return { loadable, outgoing, merge, before };
  }

  async #write(): Promise<void> {
    const upserts = this.#differing;
    if (upserts.length === 0) return;
    this.#differing = [];
    await this.#writer.write(upserts);
  }

  #answered(upserts: readonly Upsert[], outcomes: readonly UpsertOutcome[]): void {
    for (const [index, upsert] of upserts.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('an entity without an outcome');
      const isMissing = outcome.type === 'refused' && outcome.error === NOT_FOUND;
      if (this.#resent !== null) this.#resent.set(upsert, outcome);
      else if (isMissing && !this.options.createMissingRelatedEntities) {
        this.#refusals.push({ upsert, outcome });
      } else this.settle(upsert, outcome);
    }
  }

  /** An entity of several feeds counts for the first. */
  #tallyOf({ positions }: Loadable): ChangeTally {
    const tally = this.feeds[positions[0] ?? -1]?.tally;
    if (tally === undefined) throw new Error('an entity without a feed');
    return tally;
  }
}

function factsOf({ request }: WithRequest): WithRequest {
  return request === undefined ? {} : { request };
}
