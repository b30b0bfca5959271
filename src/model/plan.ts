import type { EntityReference } from './entity.js';
import type { JsonValue } from './json.js';

/** A field of an entity, before and after. What is not there is null. */
export interface FieldChange {
  /** `title`, `icon`, `team`, `properties.state`, `relations.project`. */
  readonly field: string;
  readonly old: JsonValue;
  readonly new: JsonValue;
}

/** What would become of an entity. */
export type PlannedAction = 'create' | 'update' | 'delete';

/** A change that a run would make to an entity. */
export interface EntityChange {
  readonly action: PlannedAction;
  readonly identifier: string;
  /** As it is afterwards; null where nobody knows. */
  readonly title: string | null;
  /** Fields that differ; of a new entity, those that are filled; none of one that goes. */
  readonly fields: readonly FieldChange[];
}

/** What would happen in one blueprint. */
export interface BlueprintPlan {
  readonly blueprint: string;
  readonly counts: Readonly<Record<PlannedAction, number>>;
  /** In the order in which they would be made; not all of them where there are many. */
  readonly changes: readonly EntityChange[];
}

/** What would happen to the record of the integration. */
export interface IntegrationPlan {
  readonly identifier: string;
  readonly isCreated: boolean;
  /** Members of the record that would be written, such as `version`. */
  readonly written: readonly FieldChange[];
}

/** All that a run would change in Port. */
export interface Plan {
  readonly integration: IntegrationPlan;
  /** Identifiers of default blueprints that would be created. */
  readonly newBlueprints: readonly string[];
  /** Built-in blueprints that would be given what they lack. */
  readonly changedBlueprints: readonly {
    readonly blueprint: string;
    /** `relations.project`. */
    readonly added: readonly string[];
  }[];
  /** In the order of their names. */
  readonly blueprints: readonly BlueprintPlan[];
  /** Entities that would be sent whatever they hold: a search query stands for their name. */
  readonly alwaysSent: number;
  /** What Port would create on the way, with nothing but a name, because a relation leads there. */
  readonly related: readonly EntityReference[];
  /** `unknown`: Port did not let the run read the integration, so that it would delete nothing. */
  readonly deletions: 'shown' | 'unknown';
  /** What is due and would stay all the same. */
  readonly postponed: readonly {
    readonly entity: EntityReference;
    readonly why: 'next run' | 'stopped';
  }[];
}

/** How many entities a plan would create, update and delete. */
export function totalsOf({ blueprints }: Plan): Readonly<Record<PlannedAction, number>> {
  const sum = (action: PlannedAction): number =>
    blueprints.reduce((total, { counts }) => total + counts[action], 0);
  return { create: sum('create'), update: sum('update'), delete: sum('delete') };
}

/** Whether a run would change anything in Port. */
export function hasChanges(plan: Plan): boolean {
  const { integration, newBlueprints, changedBlueprints, blueprints } = plan;
  return (
    blueprints.length > 0 ||
    newBlueprints.length > 0 ||
    changedBlueprints.length > 0 ||
    integration.isCreated ||
    integration.written.length > 0
  );
}
