import type { ResourceCounts } from '../model/event.js';
import { resourceName } from '../model/resource.js';
import type { ResourceSummary, RunSummary } from '../model/summary.js';
import type { ExitCode } from '../problems/exit-code.js';
import { columnMeanings, countColumns, stubLines } from './count-columns.js';
import { coloredProblemList } from './problem-list.js';
import type { RunEnd } from './reporter.js';
import {
  type Column,
  type ColoredLayout,
  counted,
  duration,
  grouped,
  textTable,
  wrapped,
} from './text.js';

/** What there is to add when a run came to no summary. */
const WITHOUT_SUMMARY: Partial<Record<ExitCode, string>> = {
  2: ', nothing was loaded',
  3: ', nothing was loaded',
};

/** The end of a run for a person: table, problems, and one line that says it all. */
export function resultLines(
  { summary, problems, exitCode }: RunEnd,
  layout: ColoredLayout,
): readonly string[] {
  const { colors } = layout;
  const table =
    summary === null ? [] : ['', ...summaryTable(summary, layout.width).map(layout.clean)];
  const list = coloredProblemList(problems, layout);
  const paint = exitCode === 0 ? colors.green : colors.red;
  const outcome = outcomeWords(summary, exitCode);
  const [first = '', ...others] = wrapped(
    summary === null ? outcome : `${outcome}: ${totals(summary)}`,
    layout.width,
    '',
  );
  return [
    ...table,
    ...(list.length === 0 ? [] : ['', ...list]),
    '',
    first.replace(outcome, paint.bold(outcome)),
    ...others,
  ];
}

/** The words that the last line begins with. */
export function outcomeWords(summary: RunSummary | null, exitCode: ExitCode): string {
  const ending =
    summary === null ? (WITHOUT_SUMMARY[exitCode] ?? '') : ` in ${duration(summary.milliseconds)}`;
  return `${OUTCOMES[exitCode].words}${ending} (exit ${exitCode})`;
}

function totals({ resources, deletedElsewhere, requests }: RunSummary): string {
  const sum = (count: keyof ResourceCounts): number =>
    resources.reduce((total, { counts }) => total + counts[count], 0);
  return [
    `${grouped(sum('created'))} new`,
    `${grouped(sum('updated'))} changed`,
    `${grouped(sum('deleted') + deletedElsewhere)} deleted`,
    `${grouped(sum('unchanged'))} same`,
    ...(sum('searched') > 0 ? [`${grouped(sum('searched'))} by search`] : []),
    ...(sum('failed') > 0 ? [`${grouped(sum('failed'))} failed`] : []),
    `${counted(requests.bitbucket, 'request', 'requests')} to Bitbucket and ${grouped(requests.port)} to Port`,
  ].join(', ');
}

/** How a run ended, in a word for programs and in words for people. */
export const OUTCOMES = {
  0: { name: 'complete', words: 'Complete' },
  1: { name: 'bug', words: 'Failed by a bug' },
  2: { name: 'settings-wrong', words: 'Settings or mapping are wrong' },
  3: { name: 'refused', words: 'Credentials or a permission were refused' },
  4: { name: 'incomplete', words: 'Incomplete' },
  5: { name: 'stopped-before-deleting', words: 'Stopped before deleting' },
  6: { name: 'nothing-done', words: 'Failed, nothing was loaded' },
  130: { name: 'interrupted', words: 'Interrupted' },
  143: { name: 'terminated', words: 'Terminated' },
  129: { name: 'hung-up', words: 'Terminated' },
} as const satisfies Record<ExitCode, { readonly name: string; readonly words: string }>;

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
