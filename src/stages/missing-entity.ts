import { referenceKey, type EntityReference } from '../model/entity.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../model/json.js';
import { referencesOf } from '../model/relation.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { BlueprintLoad } from './blueprint-load.js';
import type { Refusal, Sending } from './entity-loader.js';

/** An entity that Port refused because something that it names is not there. */
export class MissingEntity {
  readonly key: string;
  /** What it relates to, by identifier. */
  readonly references: readonly EntityReference[];
  /** Their keys. */
  readonly targets: readonly string[];

  constructor(
    readonly load: Pick<BlueprintLoad, 'blueprint' | 'loader'>,
    private readonly refusal: Refusal,
  ) {
    const { entity } = refusal.sending.loadable;
    this.key = referenceKey(entity);
    this.references = [...referencesOf(entity.relations, load.blueprint)];
    this.targets = this.references.map(referenceKey);
  }

  /** Whether Port holds it, in a state of former days. */
  get isThere(): boolean {
    return this.sending.stood !== 'not';
  }

  /** What was refused. */
  get sending(): Sending {
    return this.refusal.sending;
  }

  /** The same without the given targets. */
  sendingWithout(targets: ReadonlySet<string>): Sending {
    const { outgoing } = this.sending;
    const relations = this.#relationsWithout(targets, outgoing.relations);
    return { ...this.sending, outgoing: { ...outgoing, relations } };
  }

  /** Counts and tells what became of it in the end. */
  settle(outcome: UpsertOutcome): void {
    this.load.loader.settle(this.sending, outcome);
  }

  /** Counts it as failed for the targets that Port lacks; for what Port said where these are none. */
  settleMissing(missing: readonly EntityReference[]): void {
    if (missing.length === 0) this.settle(this.refusal.outcome);
    else this.load.loader.settleMissing(this.sending, missing);
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
