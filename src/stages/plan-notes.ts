import { type EntityReference, NO_FIELDS, referenceKey } from '../model/entity.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../model/json.js';
import type {
  BlueprintPlan,
  EntityChange,
  FieldChange,
  Plan,
  PlannedAction,
} from '../model/plan.js';
import { readByIdentifier } from '../port/catalog.js';
import type { PortClient } from '../port/port-client.js';

interface BlueprintNotes {
  /** By identifier, of all. */
  readonly actions: Map<string, PlannedAction>;
  /** By identifier, of those that are shown. */
  readonly shown: Map<string, EntityChange>;
  readonly shownOf: Record<PlannedAction, number>;
  /** By identifier: what the entity would relate to, as far as that would be written. */
  readonly relations: Map<string, JsonObject>;
}

/** What a run would have changed, gathered while it goes. Each entity counts once. */
export class PlanNotes {
  readonly #blueprints = new Map<string, BlueprintNotes>();
  readonly newBlueprints: string[] = [];
  readonly changedBlueprints: Plan['changedBlueprints'][number][] = [];
  readonly written: FieldChange[] = [];
  readonly postponed: Plan['postponed'][number][] = [];
  isIntegrationCreated = false;
  deletions: Plan['deletions'] = 'shown';
  readonly #alwaysSent = new Set<string>();

  /** @param limit how many changes of an action are kept of each blueprint; the rest is counted */
  constructor(private readonly limit: number) {}

  /** Whether the entity would be there afterwards because of this run. */
  makes({ blueprint, identifier }: EntityReference): boolean {
    const action = this.#blueprints.get(blueprint)?.actions.get(identifier);
    const isSent = this.#alwaysSent.has(canonicalJson([blueprint, identifier]));
    return action === 'create' || action === 'update' || isSent;
  }

  /** Whether the change would be shown, so that it is worth looking at its fields. */
  shows({ blueprint, identifier }: EntityReference, action: PlannedAction): boolean {
    const notes = this.#of(blueprint);
    return notes.shown.has(identifier) || notes.shownOf[action] < this.limit;
  }

  /** A change of an entity that was noted before adds its fields. */
  add(blueprint: string, change: EntityChange): void {
    const notes = this.#of(blueprint);
    const { identifier, action } = change;
    const isKnown = notes.actions.has(identifier);
    const earlier = notes.shown.get(identifier);
    if (earlier !== undefined) notes.shown.set(identifier, joined(earlier, change));
    else if (!isKnown && notes.shownOf[action] < this.limit) {
      notes.shown.set(identifier, change);
      notes.shownOf[action] += 1;
    }
    if (!isKnown) notes.actions.set(identifier, action);
  }

  /** An entity that is sent whatever it holds, by its name or the search query for it. */
  addAlwaysSent(blueprint: string, identifier: JsonValue): void {
    this.#alwaysSent.add(canonicalJson([blueprint, identifier]));
  }

  /** How many entities are sent whatever they hold. */
  get alwaysSent(): number {
    return this.#alwaysSent.size;
  }

  /** What an entity would relate to from then on. */
  relate({ blueprint, identifier }: EntityReference, relations: JsonObject): void {
    const known = this.#of(blueprint).relations;
    known.set(identifier, { ...known.get(identifier), ...relations });
  }

  /** What entities of a blueprint would relate to, by identifier. */
  relationsOf(blueprint: string): ReadonlyMap<string, JsonObject> {
    return this.#of(blueprint).relations;
  }

  /** By name of the blueprint. */
  blueprints(): readonly BlueprintPlan[] {
    return [...this.#blueprints]
      .filter(([, { actions }]) => actions.size > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([blueprint, { actions, shown }]) => ({
        blueprint,
        counts: countsOf(actions.values()),
        changes: [...shown.values()],
      }));
  }

  #of(blueprint: string): BlueprintNotes {
    const notes = this.#blueprints.get(blueprint) ?? {
      actions: new Map(),
      shown: new Map(),
      shownOf: { create: 0, update: 0, delete: 0 },
      relations: new Map(),
    };
    this.#blueprints.set(blueprint, notes);
    return notes;
  }
}

/** What a later write says of a field counts. */
function joined(earlier: EntityChange, later: EntityChange): EntityChange {
  const fields = new Map([...earlier.fields, ...later.fields].map((field) => [field.field, field]));
  return { ...earlier, title: later.title ?? earlier.title, fields: [...fields.values()] };
}

function countsOf(actions: Iterable<PlannedAction>): BlueprintPlan['counts'] {
  const counts = { create: 0, update: 0, delete: 0 };
  for (const action of actions) counts[action] += 1;
  return counts;
}

/** Identifiers of a blueprint that our data source owns. */
type Owned = () => Promise<{ has(identifier: string): boolean }>;

/** Finds out which targets of relations Port holds. Asks for each of them once at most. */
export class PlanTargets {
  readonly #owned = new Map<string, Owned>();
  /** By blueprint and identifier: whether Port holds it. */
  readonly #known = new Map<string, Map<string, boolean>>();
  readonly #empty = new Set<string>();

  constructor(private readonly client: PortClient) {}

  /** What our data source owns in a blueprint is known without asking. */
  know(blueprint: string, owned: Owned): void {
    this.#owned.set(blueprint, owned);
  }

  /** The blueprint holds nothing: Port does not have it yet. */
  knowEmpty(blueprint: string): void {
    this.#empty.add(blueprint);
  }

  /**
   * Those of the references that Port does not hold, each once.
   * @throws ProblemError catalog-unreadable
   */
  async absent(references: Iterable<EntityReference>): Promise<readonly EntityReference[]> {
    const distinct = new Map([...references].map((each) => [referenceKey(each), each]));
    const byBlueprint = new Map<string, string[]>();
    for (const { blueprint, identifier } of distinct.values()) {
      const identifiers = byBlueprint.get(blueprint) ?? [];
      identifiers.push(identifier);
      byBlueprint.set(blueprint, identifiers);
    }
    for (const [blueprint, identifiers] of byBlueprint) await this.#learn(blueprint, identifiers);
    return [...distinct.values()].filter(
      ({ blueprint, identifier }) => this.#known.get(blueprint)?.get(identifier) !== true,
    );
  }

  async #learn(blueprint: string, identifiers: readonly string[]): Promise<void> {
    const known = this.#known.get(blueprint) ?? new Map<string, boolean>();
    this.#known.set(blueprint, known);
    const owned = await this.#owned.get(blueprint)?.();
    const unknown: string[] = [];
    for (const identifier of identifiers) {
      if (known.has(identifier)) continue;
      const isOwned = owned?.has(identifier) === true;
      known.set(identifier, isOwned);
      if (!isOwned && !this.#empty.has(blueprint)) unknown.push(identifier);
    }
    for await (const page of readByIdentifier(this.client, blueprint, unknown, NO_FIELDS)) {
      for (const { identifier } of page) known.set(identifier, true);
    }
  }
}
