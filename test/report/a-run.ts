import type { ChangeCounts, ResourceCounts } from '../../src/model/event.js';
import type { ResourceReference } from '../../src/model/resource.js';
import type { ResourceSummary, RunSummary } from '../../src/model/summary.js';
import type { Problem } from '../../src/problems/problem.js';
import { ProblemLog, type ProblemGroup } from '../../src/problems/problem-log.js';
import type { OutputStream } from '../../src/runtime.js';

/** A stream that keeps what is written to it. */
export interface KeptStream extends OutputStream {
  readonly written: string[];
  readonly text: () => string;
}

/** A pipe, unless it is told to be a terminal. */
export function aStream(difference: Partial<OutputStream> = {}): KeptStream {
  const written: string[] = [];
  return {
    isTTY: false,
    columns: undefined,
    written,
    text: () => written.join(''),
    write: (text) => {
      written.push(text);
    },
    ...difference,
  };
}

export const repository: ResourceReference = { index: 0, kind: 'repository' };
export const pullRequest: ResourceReference = { index: 1, kind: 'pull-request' };

/** What became of the entities of a blueprint of which nothing but what is named happened. */
export function someChanges(difference: Partial<ChangeCounts> = {}): ChangeCounts {
  return {
    unchanged: 0,
    created: 0,
    updated: 0,
    searched: 0,
    failed: 0,
    deleted: 0,
    ...difference,
  };
}

/** Counts of a resource that did nothing but what is named. */
export function someCounts(difference: Partial<ResourceCounts> = {}): ResourceCounts {
  return {
    fetched: 0,
    mapped: 0,
    unselected: 0,
    unidentified: 0,
    duplicates: 0,
    merged: 0,
    unreached: 0,
    unchanged: 0,
    created: 0,
    updated: 0,
    searched: 0,
    failed: 0,
    deleted: 0,
    requests: 0,
    ...difference,
  };
}

/** A resource that was read to its end in 1.5 s. */
export function aResource(
  resource: ResourceReference,
  counts: Partial<ResourceCounts> = {},
  difference: Partial<ResourceSummary> = {},
): ResourceSummary {
  return {
    resource,
    counts: someCounts(counts),
    status: 'complete',
    milliseconds: 1_500,
    ...difference,
  };
}

/** A run over repositories and pull requests that changed a little. */
export function aSummary(difference: Partial<RunSummary> = {}): RunSummary {
  return {
    resources: [
      aResource(repository, {
        fetched: 120,
        mapped: 120,
        unchanged: 117,
        created: 2,
        updated: 1,
        requests: 4,
      }),
      aResource(
        pullRequest,
        {
          fetched: 2_340,
          mapped: 2_335,
          unselected: 5,
          unchanged: 2_300,
          created: 30,
          updated: 5,
          deleted: 3,
          requests: 131,
        },
        { milliseconds: 61_200 },
      ),
    ],
    blueprints: [
      {
        blueprint: 'service',
        changes: someChanges({ unchanged: 117, created: 2, updated: 1 }),
        stubs: 0,
      },
      {
        blueprint: 'pullRequest',
        changes: someChanges({ unchanged: 2_300, created: 30, updated: 5, deleted: 3 }),
        stubs: 0,
      },
    ],
    deletedElsewhere: 0,
    requests: { bitbucket: 125, port: 10 },
    milliseconds: 64_000,
    ...difference,
  };
}

/** The groups that a log makes of the problems. */
export function grouped(...problems: readonly Problem[]): readonly ProblemGroup[] {
  const log = new ProblemLog();
  for (const problem of problems) log.add(problem);
  return log.groups();
}
