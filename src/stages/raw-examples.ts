import type { JsonObject } from '../model/json.js';
import type { Problem } from '../problems/problem.js';
import type { PreparedRun } from './prepare-run.js';
import type { ResourceRun } from './resource-run.js';

/**
 * Sends the first raw items of those kinds in which this run found anything new, and of all kinds
 * when the integration is new. What Port refuses once it refuses for every kind: if it does so for
 * the first, the others are not sent. One failure is told. A stopped run sends none.
 * @param runs in config order
 */
export async function sendRawExamples(
  runs: readonly ResourceRun[],
  { catalog: { record }, context: { writer, signal, report } }: PreparedRun,
): Promise<void> {
  const isDue = (kind: string): boolean =>
    record.status === 'missing' ||
    runs.some(({ resource, tally }) => resource.kind === kind && tally.hasNews);
  const send = ([kind, items]: readonly [string, readonly JsonObject[]]): Promise<Problem | null> =>
    writer.sendExamples(kind, items);
  const [first, ...others] = [...examplesByKind(runs)].filter(([kind]) => isDue(kind));
  if (first === undefined || signal.aborted) return;
  const problem = await send(first);
  const isOver = problem !== null || signal.aborted;
  const problems = [problem, ...(isOver ? [] : await Promise.all(others.map(send)))];
  const told = problems.find((each) => each !== null);
  if (told !== undefined) report(told);
}

/** Those of the first resource of a kind that has any: which one was read faster does not tell. */
function examplesByKind(runs: readonly ResourceRun[]): ReadonlyMap<string, readonly JsonObject[]> {
  const examples = new Map<string, readonly JsonObject[]>();
  for (const { resource, firstItems, kind } of runs) {
    if (kind?.isPrivate === true) continue;
    if (firstItems.length > 0 && !examples.has(resource.kind)) {
      examples.set(resource.kind, firstItems);
    }
  }
  return examples;
}
