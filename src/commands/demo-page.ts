import { PHASES } from '../model/page-row.js';
import { textTable } from '../report/table.js';
import { counted, grouped } from '../report/text.js';
import type { SandboxPort } from '../sandbox/port/port.js';

const COLUMNS = ['Kind', 'State', 'Read', 'Mapped', 'Loaded', 'Same', 'Failed', 'Deleted'];

/** What the built-in Port was told of the last run: a table of kinds and phases, and its log. */
export function pageTable({ page }: Pick<SandboxPort, 'page'>): readonly string[] {
  if (page === null) return [];
  const all = page.rows();
  const last = all.at(-1)?.eventId;
  const rows = all.filter(({ eventId, kind }) => eventId === last && kind !== PHASES.run);
  const table = textTable(
    COLUMNS.map((title, index) => ({ title, align: index < 2 ? 'left' : 'right' })),
    rows.map(({ kind, syncState, metrics: { phase } }) => [
      kind,
      syncState,
      ...[
        phase.extract?.object_count_type.raw_extracted,
        phase.transform?.object_count_type.transformed,
        phase.load?.object_count_type.loaded,
        phase.load?.object_count_type.skipped,
        phase.load?.object_count_type.failed,
        phase.delete?.object_count_type.deleted,
      ].map((count) => (count === undefined ? '' : grouped(count.object_count))),
    ]),
  );
  const lines = page.lines.filter(({ extra }) => extra.instance === last).length;
  return [
    '',
    ...table.map((line) => `  ${line}`),
    '',
    `  and ${counted(lines, 'line', 'lines')} of its log`,
  ];
}
