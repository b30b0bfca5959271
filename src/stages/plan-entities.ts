import { type Blueprint, referencesOf } from '../model/blueprint.js';
import { referenceKey, type EntityReference, type MappedFields } from '../model/entity.js';
import { isJsonObject } from '../model/json.js';
import type { FieldChange, PlannedAction } from '../model/plan.js';
import { bulkBytes, type CatalogEntity, writtenEntity } from '../port/catalog-entity.js';
import { portBulkLimits } from '../port/bulk.js';
import { readByIdentifier } from '../port/catalog.js';
import type { PortClient } from '../port/port-client.js';
import type { UpsertOutcome } from '../port/upsert.js';
import { fieldChanges } from '../reconcile/comparable.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import type { EntityWriter, EntityWriterOptions, Outgoing } from './entity-writer.js';
import type { PlanNotes, PlanTargets } from './plan-notes.js';

/** Entities that are looked at together: their old values are one request. */
const ENTITIES_AT_A_TIME = 100;

/** An outgoing entity with a name of its own, as opposed to a search query. */
type NamedEntity = Outgoing & { readonly outgoing: { readonly identifier: string } };

const NOTHING: Omit<CatalogEntity, 'identifier'> = {
  updatedAt: null,
  createdAt: null,
  properties: {},
  relations: {},
};

/**
 * Notes what would be written into one blueprint, and answers as Port would: what relates to
 * something that is not there is refused, unless Port may create it.
 */
export class PlanEntities<Sent extends Outgoing> implements EntityWriter<Sent> {
  readonly #waiting: Sent[] = [];

  constructor(
    private readonly client: PortClient,
    private readonly blueprint: Blueprint,
    private readonly options: EntityWriterOptions<Sent>,
    private readonly notes: PlanNotes,
    private readonly targets: PlanTargets,
    /** Told of what the entities would relate to. */
    private readonly related: (reference: EntityReference) => void,
  ) {}

  async write(entities: readonly Sent[]): Promise<void> {
    this.#waiting.push(...entities);
    while (this.#waiting.length >= ENTITIES_AT_A_TIME) await this.#answerNext();
  }

  async finish(): Promise<void> {
    while (this.#waiting.length > 0) await this.#answerNext();
  }

  async #answerNext(): Promise<void> {
    const next = this.#waiting.splice(0, ENTITIES_AT_A_TIME);
    this.options.answered(next, await this.#outcomesOf(next));
  }

  async #outcomesOf(waiting: readonly Sent[]): Promise<readonly UpsertOutcome[]> {
    if (this.options.signal.aborted) {
      return waiting.map(() => ({ type: 'not-loaded', reason: 'the run was stopped' }));
    }
    const absent = await this.#absentTargets(waiting);
    const existing = await this.#oldValues(waiting);
    return waiting.map((sent) => this.#judge(sent, absent, existing));
  }

  #judge(
    sent: Outgoing,
    absent: ReadonlySet<string>,
    existing: ReadonlyMap<string, CatalogEntity>,
  ): UpsertOutcome {
    const missing = this.#targetsOf(sent).find(
      (target) => absent.has(referenceKey(target)) && !this.notes.makes(target),
    );
    if (missing !== undefined) {
      const message = `Port has no ${missing.blueprint} ${missing.identifier}, which it relates to`;
      return { type: 'refused', status: 404, error: 'not_found', message };
    }
    const bytes = bulkBytes([writtenEntity(sent.outgoing)]);
    if (bytes > portBulkLimits.maximumBytes) return { type: 'too-large', bytes, answer: null };
    if (isNamed(sent)) this.#note(sent, existing.get(sent.outgoing.identifier) ?? null);
    else this.notes.addAlwaysSent(this.blueprint.identifier, sent.outgoing.identifier);
    for (const target of this.#targetsOf(sent)) this.related(target);
    return { type: sent.before === 'whole' ? 'updated' : 'created' };
  }

  #note(sent: NamedEntity, existing: CatalogEntity | null): void {
    const { identifier, title, relations } = sent.outgoing;
    const { merge } = sent;
    const action = actionOf(sent);
    const reference = { blueprint: this.blueprint.identifier, identifier };
    const emptied = [...this.blueprint.relations.keys()].map((name) => [name, null] as const);
    this.notes.relate(reference, { ...(merge ? {} : Object.fromEntries(emptied)), ...relations });
    this.notes.add(this.blueprint.identifier, {
      action,
      identifier,
      title: title ?? existing?.title ?? null,
      fields: this.notes.shows(reference, action) ? this.#changes(sent, existing) : [],
    });
  }

  #changes(sent: NamedEntity, existing: CatalogEntity | null): readonly FieldChange[] {
    const fields = this.#fieldsOf(sent);
    return fieldChanges(existing ?? NOTHING, sent.outgoing, fields, this.blueprint);
  }

  /** Without merging, what is not named is emptied. */
  #fieldsOf({ merge, outgoing }: Outgoing): MappedFields {
    const { title, icon, team, properties, relations } = outgoing;
    const { blueprint } = this;
    return {
      title: title !== undefined,
      icon: icon !== undefined,
      team: team !== undefined,
      properties: merge ? Object.keys(properties) : [...blueprint.properties.keys()],
      relations: merge ? Object.keys(relations) : [...blueprint.relations.keys()],
    };
  }

  /** Of those entities whose fields will be shown. */
  async #oldValues(entities: readonly Outgoing[]): Promise<ReadonlyMap<string, CatalogEntity>> {
    const { identifier: blueprint } = this.blueprint;
    const found = new Map<string, CatalogEntity>();
    const shown = entities
      .filter(isNamed)
      .filter(
        (entity) =>
          entity.before === 'whole' &&
          this.notes.shows({ blueprint, identifier: entity.outgoing.identifier }, actionOf(entity)),
      );
    if (shown.length === 0) return found;
    this.options.onCall();
    const fields = mergeFields(shown.map((entity) => this.#fieldsOf(entity)));
    const identifiers = shown.map(({ outgoing }) => outgoing.identifier);
    const wanted = { ...fields, title: true };
    for await (const page of readByIdentifier(this.client, blueprint, identifiers, wanted)) {
      for (const entity of page) found.set(entity.identifier, entity);
    }
    return found;
  }

  async #absentTargets(entities: readonly Outgoing[]): Promise<ReadonlySet<string>> {
    if (this.options.createMissingRelatedEntities) return new Set();
    const unmade = entities
      .flatMap((entity) => this.#targetsOf(entity))
      .filter((target) => !this.notes.makes(target));
    return new Set((await this.targets.absent(unmade)).map(referenceKey));
  }

  /** What the entity relates to besides itself. */
  #targetsOf({ outgoing }: Outgoing): readonly EntityReference[] {
    const { identifier: own, relations } = outgoing;
    return [...referencesOf(relations, this.blueprint)].filter(
      ({ blueprint, identifier }) => blueprint !== this.blueprint.identifier || identifier !== own,
    );
  }
}

/** Where a search query stands in an entity, only Port can tell what that comes to. */
function isNamed(sent: Outgoing): sent is NamedEntity {
  const { identifier, team, relations } = sent.outgoing;
  return ![identifier, team, ...Object.values(relations)].some(isJsonObject);
}

function actionOf({ before }: Outgoing): PlannedAction {
  return before === 'whole' ? 'update' : 'create';
}
