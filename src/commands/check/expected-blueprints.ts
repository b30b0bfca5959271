import { DEFAULTS } from '../../defaults/index.js';
import type { Mapping } from '../../mapping/mapping.js';
import type { Blueprint } from '../../model/blueprint.js';
import { blueprintFrom } from '../../port/blueprints.js';
import { isInitialized } from '../../stages/integration-record.js';
import { missingDefinitions } from '../../stages/prepare-blueprints.js';
import type { CheckContext } from './check-context.js';
import type { SeenInPort } from './check-port.js';

/** What a run will find in Port once it has begun. */
export interface ExpectedBlueprints {
  readonly all: ReadonlyMap<string, Blueprint>;
  /** Identifiers of those that are not there yet: the first run creates them. */
  readonly created: ReadonlySet<string>;
}

/** The blueprints that Port has, and the default ones that a first run brings along. */
export function expectedBlueprints(
  { settings: { parts } }: CheckContext,
  mapping: Mapping,
  record: SeenInPort['record'],
  existing: ReadonlyMap<string, Blueprint>,
): ExpectedBlueprints {
  const isDue = parts.initializePortResources && record !== null && !isInitialized(record);
  const { blueprints: defaults } = DEFAULTS[parts.integration.type];
  const created = isDue
    ? missingDefinitions(mapping, defaults, new Set(existing.keys())).map(blueprintFrom)
    : [];
  const named = created.map((blueprint) => [blueprint.identifier, blueprint] as const);
  return {
    all: new Map([...existing, ...named]),
    created: new Set(created.map(({ identifier }) => identifier)),
  };
}
