import { DEFAULTS } from '../../defaults/index.js';
import type { Feed, Mapping } from '../../mapping/mapping.js';
import type { Blueprint } from '../../model/blueprint.js';
import { counted } from '../../report/text.js';
import type { IntegrationRecord } from '../../stages/choose-mapping.js';
import { isInitialized } from '../../stages/integration-record.js';
import { knownFields } from '../../stages/outgoing.js';
import type { CheckContext } from './check-context.js';
import type { SeenInPort } from './check-port.js';
import { Findings } from './findings.js';

/** Whether Port's blueprints hold what the mapping fills. */
export function checkCatalog(
  context: CheckContext,
  mapping: Mapping | null,
  { record, blueprints }: SeenInPort,
): Findings {
  const found = new Findings('catalog');
  if (mapping === null || blueprints === null) {
    const lacking = mapping === null ? 'there is no valid mapping' : 'Port did not tell them';
    found.note(`blueprints were not checked: ${lacking}`);
    return found;
  }
  const created = createdByFirstSync(context, record);
  for (const feed of mapping.resources.flatMap(({ feeds }) => feeds)) {
    checkFeed(feed, blueprints, created, found);
  }
  return found;
}

/** The default blueprints that a first run brings along. */
function createdByFirstSync(
  { settings: { parts } }: CheckContext,
  record: IntegrationRecord | null,
): ReadonlySet<string> {
  const isDue = parts.initializePortResources && record !== null && !isInitialized(record);
  const { blueprints } = DEFAULTS[parts.integration.type];
  return new Set(isDue ? blueprints.map(({ identifier }) => identifier) : []);
}

function checkFeed(
  { blueprint: target, resource, fields }: Feed,
  blueprints: ReadonlyMap<string, Blueprint>,
  created: ReadonlySet<string>,
  found: Findings,
): void {
  if (target.type === 'computed') {
    found.note(`${resource.kind}: each item names its blueprint, so that it cannot be checked`);
    return;
  }
  const { identifier } = target;
  const blueprint = blueprints.get(identifier);
  if (blueprint === undefined) {
    if (!created.has(identifier)) {
      found.problem({ code: 'blueprint-missing', resource, blueprint: identifier });
      return;
    }
    found.ok(`${resource.kind}: ${identifier} is not there yet; the first sync creates it`);
    return;
  }
  const { lacking } = knownFields(fields, blueprint);
  if (lacking.length > 0) {
    const problem = { resource, blueprint: identifier, fields: lacking } as const;
    found.problem({ code: 'blueprint-lacks', ...problem });
    return;
  }
  const properties = counted(fields.properties.length, 'property', 'properties');
  const relations = counted(fields.relations.length, 'relation', 'relations');
  found.ok(
    `${resource.kind}: ${identifier} has all ${properties} and ${relations} that are mapped`,
  );
}
