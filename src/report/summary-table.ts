import type { ResourceCounts } from '../model/event.js';
import { resourceName } from '../model/resource.js';
import type { ResourceSummary, RunSummary } from '../model/summary.js';
import { textTable, type Column } from './table.js';
import { duration, grouped } from './text.js';

interface CountColumn extends Column {
  readonly count: keyof ResourceCounts;
}

/**
 * In the order in which an item goes through a run. Short: with five digits everywhere, the four
 * kinds of a Data Center still stand in 80 columns.
 */
const COUNTS: readonly CountColumn[] = [
  { title: 'Read', align: 'right', count: 'fetched' },
  { title: 'Mapped', align: 'right', count: 'mapped' },
  { title: 'Skip', align: 'right', count: 'unselected' },
  { title: 'Same', align: 'right', count: 'unchanged' },
  { title: 'New', align: 'right', count: 'created' },
  { title: 'Changed', align: 'right', count: 'updated' },
  { title: 'Search', align: 'right', count: 'searched' },
  { title: 'Failed', align: 'right', count: 'failed' },
  { title: 'Deleted', align: 'right', count: 'deleted' },
  { title: 'Calls', align: 'right', count: 'requests' },
];

/** A line per resource. One that was not read to its end carries a mark. */
export function summaryTable(
  { resources, deletedElsewhere }: RunSummary,
  width: number,
): readonly string[] {
  const readable = countTable(resources, grouped);
  // Where it is too wide, large numbers go without their commas.
  const isNarrow = readable.every((line) => line.length <= width);
  const isMarked = resources.some(({ status }) => status === 'incomplete');
  return [
    ...(isNarrow ? readable : countTable(resources, String)),
    ...(isMarked ? ['! not read to its end'] : []),
    ...(deletedElsewhere > 0
      ? [`${grouped(deletedElsewhere)} more deleted in blueprints that no resource feeds any more`]
      : []),
  ];
}

function countTable(
  resources: readonly ResourceSummary[],
  digits: (count: number) => string,
): readonly string[] {
  const references = resources.map(({ resource }) => resource);
  // Few mappings search: for the others, the column would only take room.
  const searches = resources.some(({ counts }) => counts.searched > 0);
  const columns = COUNTS.filter(({ count }) => count !== 'searched' || searches);
  const rows = resources.map(({ resource, counts, status, milliseconds }) => [
    `${resourceName(resource, references)}${status === 'incomplete' ? '!' : ''}`,
    ...columns.map(({ count }) => digits(counts[count])),
    duration(milliseconds),
  ]);
  const all: readonly Column[] = [
    { title: 'Resource', align: 'left' },
    ...columns,
    { title: 'Time', align: 'right' },
  ];
  return textTable(all, rows);
}
