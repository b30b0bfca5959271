import { DEFAULTS } from '../../defaults/index.js';
import type { Mapping } from '../../mapping/mapping.js';
import type { Blueprint } from '../../model/blueprint.js';
import { blueprintFrom, withAddition } from '../../port/blueprints.js';
import { addedFields } from '../../port/complete-blueprint.js';
import { isInitialized } from '../../stages/integration-record.js';
import { lackingBlueprints } from '../../stages/prepare-blueprints.js';
import type { CheckContext } from './check-context.js';
import type { SeenInPort } from './check-port.js';

/** What a run will find in Port once it has begun. */
export interface ExpectedBlueprints {
  readonly all: ReadonlyMap<string, Blueprint>;
  /** Identifiers of those that are not there yet: the first run creates them. */
  readonly created: ReadonlySet<string>;
  /** What the next run adds, by blueprint: `relations.project`. */
  readonly added: ReadonlyMap<string, readonly string[]>;
}

/** The blueprints that Port has, and what the next run makes of them. */
export function expectedBlueprints(
  { settings: { parts } }: CheckContext,
  mapping: Mapping,
  record: SeenInPort['record'],
  existing: ReadonlyMap<string, Blueprint>,
): ExpectedBlueprints {
  const isOn = parts.initializePortResources && record !== null;
  const { missing, additions } = lackingBlueprints(mapping, existing, {
    definitions: isOn ? DEFAULTS[parts.integration.type].blueprints : [],
    isFirstRun: isOn && !isInitialized(record),
    clientId: parts.port?.clientId ?? '',
  });
  const created = missing.map((each) => [each.identifier, blueprintFrom(each)] as const);
  return {
    all: additions.reduce(withAddition, new Map([...existing, ...created])),
    created: new Set(missing.map(({ identifier }) => identifier)),
    added: new Map(additions.map((each) => [each.blueprint, addedFields(each)])),
  };
}
