import type { ResourceCounts } from '../model/event.js';
import type { RunSummary } from '../model/summary.js';
import { grouped } from './text.js';

/** A count in words: the same on the terminal and in Markdown. */
export interface CountColumn {
  readonly title: string;
  readonly count: keyof ResourceCounts;
  /** Whether it is shown although nothing was counted. */
  readonly isAlwaysThere?: true;
}

/**
 * In the order in which an item goes through a run. Read counts items, Results what the mappings gave of
 * them; each result is in exactly one of the columns from Skip to Left.
 */
const COLUMNS: readonly CountColumn[] = [
  { title: 'Read', count: 'fetched', isAlwaysThere: true },
  { title: 'Skip', count: 'unselected' },
  { title: 'No id', count: 'unidentified' },
  { title: 'Dup', count: 'duplicates' },
  { title: 'Merged', count: 'merged' },
  { title: 'Same', count: 'unchanged', isAlwaysThere: true },
  { title: 'New', count: 'created', isAlwaysThere: true },
  { title: 'Changed', count: 'updated', isAlwaysThere: true },
  { title: 'Search', count: 'searched' },
  { title: 'Failed', count: 'failed', isAlwaysThere: true },
  { title: 'Left', count: 'unreached' },
  { title: 'Deleted', count: 'deleted', isAlwaysThere: true },
  { title: 'Calls', count: 'requests', isAlwaysThere: true },
];

/** What the rarer columns mean, for those who see them. */
const MEANINGS: Partial<Record<keyof ResourceCounts, string>> = {
  unselected: 'Skip: left out by the selector',
  unidentified: 'No id: without an identifier that Port takes',
  duplicates: 'Dup: made before under the same identifier',
  merged: 'Merged: part of an entity that counts with an earlier resource',
  searched: 'Search: sent by a search query, which cannot be compared',
  unreached: 'Left: not reached before the stop',
};

/** The columns that have something to say. */
export function countColumns(all: readonly ResourceCounts[]): readonly CountColumn[] {
  return COLUMNS.filter(
    ({ count, isAlwaysThere }) => isAlwaysThere === true || all.some((one) => one[count] > 0),
  );
}

/** A line for each column that does not explain itself. */
export function columnMeanings(columns: readonly CountColumn[]): readonly string[] {
  return columns.flatMap(({ count }) => MEANINGS[count] ?? []);
}

const STUBS = 'created by Port with nothing but an identifier, as relations lead to them';

/** What Port created on the way, by blueprint, in a line; none where it created nothing. */
export function stubLines({ blueprints }: Pick<RunSummary, 'blueprints'>): readonly string[] {
  const counts = blueprints
    .filter(({ stubs }) => stubs > 0)
    .map(({ blueprint, stubs }) => `${grouped(stubs)} ${blueprint}`);
  return counts.length === 0 ? [] : [`Stubs: ${counts.join(', ')}: ${STUBS}`];
}
