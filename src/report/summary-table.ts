import { resourceName } from '../model/resource.js';
import type { ResourceSummary, RunSummary } from '../model/summary.js';
import { columnMeanings, countColumns, stubLines } from './count-columns.js';
import { type Column, duration, grouped, textTable, wrapped } from './text.js';

/**
 * A line per resource; where that is too wide, some lines per resource. One that was not read to its end
 * carries a mark.
 */
export function summaryTable(
  { resources, blueprints, deletedElsewhere }: RunSummary,
  width: number,
): readonly string[] {
  const isMarked = resources.some(({ status }) => status === 'incomplete');
  const meanings = columnMeanings(countColumns(resources.map(({ counts }) => counts)));
  return [
    ...tableWithin(resources, width),
    ...(isMarked ? ['! not read to its end'] : []),
    ...[...meanings, ...stubLines({ blueprints })].flatMap((line) => wrapped(line, width, '')),
    ...(deletedElsewhere > 0
      ? wrapped(
          `${grouped(deletedElsewhere)} more deleted in blueprints that no resource feeds any more`,
          width,
          '',
        )
      : []),
  ];
}

/** Where it is too wide, large numbers go without their commas, and then everything one below the other. */
function tableWithin(resources: readonly ResourceSummary[], width: number): readonly string[] {
  const tables = [countTable(resources, grouped), countTable(resources, String)];
  const fitting = tables.find((lines) => lines.every((line) => line.length <= width));
  return fitting ?? countLists(resources, width);
}

function countTable(
  resources: readonly ResourceSummary[],
  digits: (count: number) => string,
): readonly string[] {
  const columns = countColumns(resources.map(({ counts }) => counts));
  const rows = resources.map((one) => [
    nameOf(one, resources),
    ...columns.map(({ count }) => digits(one.counts[count])),
    duration(one.milliseconds),
  ]);
  const all: readonly Column[] = [
    { title: 'Resource', align: 'left' },
    ...columns.map(({ title }): Column => ({ title, align: 'right' })),
    { title: 'Time', align: 'right' },
  ];
  return textTable(all, rows);
}

/** `user: Read 10, No id 1, Same 9, Calls 2, 30ms`. */
function countLists(resources: readonly ResourceSummary[], width: number): readonly string[] {
  return resources.flatMap((one) => {
    const counts = countColumns([one.counts])
      .filter(({ count }) => count === 'fetched' || one.counts[count] > 0)
      .map(({ title, count }) => `${title} ${grouped(one.counts[count])}`);
    const text = [...counts, duration(one.milliseconds)].join(', ');
    return wrapped(`${nameOf(one, resources)}: ${text}`, width, '');
  });
}

function nameOf(
  { resource, status }: ResourceSummary,
  resources: readonly ResourceSummary[],
): string {
  const references = resources.map((one) => one.resource);
  return `${resourceName(resource, references)}${status === 'incomplete' ? '!' : ''}`;
}
