import { Facts } from '../../src/deletion/facts.js';
import type { DeletionPolicy } from '../../src/deletion/history.js';
import type { SeenClaim } from '../../src/deletion/claims.js';
import type { Blueprint } from '../../src/model/blueprint.js';
import type { KindDescription } from '../../src/source/source.js';
import type { ResourceRun } from '../../src/stages/resource-run.js';
import type { RunContext } from '../../src/stages/run-context.js';
import { aContext } from '../stages/a-run.js';

/** A policy under which nothing but an entity itself keeps it. */
export const openPolicy: DeletionPolicy = {
  isOn: true,
  only: null,
  isCascadeAllowed: false,
  threshold: 0.9,
  approval: null,
  narrowed: new Set(),
  isNarrowed: false,
  history: { status: 'known', mark: { judgedAt: 1_000_000, isTakenOver: false, isStopped: false } },
  otherRunSince: null,
  identity: 'certain',
  credentials: 'counted',
};

/** What is different about the facts. */
export interface FactsDifference {
  readonly policy?: Partial<DeletionPolicy>;
  readonly context?: Partial<RunContext>;
  readonly kinds?: readonly Partial<KindDescription>[];
  readonly blueprints?: readonly Blueprint[];
}

/** Facts of runs that have read, mapped and loaded what a test says. */
export function someFacts(
  runs: readonly ResourceRun[],
  { policy = {}, context = {}, blueprints = [] }: FactsDifference = {},
): Facts {
  const base = aContext(context);
  const kinds = runs.flatMap((run) => run.kind ?? []);
  return new Facts(
    {
      ...base,
      source: { ...base.source, kinds },
      blueprints: new Map(blueprints.map((each) => [each.identifier, each])),
    },
    { ...openPolicy, ...policy },
    { runs, loads: new Map(), computedLoads: new Map() },
    2_000_000,
    {
      isHosted: false,
      isStillOurs: () => Promise.resolve(true),
      leave: () => Promise.resolve(true),
    },
  );
}

/** A claim with nothing special about it. */
export function aClaim(difference: Partial<SeenClaim> & Pick<SeenClaim, 'feeding'>): SeenClaim {
  return {
    blueprint: 'pullRequest',
    identifier: '1',
    relations: {},
    createdAt: 500_000,
    isChanged: false,
    isOfOthers: false,
    link: null,
    address: null,
    ...difference,
  };
}
