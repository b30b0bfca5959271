import {
  computesBlueprint,
  feedsBlueprint,
  isSearchQuery,
  type MappingResource,
  mayFeed,
} from '../mapping/mapping.js';
import type { Scope } from '../model/page.js';
import { WithheldSince } from '../model/withheld-since.js';
import type { DeletionMark } from '../port/integration-record.js';
import { ProblemError } from '../problems/problem.js';
import type { Address } from '../source/source.js';
import type { CatalogLoad } from '../stages/catalog-loads.js';
import type { LoadedResources } from '../stages/load-resources.js';
import type { Owned } from '../stages/known-entities.js';
import type { ResourceRun } from '../stages/resource-run.js';
import type { RunContext } from '../stages/run-context.js';
import { readIntegration } from '../port/integration.js';
import type { AnnouncedRun } from '../stages/announce-run.js';
import { leaveMark } from '../stages/integration-record.js';
import type { PreparedRun } from '../stages/prepare-run.js';
import { type DeletionPolicy, nextMark } from './history.js';

/** What Port has to be asked or told at the very end, before anything is deleted. */
export interface LastWord {
  /** Whether Port runs the integration: see `Integration`. */
  readonly isHosted: boolean;
  /** Whether no other run began and no other program signed since this one read the record. */
  isStillOurs(): Promise<boolean>;
  /** Signs, and makes the integration remember the mark. False: Port did not keep it, or refused. */
  leave(mark: DeletionMark): Promise<boolean>;
}

/** Where a run began, by Port's clock: its answers tell whole seconds, and changes cross on the way. */
const MARGIN_MILLISECONDS = 5_000;

/** All that is known when a run has read and loaded everything and asks what may be deleted. */
export class Facts {
  constructor(
    readonly context: RunContext,
    readonly policy: DeletionPolicy,
    readonly loaded: LoadedResources,
    /** When the run began, in milliseconds since the epoch by Port's clock; null when it did not tell. */
    readonly startedAt: number | null,
    readonly lastWord: LastWord,
    /** What the integration remembers of former runs; it is told, and decides nothing. */
    readonly withheldBefore = WithheldSince.NONE,
  ) {}

  get runs(): readonly ResourceRun[] {
    return this.loaded.runs;
  }

  /** The runs that may feed the blueprint: those that name it, and those that compute theirs. */
  feeding(blueprint: string): readonly ResourceRun[] {
    return this.runs.filter(
      ({ resource }) => computesBlueprint(resource) || feedsBlueprint(resource, blueprint),
    );
  }

  /** Whether a resource of the mapping names the blueprint, this run's or not. */
  isNamed(blueprint: string): boolean {
    return this.context.mapping.resources.some((resource) => feedsBlueprint(resource, blueprint));
  }

  /** What was loaded into the blueprint; undefined where nothing was to be. */
  loadOf(blueprint: string): CatalogLoad | undefined {
    const { loads, computedLoads } = this.loaded;
    return loads.get(blueprint) ?? computedLoads.get(blueprint);
  }

  /** Whether the resource lists projects, repositories or users, and not what is below these. */
  isRoot({ kind, resource }: ResourceRun): boolean {
    return (kind?.scopeOf?.(resource.selector) ?? kind?.scope) === 'root';
  }

  addressOf(link: string): Address | null {
    return this.context.source.addressOf(link);
  }

  /**
   * Whether Bitbucket knows the credentials as it did when the run began: to a stranger it may show
   * less, or say that there is no such thing.
   */
  async areCredentialsTheSame(): Promise<boolean> {
    try {
      const { credentials } = await this.context.source.probe();
      return credentials === 'counted' || this.policy.credentials === 'unknown';
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return false;
    }
  }

  /** What our data source owned before the run; undefined where the mapping feeds it no more. */
  async ownedIn(blueprint: string): Promise<Owned | undefined> {
    const catalog = this.loadOf(blueprint);
    return catalog === undefined || catalog.load.isUnreadable ? undefined : catalog.owned;
  }

  /** Whether an entity was written since the run began; `before`: as it was listed in this run. */
  isChanged(before: number | null, now: number | null): boolean {
    if (now === null) return false;
    if (before !== null && now > before) return true;
    return this.startedAt !== null && now > this.startedAt - MARGIN_MILLISECONDS;
  }

  /**
   * How many of the blueprint's entities our data source owned and had created by the mark: what came
   * since then is nothing that a share may be taken of.
   */
  async settledIn(blueprint: string): Promise<number> {
    let count = 0;
    for (const [, { createdAt }] of (await this.ownedIn(blueprint)) ?? []) {
      if (this.isSettled(createdAt)) count += 1;
    }
    return count;
  }

  /** Whether an entity was there when deletions were last judged. */
  isSettled(createdAt: number | null): boolean {
    const { history } = this.policy;
    const mark = 'mark' in history ? history.mark.judgedAt : -Infinity;
    return createdAt !== null && createdAt <= mark;
  }

  /**
   * The mark to leave when the given number of entities is about to go; null: the one that stands
   * says the same, or Port's clock is not known.
   * @param wouldStop whether what is gone would stop a run that may delete
   * @param isStopOver whether a stop of an earlier run no longer counts
   */
  async markFor(
    due: number,
    wouldStop: boolean,
    isStopOver: boolean,
  ): Promise<DeletionMark | null> {
    const now = this.context.client.now();
    const beganAt = this.startedAt;
    if (now === null || beganAt === null) return null;
    // Port tells whole seconds: what was written in this one counts as written by then.
    const at = Math.floor(now / 1_000) * 1_000 + 1_000;
    const hasGrown = await this.#hasGrown();
    return nextMark(this.policy.history, {
      now: at,
      due,
      hasGrown,
      wouldStop,
      isStopOver,
      beganAt,
    });
  }

  async #hasGrown(): Promise<boolean> {
    for (const { tally } of this.runs) {
      for (const [, { created }] of tally.blueprints()) if (created > 0) return true;
    }
    for (const blueprint of this.loaded.loads.keys()) {
      for (const [, { createdAt }] of (await this.ownedIn(blueprint)) ?? []) {
        if (createdAt !== null && !this.isSettled(createdAt)) return true;
      }
    }
    return false;
  }
}

/** Whether Port has every blueprint that the mapping names, as a literal or by what it computed. */
export function namesKnownBlueprints({ context, runs }: Facts): boolean {
  const { mapping, blueprints } = context;
  return (
    mapping.resources.every(({ feeds }) =>
      feeds.every(
        ({ blueprint }) => blueprint.type === 'computed' || blueprints.has(blueprint.identifier),
      ),
    ) && runs.every(({ tally }) => [...tally.blueprints()].every(([name]) => blueprints.has(name)))
  );
}

/** Whether what may feed the blueprint names entities by a query, so that which they are is not known. */
export function findsBySearch({ feeds }: MappingResource, identifier: string): boolean {
  return feeds.some((feed) => isSearchQuery(feed.identifier) && mayFeed(feed, identifier));
}

/** Whether all listings of projects, repositories and users were read to their ends. */
export function knowsRoots(runs: readonly ResourceRun[]): boolean {
  return runs
    .flatMap((run) => run.ends())
    .every(
      ({ scope, status }) =>
        scope.type !== 'root' || scope.isLeaf === true || status === 'complete',
    );
}

/** Whether a listing at the root on which nothing else stands was not read to its end. */
export function lacksLeaf(run: ResourceRun): boolean {
  return run
    .ends()
    .some(
      ({ scope, status }) =>
        scope.type === 'root' && scope.isLeaf === true && status === 'incomplete',
    );
}

/** Whether two scopes are the same one. */
export function isSameScope(one: Scope, other: Scope): boolean {
  if (one.type === 'root' || other.type === 'root') {
    return one.type === other.type && one.name === other.name;
  }
  return one.repository.key === other.repository.key;
}

/** All that a run knows when it has read and loaded everything. */
export function gatherFacts(
  prepared: PreparedRun,
  run: AnnouncedRun,
  loaded: LoadedResources,
): Facts {
  const { context, policy, catalog } = prepared;
  const { startedAt, record } = catalog;
  const withheldBefore = record.status === 'found' ? record.integration.withheld : undefined;
  const lastWord = lastWordOf(prepared, run);
  return new Facts(context, policy, loaded, startedAt, lastWord, withheldBefore);
}

function lastWordOf({ context, catalog }: PreparedRun, { startedAt }: AnnouncedRun): LastWord {
  const { record } = catalog;
  const { client, writer, report } = context;
  return {
    isHosted: record.status === 'found' && record.integration.isHosted,
    isStillOurs: async () => {
      if (record.status !== 'found') return true;
      const before = record.integration;
      try {
        const now = await readIntegration(client);
        if (now.status === 'missing') return false;
        const { version, mark, resync } = now.integration;
        // Ours is the start that Port was told last; a plan tells none.
        const starts = [startedAt, Date.parse(before.resync.lastResyncStart ?? '')];
        const start = Date.parse(resync.lastResyncStart ?? '');
        return (
          version === before.version &&
          mark?.judgedAt === before.mark?.judgedAt &&
          (Number.isNaN(start) || starts.includes(start))
        );
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return false;
      }
    },
    leave: (mark) => leaveMark(writer, client.integration, record, mark, report),
  };
}
