import { DEFAULTS } from '../../defaults/index.js';
import { fillingPath } from '../../mapping/filling-path.js';
import type { Feed, Mapping, MappingResource } from '../../mapping/mapping.js';
import { mentionsField } from '../../mapping/newly-filled.js';
import type { Blueprint } from '../../model/blueprint.js';
import { isJsonArray } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import { blueprintFrom, withAddition } from '../../port/blueprints.js';
import { addedFields } from '../../port/complete-blueprint.js';
import { counted } from '../../report/text.js';
import type { KindDescription } from '../../source/source.js';
import { KINDS } from '../../stages/choose-mapping.js';
import { isInitialized } from '../../stages/integration-record.js';
import { knownFields } from '../../stages/outgoing.js';
import { definitionsFor, lackingBlueprints } from '../../stages/prepare-blueprints.js';
import { checkTypes } from './check-types.js';
import type { CheckContext, Findings, Section, Seen } from './section.js';

/** Whether Port's blueprints hold what the mapping fills, and take what Bitbucket has. */
export const checkCatalog: Section = async (check, found) => {
  const { engine, mapping, record, blueprints: existing, samples } = check;
  if (mapping === null || existing === null || engine === null) {
    const lacking = existing === null ? 'Port did not tell them' : 'there is no valid mapping';
    found.note(`blueprints were not checked: ${lacking}`);
    return {};
  }
  const blueprints = expectedBlueprints(check, mapping, record, existing);
  for (const resource of mapping.resources) {
    for (const feed of resource.feeds) checkFeed(feed, blueprints, found);
    const sample = samples.get(resource.reference.index);
    checkMembers(resource, sample, check.settings.type, found);
    if (samples.size > 0) await checkTypes(resource, sample, engine, blueprints.all, found);
  }
  if (samples.size === 0) found.note('types were not tried: Bitbucket showed no item of any kind');
  for (const lack of unfilledRequirements(mapping, blueprints.all)) {
    found.problem({ code: 'blueprint-requires', ...lack });
  }
  return {};
};

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

/** What a run will find in Port once it has begun. */
interface ExpectedBlueprints {
  readonly all: ReadonlyMap<string, Blueprint>;
  /** Identifiers of those that are not there yet: the first run creates them. */
  readonly created: ReadonlySet<string>;
  /** What the next run adds, by blueprint: `relations.project`. */
  readonly added: ReadonlyMap<string, readonly string[]>;
}

/** The blueprints that Port has, and what the next run makes of them. */
function expectedBlueprints(
  { settings: { parts } }: CheckContext,
  mapping: Mapping,
  record: Seen['record'],
  existing: ReadonlyMap<string, Blueprint>,
): ExpectedBlueprints {
  const isOn = parts.initializePortResources && record !== null;
  const { missing, additions } = lackingBlueprints(mapping, existing, {
    definitions: isOn
      ? definitionsFor(mapping, DEFAULTS[parts.integration.type].blueprints, parts.integration.type)
      : [],
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

/**
 * Tells of expressions that lead to nothing in the members of a list, also where the sample has none: a
 * mapping that another program left may name a key that only that program gave them.
 */
function checkMembers(
  resource: MappingResource,
  sample: RawItem | undefined,
  type: CheckContext['settings']['type'],
  found: Findings,
): void {
  if (type === null) return;
  const kinds: readonly KindDescription[] = KINDS[type];
  const members = kinds.find(({ name }) => name === resource.kind)?.members ?? {};
  for (const [list, member] of Object.entries(members)) {
    const shown = sample?.value[list] ?? null;
    // What a sample shows is tried with all else of it.
    if (isJsonArray(shown) && shown.length > 0) continue;
    const item = { [list]: [member] };
    for (const [name, expression] of resource.feeds.flatMap((feed) =>
      Object.entries(feed.properties),
    )) {
      if (!mentionsField(expression, list)) continue;
      const path = fillingPath(expression, item);
      if (path === null) continue;
      const at = { resource: resource.reference, field: `properties.${name}`, list };
      found.problem({ code: 'members-lack', ...at, ...path });
    }
  }
}

/** What a blueprint requires of each entity and nobody fills. */
interface UnfilledRequirement {
  readonly blueprint: string;
  /** Dotted; at least one. */
  readonly fields: readonly string[];
}

/**
 * Properties and relations without which Port refuses a new entity, and that no resource fills which
 * feeds the blueprint. Where any item may name any blueprint, that cannot be told, and nothing is.
 */
export function unfilledRequirements(
  mapping: Mapping,
  blueprints: ReadonlyMap<string, Blueprint>,
): readonly UnfilledRequirement[] {
  const filled = new Map<string, Set<string>>();
  for (const { blueprint, fields } of mapping.resources.flatMap(({ feeds }) => feeds)) {
    if (blueprint.type === 'computed') return [];
    const known = filled.get(blueprint.identifier) ?? new Set();
    for (const name of fields.properties) known.add(`properties.${name}`);
    for (const name of fields.relations) known.add(`relations.${name}`);
    filled.set(blueprint.identifier, known);
  }
  return [...filled].flatMap(([identifier, known]) => {
    const blueprint = blueprints.get(identifier);
    const fields = blueprint === undefined ? [] : requiredFields(blueprint);
    const lacking = fields.filter((field) => !known.has(field));
    return lacking.length === 0 ? [] : [{ blueprint: identifier, fields: lacking }];
  });
}

/** A property with a default is never lacking. */
function requiredFields({
  properties,
  requiredProperties,
  relations,
}: Blueprint): readonly string[] {
  const required = [...relations].filter(([, relation]) => relation.required);
  return [
    ...[...requiredProperties]
      .filter((name) => properties.get(name)?.default === undefined)
      .map((name) => `properties.${name}`),
    ...required.map(([name]) => `relations.${name}`),
  ];
}
