import { readByIdentifier } from '../port/catalog.js';
import type { DueList } from './due-list.js';
import type { RunContext } from './run-context.js';

const NO_FIELDS = { title: false, icon: false, team: false, properties: [], relations: [] };

/**
 * Keeps what another program loaded. Without a record, the data source of each entity is all that
 * tells who that was. The run makes the record, so that the next one decides as usual.
 * @throws ProblemError catalog-unreadable
 */
export async function keepWhatOthersLoaded(
  lists: readonly DueList[],
  { client }: Pick<RunContext, 'client'>,
): Promise<void> {
  for (const list of lists) {
    const due = list.due.map(({ identifier }) => identifier);
    const ours = new Set<string>();
    const options = { ownedOnly: true, loadedBy: 'us' } as const;
    for await (const page of readByIdentifier(client, list.blueprint, due, NO_FIELDS, options)) {
      for (const { identifier } of page) ours.add(identifier);
    }
    list.keep(({ identifier }) => (ours.has(identifier) ? null : 'no record'));
  }
}
