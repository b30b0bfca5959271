import { type Blueprint, referencesOf } from '../model/blueprint.js';
import { NO_FIELDS, referenceKey, type EntityReference } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { readByIdentifier, readRelatingTo } from '../port/catalog.js';
import { ProblemError } from '../problems/problem.js';
import type { RunContext } from '../stages/run-context.js';
import { byBlueprint } from './claims.js';

/** Entities that relate to others, by the key of what they relate to. */
export type Dependents = ReadonlyMap<string, readonly EntityReference[]>;

type Reader = Pick<RunContext, 'client' | 'blueprints' | 'writer'>;

/** What must stay as something relates to it, and what may go together with what does. */
export interface RelationVerdict {
  /** What stays, by key: those that relate to it and stay themselves. */
  readonly kept: Dependents;
  /** Keys of what may be deleted together with everything that relates to it, with `--allow-cascade`. */
  readonly cascading: ReadonlySet<string>;
}

/**
 * Which of the entities something relates to that is not among them, directly or through others that stay
 * for that reason: deleting such a one would take that along or cut its relation. Looks at the whole list
 * at once, as one that stays keeps what it relates to itself.
 * @param mayCascade with `--allow-cascade`
 * @throws ProblemError catalog-unreadable: who relates to them is not known
 */
export async function relatedAmong(
  due: readonly EntityReference[],
  mayCascade: boolean,
  context: RunContext,
): Promise<RelationVerdict> {
  const dependents = await readDependents(due, context);
  const going = new Map(due.map((reference) => [referenceKey(reference), reference]));
  const cascading = new Set<string>();
  const kept = new Map<string, readonly EntityReference[]>();
  for (;;) {
    const blocked = [...dependents].flatMap(([key, all]) => {
      const staying = all.filter((one) => !going.has(referenceKey(one)));
      const target = going.get(key);
      const isBlocked = staying.length > 0 && !cascading.has(key);
      return target !== undefined && isBlocked ? [{ key, target, staying }] : [];
    });
    if (blocked.length === 0) return { kept, cascading };
    for (const { key, target, staying } of blocked) {
      if (mayCascade && (await isCascadeHarmless(target, new Set(going.keys()), context))) {
        cascading.add(key);
      } else {
        kept.set(key, staying);
        going.delete(key);
      }
    }
  }
}

/** A cascade that would reach an entity of ours that is not due is never asked for. */
async function isCascadeHarmless(
  target: EntityReference,
  due: ReadonlySet<string>,
  context: RunContext,
): Promise<boolean> {
  try {
    const closure = await readClosure(target, context);
    const others = closure.filter((reference) => !due.has(referenceKey(reference)));
    if ((await oursAmong(others, context)).length > 0) return false;
    const text = `Allowed to cascade: ${nameOf(target)} is deleted with ${namesOf(others)}`;
    context.emit({ type: 'note', level: 'info', text });
    return true;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return false;
  }
}

async function readDependents(
  targets: readonly EntityReference[],
  { client, blueprints, writer }: Reader,
): Promise<Dependents> {
  const wanted = new Set(targets.map(referenceKey));
  const dependents = new Map<string, EntityReference[]>();
  for (const [target, references] of byBlueprint(targets)) {
    const identifiers = references.map(({ identifier }) => identifier);
    for (const blueprint of blueprints.values()) {
      const relations = relationsTo(target, blueprint);
      if (relations.length === 0) continue;
      const { identifier: of } = blueprint;
      const pending = new Map(writer.pendingRelations(of));
      const add = (identifier: string, values: JsonObject): void => {
        for (const reference of referencesOf(values, blueprint)) {
          const key = referenceKey(reference);
          const source = { blueprint: of, identifier };
          if (reference.blueprint !== target || !wanted.has(key)) continue;
          if (key === referenceKey(source)) continue;
          const known = dependents.get(key);
          if (known === undefined) dependents.set(key, [source]);
          else known.push(source);
        }
      };
      for await (const page of readRelatingTo(client, of, relations, identifiers)) {
        for (const { identifier, relations: values } of page) {
          add(identifier, { ...values, ...pending.get(identifier) });
          pending.delete(identifier);
        }
      }
      for (const [identifier, values] of pending) add(identifier, values);
    }
  }
  return dependents;
}

/** Everything that a cascade could take along: what relates to it, what relates to that, and so on. */
async function readClosure(
  target: EntityReference,
  reader: Reader,
): Promise<readonly EntityReference[]> {
  const seen = new Map<string, EntityReference>([[referenceKey(target), target]]);
  let open: readonly EntityReference[] = [target];
  while (open.length > 0) {
    const found = [...(await readDependents(open, reader)).values()].flat();
    open = found.filter((reference) => !seen.has(referenceKey(reference)));
    for (const reference of open) seen.set(referenceKey(reference), reference);
  }
  seen.delete(referenceKey(target));
  return [...seen.values()];
}

/** Those of the entities that carry our data source. */
async function oursAmong(
  entities: readonly EntityReference[],
  { client }: Reader,
): Promise<readonly EntityReference[]> {
  const ours: EntityReference[] = [];
  for (const [blueprint, references] of byBlueprint(entities)) {
    const identifiers = references.map(({ identifier }) => identifier);
    const options = { ownedOnly: true };
    const pages = readByIdentifier(client, blueprint, identifiers, NO_FIELDS, options);
    for await (const page of pages) {
      ours.push(...page.map(({ identifier }) => ({ blueprint, identifier })));
    }
  }
  return ours;
}

function relationsTo(
  target: string,
  { relations }: Blueprint,
): readonly { readonly name: string; readonly many: boolean }[] {
  return [...relations].flatMap(([name, relation]) =>
    relation.target === target ? [{ name, many: relation.many }] : [],
  );
}

/** How many of what relates to an entity are named. */
const NAMED_DEPENDENTS = 3;

/** `service shop, service web and 2 more` */
export function namesOf(entities: readonly EntityReference[]): string {
  const named = entities.slice(0, NAMED_DEPENDENTS).map(nameOf);
  const rest = entities.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} more`;
}

function nameOf({ blueprint, identifier }: EntityReference): string {
  return `${blueprint} ${identifier}`;
}
