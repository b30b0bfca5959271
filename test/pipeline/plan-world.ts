import { z } from 'zod';
import type { EntityReference } from '../../src/model/entity.js';
import type { CatalogEntity } from '../../src/sandbox/port/entity.js';
import type { SandboxPort } from '../../src/sandbox/port/port.js';

const change = z.object({
  blueprint: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  identifier: z.string(),
  title: z.string().nullable(),
  fields: z.array(z.strictObject({ field: z.string(), old: z.json(), new: z.json() })),
});
const reference = z.object({ blueprint: z.string(), identifier: z.string() });

/** The document that `plan --output json` writes. */
export const planSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z.number(),
  summary: z.strictObject({
    create: z.number(),
    update: z.number(),
    delete: z.number(),
    unchanged: z.number(),
    failed: z.number(),
    alwaysSent: z.number(),
  }),
  plan: z.strictObject({
    integration: z.strictObject({
      identifier: z.string(),
      isCreated: z.boolean(),
      written: z.array(z.unknown()),
    }),
    newBlueprints: z.array(z.string()),
    changedBlueprints: z.array(z.unknown()),
    changes: z.array(change),
    related: z.array(reference),
    deletions: z.enum(['shown', 'unknown']),
    postponed: z.array(reference.extend({ why: z.string() })),
  }),
  problems: z.array(z.looseObject({ message: z.string() })),
});

/** See `planSchema`. */
export type PlanDocument = z.output<typeof planSchema>;

/** A change in short: `+ blueprint identifier`. */
export type ShortChange = string;

/** What a plan says would happen to entities, sorted. */
export function plannedChanges({ plan }: PlanDocument): readonly ShortChange[] {
  const signs = { create: '+', update: '~', delete: '-' };
  return plan.changes
    .map(({ action, blueprint, identifier }) => `${signs[action]} ${blueprint} ${identifier}`)
    .sort();
}

const nameOf = ({ blueprint, identifier }: { blueprint: string; identifier: string }): string =>
  `${blueprint} ${identifier}`;

/** What Port holds, by blueprint and identifier. */
export type Holdings = ReadonlyMap<string, CatalogEntity>;

/** What Port holds now. */
export function holdingsOf(port: SandboxPort): Holdings {
  return new Map(
    port
      .blueprints()
      .flatMap(({ identifier }) => port.entities(identifier))
      .map((entity) => [nameOf(entity), entity]),
  );
}

/** What calls did to entities since Port was reset, sorted. A bare entity counts as not there. */
export function madeChanges(port: SandboxPort, before: Holdings): readonly ShortChange[] {
  const made = port.writes.flatMap((write) => {
    if (write.type === 'entity-deleted') return [`- ${nameOf(write)}`];
    if (write.type !== 'entity-upserted' || isOnTheWay(port, write)) return [];
    const entity = before.get(nameOf(write));
    return [`${entity === undefined || isBare(entity) ? '+' : '~'} ${nameOf(write)}`];
  });
  return [...new Set(made)].sort();
}

/** What came into being with nothing but a name, because a relation leads there; sorted. */
export function madeOnTheWay(port: SandboxPort): readonly string[] {
  const made = port.writes.flatMap((write) =>
    write.type === 'entity-upserted' && isOnTheWay(port, write) ? [nameOf(write)] : [],
  );
  return [...new Set(made)].sort();
}

/** Whether nothing but a name was ever written, by Port itself or by a call of its own. */
function isOnTheWay(port: SandboxPort, { blueprint, identifier }: EntityReference): boolean {
  const entity = port.entity(blueprint, identifier);
  return entity !== undefined && isBare(entity);
}

function isBare({ identifier, title, properties, relations }: CatalogEntity): boolean {
  const isEmpty = (value: unknown): boolean =>
    value === null || (Array.isArray(value) && value.length === 0);
  return (
    (title === null || title === identifier) &&
    [...Object.values(properties), ...Object.values(relations)].every(isEmpty)
  );
}

/** The value of a field as a plan names it: `properties.state`. */
export function fieldIn(entity: CatalogEntity | undefined, field: string): unknown {
  const [kind = '', ...rest] = field.split('.');
  const name = rest.join('.');
  if (entity === undefined) return null;
  if (kind === 'properties') return entity.properties[name] ?? null;
  if (kind === 'relations') return entity.relations[name] ?? null;
  return z.record(z.string(), z.unknown()).parse(entity)[kind] ?? null;
}

/** Requests at Port that could change anything. */
export function writingRequests({ requests }: SandboxPort): readonly string[] {
  const reads = /\/(?:auth\/access_token|search|datasource-entities)$/u;
  return requests
    .filter(({ method, path }) => method !== 'GET' && !(method === 'POST' && reads.test(path)))
    .map(({ method, path }) => `${method} ${path}`);
}
