import type { ChangeCounts } from '../model/event.js';
import { resourceName } from '../model/resource.js';
import type { RunSummary } from '../model/summary.js';
import { dayOf } from '../problems/phrases.js';
import type { ProblemGroup } from '../problems/problem-log.js';
import type { Severity } from '../problems/severity.js';
import { wordsOf } from '../problems/words.js';
import { columnMeanings, countColumns, stubLines } from './count-columns.js';
import { markdownText } from './markdown-text.js';
import { OUTCOMES } from './result.js';
import { approvalCommand, stopOf } from './report-document.js';
import type { RunEnd } from './reporter.js';
import type { RunFacts } from './run-record.js';
import { counted, duration, grouped } from './text.js';

/** A page that somebody opens to see what is wrong: what comes later is in the log. */
export const MOST_PROBLEMS = 10;

/** Entities that are listed of those whose deletion is held back. */
const MOST_HELD = 200;

const HELD = {
  'next run': 'Not deleted by this run; the next one deletes them',
  stopped: 'Waiting for approval',
} as const;

const LABELS = {
  failure: '**Error**',
  warning: 'Warning',
  notice: 'Note',
} as const satisfies Record<Severity, string>;

const ORDER: readonly Severity[] = ['failure', 'warning', 'notice'];

interface ChangeColumn<Count extends string> {
  readonly title: string;
  readonly count: Count;
}

const CHANGES = [
  { title: 'New', count: 'created' },
  { title: 'Changed', count: 'updated' },
  { title: 'Deleted', count: 'deleted' },
  { title: 'Same', count: 'unchanged' },
  { title: 'Search', count: 'searched' },
  { title: 'Failed', count: 'failed' },
] as const satisfies readonly ChangeColumn<keyof ChangeCounts>[];

/**
 * The job summary: how the run ended, a table of resources, the changes of each blueprint, and the
 * first problems with what to do about them.
 * @param clean masks secrets
 */
export function markdownSummary(
  { summary, problems, exitCode }: RunEnd,
  { route, version, held }: RunFacts,
  clean: (text: string) => string,
): string {
  const safe = (text: string): string => markdownText(clean(text));
  const time = summary === null ? '' : ` in ${duration(summary.milliseconds)}`;
  const paragraphs = [
    `### Bitbucket to Port: ${OUTCOMES[exitCode].words}${time} (exit ${exitCode})`,
    ...(route === null
      ? []
      : [
          `${safe(route.source)} → Port ${safe(route.port)}, integration ${safe(route.integration)}`,
        ]),
    ...(summary === null ? [] : summaryParagraphs(summary, safe)),
    ...heldParagraphs(held, problems, safe),
    ...problemParagraphs(problems, safe),
    `<sub>bitbucket-port ${safe(version)}</sub>`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function summaryParagraphs(
  { resources, blueprints, requests }: RunSummary,
  safe: (text: string) => string,
): readonly string[] {
  const references = resources.map(({ resource }) => resource);
  const columns = countColumns(resources.map(({ counts }) => counts));
  const meanings = columnMeanings(columns);
  const resourceTable = table(
    ['Resource', ...columns.map(({ title }) => title), 'Time'],
    resources.map(({ resource, counts, status, milliseconds }) => [
      `${safe(resourceName(resource, references))}${status === 'incomplete' ? ' (incomplete)' : ''}`,
      ...columns.map(({ count }) => grouped(counts[count])),
      duration(milliseconds),
    ]),
  );
  const stubs = stubLines({ blueprints });
  const hasStubs = stubs.length > 0;
  const changed = table(
    ['Blueprint', ...CHANGES.map(({ title }) => title), ...(hasStubs ? ['Stubs'] : [])],
    blueprints.map((one) => [
      safe(one.blueprint),
      ...CHANGES.map(({ count }) => grouped(one.changes[count])),
      ...(hasStubs ? [grouped(one.stubs)] : []),
    ]),
  );
  return [
    ...(resources.length === 0 ? [] : [resourceTable]),
    ...(meanings.length === 0 ? [] : [meanings.join('<br>')]),
    ...(blueprints.length === 0 ? [] : [changed]),
    ...stubs.map(safe),
    `${grouped(requests.bitbucket)} requests to Bitbucket, ${grouped(requests.port)} to Port`,
  ];
}

/** What is due and stays, entity by entity, and the command that approves it. */
function heldParagraphs(
  held: RunFacts['held'],
  problems: readonly ProblemGroup[],
  safe: (text: string) => string,
): readonly string[] {
  const command = approvalCommand(problems);
  const since = stopOf(problems)?.since;
  return held.flatMap(({ why, entities }) => {
    const shown = entities
      .slice(0, MOST_HELD)
      .map(({ blueprint, identifier }) => `- ${safe(blueprint)} ${safe(identifier)}`);
    const unseen = entities.length - shown.length;
    const rest = unseen > 0 ? [`- and ${grouped(unseen)} more, which the report names`] : [];
    const list = [...shown, ...rest].join('\n');
    const lasting = why === 'stopped' && since !== undefined ? ` since ${dayOf(since)}` : '';
    const title = `${HELD[why]}${lasting}: ${counted(entities.length, 'entity', 'entities')}`;
    return [
      `<details><summary>${title}</summary>\n\n${list}\n\n</details>`,
      ...(why === 'stopped' && command !== null
        ? [`If this is right, approve it today:\n\n\`\`\`sh\n${command}\n\`\`\``]
        : []),
    ];
  });
}

/** The first problems, the worst first, with what to do about them. */
export function problemParagraphs(
  groups: readonly ProblemGroup[],
  safe: (text: string) => string,
): readonly string[] {
  const sorted = ORDER.flatMap((severity) =>
    groups.filter(({ samples }) => wordsOf(samples[0]).severity === severity),
  );
  const lines = sorted.slice(0, MOST_PROBLEMS).map(({ count, samples }) => {
    const { severity, message, hint } = wordsOf(samples[0]);
    const others = count > 1 ? ` (and ${grouped(count - 1)} more like this)` : '';
    const remedy = hint === null ? '' : `<br>→ ${safe(hint)}`;
    return `- ${LABELS[severity]}: ${safe(message)}${others}${remedy}`;
  });
  const unseen = sorted.length - lines.length;
  const rest = unseen > 0 ? [`- and ${grouped(unseen)} other problems, which the log names`] : [];
  return lines.length === 0 ? [] : [[...lines, ...rest].join('\n')];
}

/** A table whose first column is text, and the others numbers. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignments = titles.map((_title, index) => (index === 0 ? '---' : '--:'));
  return [titles, alignments, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
