import { referenceKey, type EntityReference } from '../model/entity.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../model/json.js';
import { referencesOf } from '../model/relation.js';
import type { UpsertOutcome } from '../port/upsert.js';
import type { BlueprintLoad } from './blueprint-load.js';
import type { Refusal } from './entity-loader.js';

/** An entity that Port refused because something that it names is not there. */
export class MissingEntity {
  readonly key: string;
  /** Keys of what it relates to. */
  readonly targets: readonly string[];

  constructor(
    private readonly load: Pick<BlueprintLoad, 'blueprint' | 'loader'>,
    private readonly refusal: Refusal,
  ) {
    const { entity } = refusal.sending.loadable;
    this.key = referenceKey(entity);
    this.targets = this.references.map(referenceKey);
  }

  get reference(): EntityReference {
    const { blueprint, identifier } = this.refusal.sending.loadable.entity;
    return { blueprint, identifier };
  }

  get item(): string {
    return this.refusal.sending.loadable.item;
  }

  /** Whether Port holds it, in a state of former days. */
  get isThere(): boolean {
    return this.refusal.sending.stood !== 'not';
  }

  /** What it relates to, by identifier. */
  get references(): readonly EntityReference[] {
    const { relations } = this.refusal.sending.loadable.entity;
    return [...referencesOf(relations, this.load.blueprint)];
  }

  /** Sends it as it is. The outcome counts for nothing until `settle` is called. */
  async send(answered: (outcome: UpsertOutcome) => void): Promise<void> {
    const { sending } = this.refusal;
    await this.load.loader.resend(sending, sending.loadable.entity.relations, answered);
  }

  /** Sends it without the given targets. */
  async sendWithout(
    targets: ReadonlySet<string>,
    answered: (outcome: UpsertOutcome) => void,
  ): Promise<void> {
    const { sending } = this.refusal;
    const relations = this.#relationsWithout(targets, sending.loadable.entity.relations);
    await this.load.loader.resend(sending, relations, answered);
  }

  /** Counts and tells what became of it in the end. */
  settle(outcome: UpsertOutcome): void {
    this.load.loader.settle(this.refusal.sending, outcome);
  }

  /** Counts it as failed for the targets that Port lacks; for what Port said where these are none. */
  settleMissing(missing: readonly EntityReference[]): void {
    if (missing.length === 0) this.settle(this.refusal.outcome);
    else this.load.loader.settleMissing(this.refusal.sending, missing);
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
