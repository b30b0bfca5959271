import type { AnnouncedRun } from './announce-run.js';
import { startLoad, type CatalogLoad, type TalliedFeed } from './catalog-loads.js';
import { ComputedEntities } from './computed-entities.js';
import { ExtraTargets, extraRelations } from './extra-relations.js';
import type { ResourceRun } from './resource-run.js';
import { retryMissing } from './retry-missing.js';
import type { RunContext } from './run-context.js';
import { TargetsFirst } from './targets-first.js';
import { computesBlueprint, feedsBlueprint } from '../mapping/mapping.js';

/** What reading, mapping and loading came to. */
export interface LoadedResources {
  readonly runs: readonly ResourceRun[];
  /** By the blueprints that a literal names and that Port has. */
  readonly loads: ReadonlyMap<string, CatalogLoad>;
  /** By the blueprints that only running a mapping could name. */
  readonly computedLoads: ReadonlyMap<string, CatalogLoad>;
}

/** Loads what the given resources read and map, side by side. Failures are reported, not thrown. */
export async function loadResources(
  runs: readonly ResourceRun[],
  { isAnnounced }: AnnouncedRun,
  context: RunContext,
): Promise<LoadedResources> {
  const loads = new Map<string, CatalogLoad>();
  const first = new TargetsFirst(runs, loads, context);
  startLoads(runs, isAnnounced, loads, first, context);
  const computed = new ComputedEntities();
  const targets = new ExtraTargets(loads, context);
  const ended = new Map<ResourceRun, Promise<void>>();
  const finished = new Map<string, Promise<void>>();
  for (const run of first.order()) {
    const ready = first.waiter(run);
    ended.set(run, runResource(run, loads, computed, ready, targets, context));
    for (const [blueprint, load] of loads) {
      const feeding = runs.filter((other) => feedsBlueprint(other.resource, blueprint));
      // Only runs that were started before may be waited for: that is why no circle can block.
      if (finished.has(blueprint) || !feeding.every((other) => ended.has(other))) continue;
      const finishing = finishLoad(load, feeding, ended);
      finished.set(blueprint, finishing);
      first.finishing(blueprint, finishing);
    }
  }
  const late = loadLate([...ended.values(), ...finished.values()], loads, computed, first, context);
  await Promise.all(runs.map((run) => whenLoaded(run, ended, finished, late, context)));
  return { runs, loads, computedLoads: await late };
}

/** What comes after all others: blueprints that were computed, and what lacked its target so far. */
async function loadLate(
  others: readonly Promise<void>[],
  loads: ReadonlyMap<string, CatalogLoad>,
  computed: ComputedEntities,
  first: TargetsFirst,
  context: RunContext,
): Promise<ReadonlyMap<string, CatalogLoad>> {
  await Promise.all(others);
  const computedLoads = await computed.load(first, context);
  const all = [...loads.values(), ...computedLoads.values()].map(({ load }) => load);
  await retryMissing(all, context);
  return computedLoads;
}

/** @param loads is given those that were started */
function startLoads(
  runs: readonly ResourceRun[],
  isAnnounced: Promise<unknown>,
  loads: Map<string, CatalogLoad>,
  first: TargetsFirst,
  context: RunContext,
): void {
  const feedsOf = new Map<string, TalliedFeed[]>();
  for (const { resource, tally } of runs) {
    for (const feed of resource.feeds) {
      if (feed.blueprint.type !== 'literal') continue;
      const { identifier } = feed.blueprint;
      feedsOf.set(identifier, [...(feedsOf.get(identifier) ?? []), { feed, tally }]);
    }
  }
  const everythingIsRead = Promise.resolve().then(() =>
    Promise.allSettled([isAnnounced, ...[...loads.values()].map(({ owned }) => owned)]),
  );
  for (const [identifier, feeding] of feedsOf) {
    const blueprint = context.blueprints.get(identifier);
    if (blueprint !== undefined) {
      loads.set(identifier, startLoad(blueprint, feeding, context, first, everythingIsRead));
    } else reportMissing(identifier, feeding, context);
  }
}

function reportMissing(
  blueprint: string,
  feeding: readonly TalliedFeed[],
  { report }: RunContext,
): void {
  for (const { feed } of feeding) {
    report({ code: 'blueprint-missing', resource: feed.resource, blueprint });
  }
}

async function runResource(
  run: ResourceRun,
  loads: ReadonlyMap<string, CatalogLoad>,
  computed: ComputedEntities,
  ready: ReturnType<TargetsFirst['waiter']>,
  targets: ExtraTargets,
  context: RunContext,
): Promise<void> {
  const extras = new Map(
    run.resource.feeds.map((feed) => [feed, extraRelations(feed, run.kind?.extras ?? [], context)]),
  );
  await run.run(async (feed, made) => {
    await ready(feed, made);
    const { blueprint } = feed;
    if (blueprint.type === 'computed') {
      computed.add({ feed, tally: run.tally }, made);
      return;
    }
    const target = loads.get(blueprint.identifier);
    if (target === undefined) run.tally.of(blueprint.identifier).failed += made.length;
    else {
      const own = extras.get(feed) ?? [];
      await target.add(feed, own.length === 0 ? made : await targets.fit(feed, own, made));
    }
  });
}

async function finishLoad(
  { load }: CatalogLoad,
  feeding: readonly ResourceRun[],
  ended: ReadonlyMap<ResourceRun, Promise<void>>,
): Promise<void> {
  await Promise.all(feeding.flatMap((run) => ended.get(run) ?? []));
  if (!feeding.every((run) => run.isComplete)) load.markIncomplete();
  await load.finish();
}

async function whenLoaded(
  run: ResourceRun,
  ended: ReadonlyMap<ResourceRun, Promise<void>>,
  finished: ReadonlyMap<string, Promise<void>>,
  late: Promise<unknown>,
  { emit, clock, mapping }: RunContext,
): Promise<void> {
  await ended.get(run);
  for (const [blueprint, load] of finished) if (feedsBlueprint(run.resource, blueprint)) await load;
  if (!mapping.createMissingRelatedEntities || computesBlueprint(run.resource)) await late;
  run.loaded();
  emit({
    type: 'resource-ended',
    at: clock.now(),
    resource: run.resource.reference,
    counts: run.tally.counts(run.reading.requests),
    status: run.isComplete ? 'complete' : 'incomplete',
  });
}
