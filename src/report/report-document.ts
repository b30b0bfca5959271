import { z } from 'zod';
import type { ProblemGroup } from '../problems/problem-log.js';
import type { Problem, ProblemOf } from '../problems/problem.js';
import { wordsOf } from '../problems/words.js';
import { OUTCOMES } from './result.js';
import type { RunEnd } from './reporter.js';
import type { RunFacts } from './run-record.js';

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const since = z.iso.datetime().nullable();

const changes = {
  created: count.describe('Entities that Port did not hold before'),
  updated: count.describe('Entities that differed from what Port held'),
  searched: count.describe('Entities sent by a search query, which cannot be compared'),
  unchanged: count.describe('Entities that Port held as they are'),
  failed: count.describe('Items and entities that were lost to a failure'),
  deleted: count.describe('Entities deleted because Bitbucket no longer has them'),
};

const resource = z.strictObject({
  index: count.describe('Position in the resources of the mapping, from 0'),
  kind: z.string(),
  status: z.enum(['complete', 'incomplete']).describe('Whether everything was read to its end'),
  fetched: count.describe(
    'Items that Bitbucket gave. Each gives one or more results, of which each is in one of the counts below',
  ),
  mapped: count.describe('Entities that the mapping made of them'),
  unselected: count.describe('Results that the selector left out'),
  unidentified: count.describe('Results without an identifier that Port takes'),
  duplicates: count.describe('Entities that the resource had made before'),
  merged: count.describe('Entities merged into one that counts with an earlier resource'),
  unreached: count.describe('Entities that a stop left undone'),
  ...changes,
  requests: count.describe('Requests for this resource, to both sides'),
  milliseconds,
});

const problem = z.strictObject({
  code: z.string().describe('What went wrong, in a word that stays the same between versions'),
  severity: z.enum(['failure', 'warning', 'notice']),
  count: count.describe('How often it happened'),
  message: z.string().describe('The first one in words'),
  hint: z.string().nullable().describe('What to do about it'),
  samples: z
    .array(z.strictObject({ message: z.string(), item: z.string().nullable() }))
    .describe('The first few; item is the link of what it happened to'),
});

/** What `--report-file` holds. Its JSON Schema is published by `schema report`. */
export const reportSchema = z
  .strictObject({
    version: z.literal(1).describe('Of this format; a change that breaks readers raises it'),
    tool: z.strictObject({ name: z.literal('bitbucket-port'), version: z.string() }),
    exitCode: z.literal(Object.keys(OUTCOMES).map(Number)),
    outcome: z.enum(Object.values(OUTCOMES).map(({ name }) => name)),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    source: z.string().nullable().describe('What was read; null when the run did not begin'),
    port: z.string().nullable().describe('Address of the Port API'),
    integration: z.string().nullable(),
    requests: z.strictObject({ bitbucket: count, port: count }),
    resources: z.array(resource),
    blueprints: z.array(
      z.strictObject({
        blueprint: z.string(),
        ...changes,
        stubs: count.describe(
          'Entities that Port created with nothing but an identifier, because a relation leads to them',
        ),
      }),
    ),
    heldDeletions: z
      .array(
        z.strictObject({
          why: z
            .enum(['next run', 'stopped'])
            .describe('stopped: more than may go unasked; next run: this one deletes nothing'),
          entities: z.array(z.strictObject({ blueprint: z.string(), identifier: z.string() })),
          approveWith: z
            .string()
            .nullable()
            .describe(
              'The command that approves them, today only; null where nothing is to be approved',
            ),
          since: since.describe(
            'When a run first stopped for it; null where it is the first, or nothing remembers',
          ),
        }),
      )
      .describe('Entities that are gone from Bitbucket and were kept in Port for now'),
    keptDeletions: z
      .array(
        z.strictObject({
          blueprint: z.string(),
          reason: z.string().describe('As docs/deletions.md lists them'),
          count,
          since: since.describe(
            'Since when runs keep some there for this reason; null where it is new, or nothing remembers',
          ),
        }),
      )
      .describe('Entities that this run did not produce, and that a rule kept in Port'),
    problems: z.array(problem),
  })
  .describe('What a run of bitbucket-port sync came to');

/** The report of a run. */
export type ReportDocument = z.infer<typeof reportSchema>;

/** Puts the report of a run together. */
export function reportDocument(
  { summary, problems, exitCode }: RunEnd,
  { version, startedAt, endedAt, route, held }: RunFacts,
): ReportDocument {
  return {
    version: 1,
    tool: { name: 'bitbucket-port', version },
    exitCode,
    outcome: OUTCOMES[exitCode].name,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    source: route?.source ?? null,
    port: route?.port ?? null,
    integration: route?.integration ?? null,
    requests: summary?.requests ?? { bitbucket: 0, port: 0 },
    resources: (summary?.resources ?? []).map(({ resource: reference, counts, ...rest }) => ({
      index: reference.index,
      kind: reference.kind,
      ...counts,
      ...rest,
    })),
    blueprints: (summary?.blueprints ?? []).map(({ blueprint, changes: all, stubs }) => ({
      blueprint,
      ...all,
      stubs,
    })),
    heldDeletions: held.map(({ why, entities }) => ({
      why,
      entities: [...entities],
      approveWith: why === 'stopped' ? approvalCommand(problems) : null,
      since: why === 'stopped' ? timeOrNull(stopOf(problems)?.since) : null,
    })),
    keptDeletions: problems.flatMap(({ samples }) => samples).flatMap(keptReport),
    problems: problems.map(problemReport),
  };
}

function problemReport({
  count: times,
  samples,
}: ProblemGroup): ReportDocument['problems'][number] {
  const [first] = samples;
  const { severity, message, hint } = wordsOf(first);
  return {
    code: first.code,
    severity,
    count: times,
    message,
    hint,
    samples: samples.map((sample) => ({ message: wordsOf(sample).message, item: itemOf(sample) })),
  };
}

function keptReport(sample: Problem): ReportDocument['keptDeletions'] {
  if (sample.code !== 'deletions-withheld') return [];
  const { blueprint, reason, count: times, since: first } = sample;
  return [{ blueprint, reason, count: times, since: timeOrNull(first) }];
}

function timeOrNull(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function itemOf(problem_: Problem): string | null {
  return 'item' in problem_ ? problem_.item : null;
}

/** The command that approves what a run was stopped for; null where nothing was, or nothing can. */
export function approvalCommand(problems: readonly ProblemGroup[]): string | null {
  const approval = stopOf(problems)?.approval ?? null;
  return approval === null ? null : `npx bitbucket-port sync --approve ${approval}`;
}

/** What a run was stopped for; undefined where it was not. The guards differ in nothing else. */
export function stopOf(
  problems: readonly ProblemGroup[],
): ProblemOf<'deletion-stopped'> | undefined {
  return problems
    .map(({ samples: [first] }) => first)
    .find((first) => first.code === 'deletion-stopped');
}
