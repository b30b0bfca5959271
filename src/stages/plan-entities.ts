import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference, type MappedFields } from '../model/entity.js';
import { isJsonObject } from '../model/json.js';
import type { FieldChange, PlannedAction } from '../model/plan.js';
import { referencesOf } from '../model/relation.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { portBulkLimits } from '../port/bulk.js';
import { readByIdentifier } from '../port/catalog.js';
import { bulkPayload, jsonBytes } from '../port/outgoing-entity.js';
import type { PortClient } from '../port/port-client.js';
import { fieldChanges } from '../reconcile/field-changes.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import type { EntityWriter, EntityWriterOptions, Outgoing } from './entity-writer.js';
import type { PlanNotes } from './plan-notes.js';
import type { PlanTargets } from './plan-targets.js';

/** Entities that are looked at together: their old values are one request. */
const ENTITIES_AT_A_TIME = 100;

/** An outgoing entity with a name of its own, as opposed to a search query. */
type NamedEntity = Outgoing & { readonly identifier: string };

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
export class PlanEntities implements EntityWriter {
  #waiting: Outgoing[] = [];

  constructor(
    private readonly client: PortClient,
    private readonly blueprint: Blueprint,
    private readonly options: EntityWriterOptions,
    private readonly notes: PlanNotes,
    private readonly targets: PlanTargets,
    /** Told of what the entities would relate to. */
    private readonly related: (reference: EntityReference) => void,
  ) {}

  async write(entity: Outgoing): Promise<void> {
    this.#waiting.push(entity);
    if (this.#waiting.length >= ENTITIES_AT_A_TIME) await this.finish();
  }

  async finish(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    if (this.options.signal.aborted) {
      for (const { settle } of waiting)
        settle({ type: 'not-loaded', reason: 'the run was stopped' });
      return;
    }
    const absent = await this.#absentTargets(waiting);
    const existing = await this.#oldValues(waiting.filter(isComparable));
    for (const entity of waiting) this.#judge(entity, absent, existing);
  }

  #judge(
    entity: Outgoing,
    absent: ReadonlySet<string>,
    existing: ReadonlyMap<string, CatalogEntity>,
  ): void {
    const missing = this.#targetsOf(entity).find(
      (target) => absent.has(referenceKey(target)) && !this.notes.makes(target),
    );
    if (missing !== undefined) {
      const message = `Port has no ${missing.blueprint} ${missing.identifier}, which it relates to`;
      entity.settle({ type: 'refused', status: 404, error: 'not_found', message });
      return;
    }
    const bytes = jsonBytes(bulkPayload([entity]));
    if (bytes > portBulkLimits.maximumBytes) {
      entity.settle({ type: 'too-large', bytes, answer: null });
      return;
    }
    if (isComparable(entity)) this.#note(entity, existing.get(entity.identifier) ?? null);
    else this.notes.addAlwaysSent(this.blueprint.identifier, entity.identifier);
    for (const target of this.#targetsOf(entity)) this.related(target);
    entity.settle({ type: entity.existed ? 'updated' : 'created' });
  }

  #note(entity: NamedEntity, existing: CatalogEntity | null): void {
    const { identifier, title, merge, relations } = entity;
    const action = actionOf(entity);
    const reference = { blueprint: this.blueprint.identifier, identifier };
    const emptied = [...this.blueprint.relations.keys()].map((name) => [name, null] as const);
    this.notes.relate(reference, { ...(merge ? {} : Object.fromEntries(emptied)), ...relations });
    this.notes.add(this.blueprint.identifier, {
      action,
      identifier,
      title: title ?? existing?.title ?? null,
      fields: this.notes.shows(reference, action) ? this.#changes(entity, existing) : [],
    });
  }

  #changes(entity: NamedEntity, existing: CatalogEntity | null): readonly FieldChange[] {
    const fields = this.#fieldsOf(entity);
    return fieldChanges(existing ?? NOTHING, entity, fields, this.blueprint);
  }

  /** Without merging, what is not named is emptied. */
  #fieldsOf({ merge, title, icon, team, properties, relations }: Outgoing): MappedFields {
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
  async #oldValues(entities: readonly NamedEntity[]): Promise<ReadonlyMap<string, CatalogEntity>> {
    const { identifier: blueprint } = this.blueprint;
    const found = new Map<string, CatalogEntity>();
    const shown = entities.filter(
      (entity) =>
        entity.existed &&
        this.notes.shows({ blueprint, identifier: entity.identifier }, actionOf(entity)),
    );
    if (shown.length === 0) return found;
    this.options.onCall();
    const fields = mergeFields(shown.map((entity) => this.#fieldsOf(entity)));
    const identifiers = shown.map(({ identifier }) => identifier);
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
  #targetsOf({ identifier: own, relations }: Outgoing): readonly EntityReference[] {
    return [...referencesOf(relations, this.blueprint)].filter(
      ({ blueprint, identifier }) => blueprint !== this.blueprint.identifier || identifier !== own,
    );
  }
}

/** Where a search query stands in an entity, only Port can tell what that comes to. */
function isComparable(entity: Outgoing): entity is NamedEntity {
  const { identifier, team, relations } = entity;
  return ![identifier, team, ...Object.values(relations)].some(isJsonObject);
}

function actionOf({ existed }: Outgoing): PlannedAction {
  return existed ? 'update' : 'create';
}
