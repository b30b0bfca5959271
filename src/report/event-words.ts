import type { RepositoryProgress, ResourceCounts, RunEvent } from '../model/event.js';
import { resourceName, type ResourceReference } from '../model/resource.js';
import type { Problem, ProblemCode } from '../problems/problem.js';
import type { Severity } from '../problems/severity.js';
import { SIDE_NAMES } from '../problems/phrases.js';
import { wordsOf } from '../problems/words.js';
import type { LogLevel } from './reporter.js';
import { counted, duration, grouped } from './text.js';

/** A line for the log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

const LEVELS = {
  failure: 'error',
  warning: 'warning',
  notice: 'info',
} as const satisfies Record<Severity, LogLevel>;

/** An event in words, or null where it says nothing of its own. */
export function eventWords(
  event: RunEvent,
  resources: readonly ResourceReference[],
): LogLine | null {
  switch (event.type) {
    case 'deletions-held':
      return null;
    case 'note':
      return { level: event.level, text: event.text };
    case 'run-started':
      return {
        level: 'info',
        text: `${event.source} -> Port ${event.port}, integration ${event.integration}`,
      };
    case 'resource-started':
      return { level: 'debug', text: `${resourceName(event.resource, resources)}: reading` };
    case 'resource-progressed':
      return {
        level: 'info',
        text: `${resourceName(event.resource, resources)}: ${progressParts(event).join(', ')}`,
      };
    case 'resource-ended':
      return {
        level: 'info',
        text: `${resourceName(event.resource, resources)}: ${event.status === 'complete' ? 'done' : 'incomplete'}, ${progressParts(event).join(', ')}`,
      };
    case 'waiting':
      return {
        level: 'warning',
        text: `${SIDE_NAMES[event.side]}: waiting ${duration(event.milliseconds)}: ${event.reason} (until ${timeOfDay(event.at + event.milliseconds)})`,
      };
    case 'problem': {
      const { severity, message } = wordsOf(event.problem);
      return { level: LEVELS[severity], text: message };
    }
  }
}

/**
 * A problem in a few words, for a log that stands above the result on one screen: the result tells it, and
 * the same sentence twice looks like two problems. `pull requests of PAY/api: listing incomplete`.
 */
export function problemMention(problem: Problem, resources: readonly ResourceReference[]): LogLine {
  const { severity } = wordsOf(problem);
  const subject = subjectOf(problem, resources);
  const sort = MENTIONS[problem.code] ?? problem.code.replaceAll('-', ' ');
  const text = `${subject === null ? '' : `${subject}: `}${sort} (details at the end)`;
  return { level: LEVELS[severity], text };
}

/** What it is about in plain words, where the name of the problem is none. */
const MENTIONS: Partial<Record<ProblemCode, string>> = {
  'root-listing-incomplete': 'not read to the end',
  'listing-incomplete': 'not read to the end',
  'filter-refused': 'the filter was refused',
  coverage: 'not every repository was reached',
  'attachment-unreadable': 'something that belongs to an item could not be read',
  'repositories-unlisted': 'repositories left out',
  'named-absent': 'something that is named is not there',
  'no-proxy-void': 'an entry of NO_PROXY covers nothing',
  'verification-off': 'certificates are not verified',
  'field-failed': 'a field could not be mapped',
  'field-never-filled': 'a field is never filled',
  'items-to-parse-failed': 'itemsToParse gave no list',
  'item-failed': 'an item could not be mapped',
  'item-given-up': 'items were given up',
  'identity-failed': 'an identifier could not be mapped',
  'identifier-empty': 'an item without an identifier',
  'identifier-refused': 'an identifier that Port refuses',
  'identifier-collision': 'two items with one identifier',
  'target-refused': 'a relation to no identifier',
  'nulls-dropped': 'nulls left out of a list',
  'entity-of-others': 'an entity that is not ours',
  'bare-not-ours': 'an entity that is not ours',
  'relation-target-missing': 'a related entity is missing',
  'relation-left-out': 'a relation left out',
  'newly-filled': 'fields that the first sync changes',
  'catalog-unreadable': 'the catalog could not be read',
  'blueprint-lacks': 'fields that the blueprint lacks',
  'blueprint-computes': 'fields that Port computes',
  'deletions-withheld': 'entities kept',
  'none-is-ours': 'none of the entities is ours',
  'best-effort-failed': 'a part that a run can do without failed',
  'setting-invalid': 'a setting is wrong',
  'setting-ignored': 'a setting without a use',
  'mapping-invalid': 'the mapping is wrong',
  'expression-invalid': 'an expression is no jq',
  'expression-passed-over': 'an expression is no jq',
};

function subjectOf(problem: Problem, resources: readonly ResourceReference[]): string | null {
  if ('resource' in problem) return resourceName(problem.resource, resources);
  if ('listing' in problem) return problem.listing;
  if ('side' in problem) return SIDE_NAMES[problem.side];
  if ('blueprint' in problem) return problem.blueprint;
  if ('entity' in problem) return `${problem.entity.blueprint} ${problem.entity.identifier}`;
  return null;
}

/** `14:05:09 UTC`, the clock that the lines of a log go by. */
export function timeOfDay(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)} UTC`;
}

/** How far a resource has come. */
export interface Progress {
  readonly counts: ResourceCounts;
  readonly repositories?: RepositoryProgress;
}

/** `120 of 300 repositories`, `1,200 read`, `1,180 mapped`, `12 new`; only what there is. */
export function progressParts({ counts, repositories }: Progress): readonly [string, ...string[]] {
  const parts: readonly (readonly [number, string])[] = [
    [counts.mapped, 'mapped'],
    [counts.created, 'new'],
    [counts.updated, 'changed'],
    [counts.searched, 'by search'],
    [counts.failed, 'failed'],
  ];
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${grouped(count)} ${name}`);
  const read = `${grouped(counts.fetched)} read`;
  if (repositories === undefined) return [read, ...words];
  const { done, total } = repositories;
  return [`${grouped(done)} of ${counted(total, 'repository', 'repositories')}`, read, ...words];
}
