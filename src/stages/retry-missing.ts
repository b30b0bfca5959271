import { HttpError } from '../http/http-error.js';
import { type EntityReference, NO_FIELDS, referenceKey } from '../model/entity.js';
import { readByIdentifier } from '../port/catalog.js';
import type { UpsertOutcome } from '../port/upsert.js';
import { ProblemError } from '../problems/problem.js';
import { waitingOrder } from '../reconcile/dependency-order.js';
import type { BlueprintLoad } from './blueprint-load.js';
import type { Refusal, Upsert } from './entity-loader.js';
import type { RunContext } from './run-context.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../model/json.js';
import { referencesOf } from '../model/blueprint.js';

/** How one of them was answered. */
interface Answered {
  readonly entity: MissingEntity;
  readonly outcome: UpsertOutcome;
}

/**
 * Loads once more what Port refused for want of a target: each after what it relates to, so that once
 * is enough. Those that relate to one another in a circle are made without these relations first. What
 * comes of it does not depend on the order in which anything was loaded before.
 */
export async function retryMissing(
  loads: readonly BlueprintLoad[],
  context: Pick<RunContext, 'client'>,
): Promise<void> {
  const refused = loads.flatMap((load) =>
    load.loader.takeRefusals().map((refusal) => new MissingEntity(load, refusal)),
  );
  if (refused.length === 0) return;
  const retry = new Retry(refused);
  await nameMissing(await retry.run(), context);
}

class Retry {
  /** Not sent again yet. */
  readonly #left: Map<string, MissingEntity>;
  /** What lacks a target for good, by key. */
  readonly #stuck = new Map<string, MissingEntity>();
  /** Keys of those that were made without some of their relations. */
  readonly #made = new Set<string>();

  constructor(refused: readonly MissingEntity[]) {
    this.#left = new Map(refused.map((entity) => [entity.key, entity]));
  }

  /** @returns those that lack their target still */
  async run(): Promise<readonly MissingEntity[]> {
    while (this.#left.size > 0) {
      const { ready, circular } = waitingOrder(this.#left, ({ targets }) => targets);
      await this.#load(ready.length > 0 ? ready : await this.#created(circular));
    }
    return [...this.#stuck.values()];
  }

  /** Sends entities as they are. */
  async #load(entities: readonly MissingEntity[]): Promise<void> {
    const hopeful = this.#leave(entities);
    const answers = await answersOf(hopeful, ({ upsert }) => upsert);
    for (const { entity, outcome } of answers) {
      const isMissing = outcome.type === 'refused' && outcome.error === 'not_found';
      if (isMissing) this.#stuck.set(entity.key, entity);
      else entity.settle(outcome);
    }
  }

  /** Makes those of a circle that are not in Port, without what leads around it. */
  async #created(circular: readonly MissingEntity[]): Promise<readonly MissingEntity[]> {
    const absent = circular.filter(({ isThere }) => !isThere);
    const keys = new Set(absent.map(({ key }) => key));
    const answers = await answersOf(absent, (entity) => entity.upsertWithout(keys));
    for (const { entity, outcome } of answers) {
      if (outcome.type === 'created' || outcome.type === 'updated') this.#made.add(entity.key);
      else {
        this.#stuck.set(entity.key, entity);
        this.#left.delete(entity.key);
      }
    }
    return circular.filter(({ key }) => this.#left.has(key));
  }

  /** Takes them off the list; gives those that may succeed. */
  #leave(entities: readonly MissingEntity[]): readonly MissingEntity[] {
    const hopeful = [];
    for (const entity of entities) {
      this.#left.delete(entity.key);
      if (entity.targets.some((key) => this.#isAbsent(key))) this.#stuck.set(entity.key, entity);
      else hopeful.push(entity);
    }
    return hopeful;
  }

  #isAbsent(key: string): boolean {
    return this.#stuck.get(key)?.isThere === false && !this.#made.has(key);
  }
}

/** Sends entities, blueprint by blueprint. */
async function answersOf(
  entities: readonly MissingEntity[],
  upsertOf: (entity: MissingEntity) => Upsert,
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const load of new Set(entities.map((entity) => entity.load))) {
    const own = entities.filter((entity) => entity.load === load);
    const outcomes = await load.loader.resend(own.map(upsertOf));
    for (const [index, outcome] of outcomes.entries()) {
      const entity = own[index];
      if (entity !== undefined) answers.push({ entity, outcome });
    }
  }
  return answers;
}

/** Tells of each what it relates to and Port does not hold. */
async function nameMissing(
  entities: readonly MissingEntity[],
  { client }: Pick<RunContext, 'client'>,
): Promise<void> {
  const targets = new Map<string, Set<string>>();
  for (const { blueprint, identifier } of entities.flatMap(({ references }) => references)) {
    targets.set(blueprint, (targets.get(blueprint) ?? new Set<string>()).add(identifier));
  }
  const there = new Set<string>();
  const unknown = new Set<string>();
  for (const [blueprint, identifiers] of targets) {
    try {
      for await (const page of readByIdentifier(client, blueprint, [...identifiers], NO_FIELDS)) {
        for (const { identifier } of page) there.add(referenceKey({ blueprint, identifier }));
      }
    } catch (error) {
      // What Port said of the entity is told instead.
      if (!(error instanceof ProblemError) && !(error instanceof HttpError)) throw error;
      unknown.add(blueprint);
    }
  }
  const isMissing = (reference: EntityReference): boolean =>
    !unknown.has(reference.blueprint) && !there.has(referenceKey(reference));
  for (const entity of entities) entity.settleMissing(entity.references.filter(isMissing));
}

/** An entity that Port refused because something that it names is not there. */
class MissingEntity {
  readonly key: string;
  /** What it relates to, by identifier. */
  readonly references: readonly EntityReference[];
  /** Their keys. */
  readonly targets: readonly string[];

  constructor(
    readonly load: Pick<BlueprintLoad, 'blueprint' | 'loader'>,
    private readonly refusal: Refusal,
  ) {
    const { entity } = refusal.upsert.loadable;
    this.key = referenceKey(entity);
    this.references = [...referencesOf(entity.relations, load.blueprint)];
    this.targets = this.references.map(referenceKey);
  }

  /** Whether Port holds it, in a state of former days. */
  get isThere(): boolean {
    return this.upsert.before !== 'absent';
  }

  /** What was refused. */
  get upsert(): Upsert {
    return this.refusal.upsert;
  }

  /** The same without the given targets. */
  upsertWithout(targets: ReadonlySet<string>): Upsert {
    const { outgoing } = this.upsert;
    const relations = this.#relationsWithout(targets, outgoing.relations);
    return { ...this.upsert, outgoing: { ...outgoing, relations } };
  }

  /** Counts and tells what became of it in the end. */
  settle(outcome: UpsertOutcome): void {
    this.load.loader.settle(this.upsert, outcome);
  }

  /** Counts it as failed for the targets that Port lacks; for what Port said where these are none. */
  settleMissing(missing: readonly EntityReference[]): void {
    if (missing.length === 0) this.settle(this.refusal.outcome);
    else this.load.loader.settleMissing(this.upsert, missing);
  }

  #relationsWithout(targets: ReadonlySet<string>, relations: JsonObject): JsonObject {
    const kept: [string, JsonValue][] = [];
    for (const [name, value] of Object.entries(relations)) {
      const blueprint = this.load.blueprint.relations.get(name)?.target ?? '';
      const isLeft = (identifier: JsonValue): boolean =>
        typeof identifier !== 'string' || !targets.has(referenceKey({ blueprint, identifier }));
      if (isJsonArray(value)) kept.push([name, value.filter(isLeft)]);
      else if (isLeft(value)) kept.push([name, value]);
    }
    return Object.fromEntries(kept);
  }
}
