import type { ChangeCounts } from '../model/event.js';
import { resourceName } from '../model/resource.js';
import type { RunSummary } from '../model/summary.js';
import { dayOf } from '../problems/phrases.js';
import type { ProblemGroup } from '../problems/problem-log.js';
import { columnMeanings, countColumns, stubLines } from './count-columns.js';
import { markdownPage, markdownText, problemParagraphs, type Safe, table } from './markdown.js';
import { OUTCOMES } from './result.js';
import { approvalCommand, stopOf } from './report-document.js';
import type { RunEnd } from './reporter.js';
import type { RunFacts } from './run-record.js';
import { counted, duration, grouped } from './text.js';

/** Entities that are listed of those whose deletion is held back. */
const MOST_HELD = 200;

const HELD = {
  'next run': 'Not deleted by this run; the next one deletes them',
  stopped: 'Waiting for approval',
} as const;

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
  const safe: Safe = (text) => markdownText(clean(text));
  const time = summary === null ? '' : ` in ${duration(summary.milliseconds)}`;
  const heading = `Bitbucket to Port: ${OUTCOMES[exitCode].words}${time} (exit ${exitCode})`;
  return markdownPage(heading, version, safe, [
    ...(route === null
      ? []
      : [
          `${safe(route.source)} → Port ${safe(route.port)}, integration ${safe(route.integration)}`,
        ]),
    ...(summary === null ? [] : summaryParagraphs(summary, safe)),
    ...heldParagraphs(held, problems, safe),
    ...problemParagraphs(problems, safe),
  ]);
}

function summaryParagraphs(
  { resources, blueprints, requests }: RunSummary,
  safe: Safe,
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
  safe: Safe,
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
