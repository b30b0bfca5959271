import { referenceKey, type EntityReference } from '../model/entity.js';
import { ProblemError } from '../problems/problem.js';
import type { DueEntity } from '../reconcile/keep-related.js';
import { oursAmong, readClosure, readDependents, type Dependents } from './dependents.js';
import type { DueList } from './due-list.js';
import type { RunContext } from './run-context.js';

/** How many of what relates to an entity are named. */
const NAMED_DEPENDENTS = 3;

/**
 * Keeps what entities relate to that are not due themselves, and tells which: deleting it would take
 * them along or cut their relation, and they are not ours. What such an entity relates to in turn
 * is kept with it.
 * @param isAllowed with `--allow-cascade`: such entities go, and what relates to them goes along
 * @returns the keys of those that are to be deleted with all that relates to them
 */
export async function keepWhatOthersRelateTo(
  lists: readonly DueList[],
  isAllowed: boolean,
  context: RunContext,
): Promise<ReadonlySet<string>> {
  const cascading = new Set<string>();
  const looked = await lookForDependents(lists, context);
  for (;;) {
    const due = new Set(lists.flatMap((list) => list.due).map(referenceKey));
    const blocked = new Map<string, readonly EntityReference[]>();
    for (const [key, dependents] of looked) {
      const staying = dependents.filter((dependent) => !due.has(referenceKey(dependent)));
      if (due.has(key) && !cascading.has(key) && staying.length > 0) blocked.set(key, staying);
    }
    if (blocked.size === 0) return cascading;
    for (const list of lists) {
      const targets = list.due.filter((entity) => blocked.has(referenceKey(entity)));
      for (const target of targets) {
        const staying = blocked.get(referenceKey(target)) ?? [];
        if (isAllowed && (await mayCascade(target, due, context))) {
          cascading.add(referenceKey(target));
        } else tell(target, staying, context);
      }
      const isKept = (entity: DueEntity): boolean =>
        blocked.has(referenceKey(entity)) && !cascading.has(referenceKey(entity));
      list.keep((entity) => (isKept(entity) ? 'related to' : null));
    }
  }
}

/** Without an answer, Port itself is relied upon: it turns down what still has dependents. */
async function lookForDependents(
  lists: readonly DueList[],
  context: RunContext,
): Promise<Dependents> {
  try {
    return await readDependents(
      lists.flatMap(({ due }) => due),
      context,
    );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const subject = 'looking for what relates to entities that are gone';
    const reason = 'Port did not tell; what still has dependents is not deleted';
    context.report({ code: 'best-effort-failed', subject, reason });
    return new Map<string, readonly EntityReference[]>();
  }
}

/** A cascade that would reach an entity of ours that is not due is never asked for. */
async function mayCascade(
  target: EntityReference,
  due: ReadonlySet<string>,
  context: RunContext,
): Promise<boolean> {
  const others = await lookForOthers(target, due, context);
  if (others === null) return false;
  const text = `Allowed to cascade: ${nameOf(target)} is deleted with ${namesOf(others)}`;
  context.emit({ type: 'note', level: 'info', text });
  return true;
}

/** What a cascade would take along besides what is due; null when it may not be, or nobody knows. */
async function lookForOthers(
  target: EntityReference,
  due: ReadonlySet<string>,
  context: RunContext,
): Promise<readonly EntityReference[] | null> {
  try {
    const closure = await readClosure(target, context);
    const others = closure.filter((reference) => !due.has(referenceKey(reference)));
    return (await oursAmong(others, context)).length > 0 ? null : others;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return null;
  }
}

function tell(
  { blueprint, identifier }: EntityReference,
  dependents: readonly EntityReference[],
  { report }: RunContext,
): void {
  const verb = dependents.length === 1 ? 'relates' : 'relate';
  const reason = `${namesOf(dependents)} ${verb} to it`;
  report({ code: 'deletion-refused', entity: { blueprint, identifier }, reason });
}

function namesOf(entities: readonly EntityReference[]): string {
  const named = entities.slice(0, NAMED_DEPENDENTS).map(nameOf);
  const rest = entities.length - named.length;
  return rest === 0 ? named.join(', ') : `${named.join(', ')} and ${rest} more`;
}

function nameOf({ blueprint, identifier }: EntityReference): string {
  return `${blueprint} ${identifier}`;
}
