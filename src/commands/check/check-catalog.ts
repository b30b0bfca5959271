import type { Feed, Mapping } from '../../mapping/mapping.js';
import { counted } from '../../report/text.js';
import { knownFields } from '../../stages/outgoing.js';
import { unfilledRequirements } from '../../stages/unfilled-requirements.js';
import type { SeenInBitbucket } from './check-bitbucket.js';
import type { CheckContext, FoundEngine } from './check-context.js';
import type { SeenInPort } from './check-port.js';
import { checkMembers } from './check-members.js';
import { checkTypes } from './check-types.js';
import { expectedBlueprints, type ExpectedBlueprints } from './expected-blueprints.js';
import { Findings } from './findings.js';

/** Whether Port's blueprints hold what the mapping fills, and take what Bitbucket has. */
export async function checkCatalog(
  context: CheckContext,
  engine: FoundEngine,
  mapping: Mapping | null,
  { record, blueprints: existing }: SeenInPort,
  { samples }: SeenInBitbucket,
): Promise<Findings> {
  const found = new Findings('catalog');
  if (mapping === null || existing === null || engine === null) {
    const lacking = existing === null ? 'Port did not tell them' : 'there is no valid mapping';
    found.note(`blueprints were not checked: ${lacking}`);
    return found;
  }
  const blueprints = expectedBlueprints(context, mapping, record, existing);
  for (const resource of mapping.resources) {
    for (const feed of resource.feeds) checkFeed(feed, blueprints, found);
    const sample = samples.get(resource.kind);
    checkMembers(resource, sample, context.settings.type, found);
    if (samples.size > 0) await checkTypes(resource, sample, engine, blueprints.all, found);
  }
  if (samples.size === 0) found.note('types were not tried: Bitbucket showed no item of any kind');
  for (const lack of unfilledRequirements(mapping, blueprints.all)) {
    found.problem({ code: 'blueprint-requires', ...lack });
  }
  return found;
}

function checkFeed(
  { blueprint: target, resource, fields }: Feed,
  { all, created, added }: ExpectedBlueprints,
  found: Findings,
): void {
  if (target.type === 'computed') {
    found.note(`${resource.kind}: each item names its blueprint, so that it cannot be checked`);
    return;
  }
  const { identifier } = target;
  const blueprint = all.get(identifier);
  if (blueprint === undefined) {
    found.problem({ code: 'blueprint-missing', resource, blueprint: identifier });
    return;
  }
  if (created.has(identifier)) {
    found.ok(`${resource.kind}: ${identifier} is not there yet; the first sync creates it`);
  }
  const fresh = added.get(identifier);
  if (fresh !== undefined) {
    found.ok(`${resource.kind}: ${identifier} lacks ${fresh.join(', ')}; the next sync adds them`);
  }
  const { lacking, computed } = knownFields(fields, blueprint);
  const at = { resource, blueprint: identifier };
  if (lacking.length > 0) found.problem({ code: 'blueprint-lacks', ...at, fields: lacking });
  if (computed.length > 0) found.problem({ code: 'blueprint-computes', ...at, fields: computed });
  if (lacking.length + computed.length > 0) return;
  if (created.has(identifier) || fresh !== undefined) return;
  const properties = counted(fields.properties.length, 'property', 'properties');
  const relations = counted(fields.relations.length, 'relation', 'relations');
  found.ok(
    `${resource.kind}: ${identifier} has all ${properties} and ${relations} that are mapped`,
  );
}
