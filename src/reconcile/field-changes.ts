import type { Blueprint } from '../model/blueprint.js';
import type { MappedFields } from '../model/entity.js';
import type { JsonValue } from '../model/json.js';
import type { FieldChange } from '../model/plan.js';
import { comparison, type Comparable, type Labels } from './comparable.js';

const NONE: MappedFields = {
  title: false,
  icon: false,
  team: false,
  properties: [],
  relations: [],
};

/**
 * The fields that an upsert would change, by the same comparison that decides whether an entity is
 * sent at all. A null title or icon cannot be told to Port, so that it changes nothing.
 * @param fields those that the upsert writes; one that `sent` does not name would be emptied
 */
export function fieldChanges(
  existing: Comparable & Labels,
  sent: Comparable & Labels,
  fields: MappedFields,
  blueprint: Pick<Blueprint, 'properties' | 'relations'>,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const name of ['title', 'icon'] as const) {
    const old = existing[name] ?? null;
    const next = sent[name] ?? null;
    if (fields[name] && next !== null && next !== old)
      changes.push({ field: name, old, new: next });
  }
  const compare = (one: MappedFields, change: FieldChange): void => {
    const textOf = comparison(one, blueprint);
    if (textOf(existing) !== textOf(sent)) changes.push(change);
  };
  if (fields.team) {
    const change = { field: 'team', old: existing.team ?? null, new: sent.team ?? null };
    compare({ ...NONE, team: true }, change);
  }
  for (const kind of ['properties', 'relations'] as const) {
    for (const name of fields[kind]) {
      const values = { old: own(existing[kind], name), new: own(sent[kind], name) };
      compare({ ...NONE, [kind]: [name] }, { field: `${kind}.${name}`, ...values });
    }
  }
  return changes;
}

function own(values: Readonly<Record<string, JsonValue>>, name: string): JsonValue {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}
