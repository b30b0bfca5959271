import { enclose } from '../mapping/engine/protocol.js';
import { jqText } from '../mapping/jq-tokens.js';
import {
  type Expression,
  type Feed,
  type FieldMapping,
  isSearchQuery,
  type Mapping,
  type MappingResource,
  type SearchQuery,
  type SearchRule,
} from '../mapping/mapping.js';
import { addNeed, type Need, noNeed } from '../mapping/needed-paths.js';
import { deletionPath } from '../mapping/resource-program.js';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../model/json.js';
import type { ResourceReference } from '../model/resource.js';
import { cloudEvents } from '../source/cloud/events.js';
import {
  type BitbucketEvent,
  type EventTable,
  type HookLevel,
  isOneOf,
  type KindEvents,
  type SelectionOverrides,
} from '../source/kind-events.js';
import { serverEvents } from '../source/server/events.js';

/** One mapping of a webhook in Port, as its API takes it. */
export type WebhookMapping = JsonObject;

/** What a webhook in Port makes of events, and why. */
export interface WebhookPlan {
  readonly mappings: readonly WebhookMapping[];
  /** Each of the mappings that create, in a shape that our own jq can run on an event. */
  readonly resources: readonly MappingResource[];
  readonly events: readonly BitbucketEvent[];
  /** What is left to `sync`, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Whether a webhook is needed in the project of the key. */
  readonly takesProject: (key: string) => boolean;
}

/** A resource, or a field of one, that events do not fill. */
export interface LeftOut {
  readonly resource: ResourceReference;
  /** `properties.readme`; null: the resource as a whole. */
  readonly field: string | null;
  readonly reason: string;
}

/** What the mapping of a webhook follows from. */
export interface WebhookPlanFacts {
  readonly type: 'bitbucket-server' | 'bitbucket-cloud';
  readonly overrides: SelectionOverrides;
  /** Whether a run of these settings may delete. */
  readonly mayDelete: boolean;
}

/** What each Bitbucket tells by events. */
export const EVENTS: Readonly<Record<WebhookPlanFacts['type'], EventTable>> = {
  'bitbucket-server': serverEvents,
  'bitbucket-cloud': cloudEvents,
};

/**
 * Makes the mapping of a webhook from that of the integration: the same expressions look at the object
 * that an event carries, and what events do not carry is left out, so that it stays as it is.
 */
export function planWebhook(mapping: Mapping, facts: WebhookPlanFacts): WebhookPlan {
  const table = EVENTS[facts.type];
  const mappings: WebhookMapping[] = [];
  const resources: MappingResource[] = [];
  const events = new Map<string, BitbucketEvent>();
  const leftOut: LeftOut[] = [];
  const takes: ((key: string) => boolean)[] = [];
  for (const resource of mapping.resources) {
    const leave = (field: string | null, reason: string): void => {
      leftOut.push({ resource: resource.reference, field, reason });
    };
    const ofKind = table.kinds[resource.kind];
    const rewriting = ofKind && rewritingOf(resource, ofKind, table, facts.overrides);
    if (rewriting === undefined) leave(null, `Bitbucket has no event of a ${resource.kind}`);
    else if (typeof rewriting === 'string') leave(null, rewriting);
    if (typeof rewriting !== 'object') continue;
    const made = resource.feeds.flatMap((feed) => rewrittenFeed(feed, rewriting, leave) ?? []);
    if (made.length === 0) continue;
    takes.push(rewriting.takesProject);
    const mayDelete = facts.mayDelete && mayDeleteBy(resource, mapping);
    for (const { feed, filter, gone } of made) {
      const { blueprint } = feed;
      if (blueprint.type !== 'literal') continue;
      mappings.push(creation(feed, filter, blueprint.identifier, rewriting.itemsToParse));
      resources.push(runnable(feed, filter, resource, rewriting.itemsToParse));
      for (const event of rewriting.ofKind.events) events.set(event.name, event);
      const isOwn = !blueprint.identifier.startsWith('_') && typeof feed.identifier === 'string';
      if (gone === null || !mayDelete || !isOwn) continue;
      mappings.push(deletion(feed.identifier, gone.filter, blueprint.identifier, rewriting));
      events.set(gone.event.name, gone.event);
    }
  }
  const takesProject = (key: string): boolean => takes.some((takesIt) => takesIt(key));
  return { mappings, resources, events: [...events.values()], leftOut, takesProject };
}

/** The names of events that a webhook of a level can ask a server of a version for. */
export function eventsAt(
  events: readonly BitbucketEvent[],
  level: HookLevel,
  version: readonly [number, number] | null,
): readonly string[] {
  return events
    .filter(({ levels, since }) => {
      const isKnown = since === undefined || version === null || isSince(version, since);
      return isKnown && (levels === undefined || levels.includes(level));
    })
    .map(({ name }) => name);
}

/** Whether a version is another one or newer: 8.10 is newer than 8.7. */
export function isSince(
  [major, minor]: readonly [number, number],
  [sinceMajor, sinceMinor]: readonly [number, number],
): boolean {
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** How the expressions of a resource look at an event. */
interface Rewriting {
  readonly ofKind: KindEvents;
  /** What the filters of what it creates and of what it deletes begin with. */
  readonly created: readonly string[];
  readonly gone: readonly string[];
  readonly takesProject: (key: string) => boolean;
  /** The object that the expressions of the mapping look at. */
  readonly base: string;
  readonly query: Expression;
  readonly itemsToParse: Expression | undefined;
}

/** A text: why events cannot fill the resource. */
function rewritingOf(
  resource: MappingResource,
  ofKind: KindEvents,
  { eventName }: EventTable,
  overrides: SelectionOverrides,
): Rewriting | string {
  const { selector, itemsToParse, itemsToParseName, itemsToParseTopLevelTransform } = resource;
  if (resource.isBroken === true) return 'one of its expressions is not jq';
  const selection = ofKind.selection(selector, overrides);
  if ('untold' in selection) return `no event tells what selector.${selection.untold} takes`;
  const isListed = itemsToParse !== undefined;
  const lacking = isListed ? null : lackIn(selector.query, ofKind);
  if (lacking !== null) return `selector.query needs ${lacking}, which no event carries`;
  const inList = isListed ? lackIn(itemsToParse, ofKind) : null;
  if (inList !== null) return `itemsToParse needs ${inList}, which no event carries`;
  const { path } = ofKind;
  const named = (events: readonly BitbucketEvent[]): string =>
    isOneOf(
      eventName,
      events.map(({ name }) => name),
    );
  const conditions = selection.conditions.map((condition) => `(${path} | ${condition})`);
  const removed = isListed && itemsToParseTopLevelTransform ? deletionPath(itemsToParse) : null;
  const rest = removed === null ? path : `(${path} | del(${removed}))`;
  return {
    ofKind,
    created: [
      named(ofKind.events),
      ...(selection.states === null ? [] : [stateCondition(selection.states, ofKind, named)]),
      ...conditions,
    ],
    gone: [...(ofKind.gone === null ? [] : [named([ofKind.gone])]), ...conditions],
    takesProject: selection.takesProject ?? (() => true),
    base: isListed ? `(${rest} + {${JSON.stringify(itemsToParseName)}: .item})` : path,
    query: selector.query,
    itemsToParse: isListed
      ? `if ${path} then ${inEvent(itemsToParse, path)} else [] end`
      : undefined,
  };
}

/**
 * A pull request that was open until this event is told to the end, also where the selector takes open ones
 * alone: the catalog would show it as open until the next run.
 */
function stateCondition(
  states: readonly string[],
  { path, events }: KindEvents,
  named: (events: readonly BitbucketEvent[]) => string,
): string {
  const isTaken = isOneOf(`${path}.state`, states);
  const closing = events.filter(({ closes }) => closes === true);
  return states.includes('OPEN') && closing.length > 0
    ? `(${isTaken} or ${named(closing)})`
    : isTaken;
}

/** A feed whose expressions look at an event, with the filters of what it creates and deletes. */
interface RewrittenFeed {
  readonly feed: Feed;
  readonly filter: Expression;
  readonly gone: { readonly event: BitbucketEvent; readonly filter: Expression } | null;
}

/** Null for a feed that events cannot fill. */
function rewrittenFeed(
  feed: Feed,
  rewriting: Rewriting,
  leave: (field: string | null, reason: string) => void,
): RewrittenFeed | null {
  const { ofKind, base, query } = rewriting;
  const { blueprint } = feed;
  if (blueprint.type === 'computed') {
    leave('blueprint', 'a webhook of Port names its blueprint, and computes none');
    return null;
  }
  const lacks = (mapping: FieldMapping): string | null =>
    rewriting.itemsToParse === undefined ? lackIn(mapping, ofKind) : null;
  const lackingName = lacks(feed.identifier);
  if (lackingName !== null) {
    leave('identifier', `it needs ${lackingName}, which no event carries`);
    return null;
  }
  const carried = (name: string, mapping: FieldMapping): boolean => {
    const lacking = lacks(mapping);
    if (lacking !== null) leave(name, `it needs ${lacking}, which no event carries`);
    return lacking === null;
  };
  const one = <Field extends FieldMapping>(name: string, mapping: Field | undefined) =>
    mapping !== undefined && carried(name, mapping) ? mapping : undefined;
  const several = <Field extends FieldMapping>(
    name: string,
    mappings: Readonly<Record<string, Field>>,
    rewrite: (mapping: Field) => Field,
  ): Readonly<Record<string, Field>> =>
    Object.fromEntries(
      Object.entries(mappings)
        .filter(([key, mapping]) => carried(`${name}.${key}`, mapping))
        .map(([key, mapping]) => [key, rewrite(mapping)]),
    );
  const title = one('title', feed.title);
  const icon = one('icon', feed.icon);
  const team = one('team', feed.team);
  const properties = several('properties', feed.properties, (field) =>
    withoutNulls(inEvent(field, base), field),
  );
  const relations = several('relations', feed.relations, (field) =>
    typeof field === 'string'
      ? withoutNulls(inEvent(field, base), field)
      : searchInEvent(field, base),
  );
  const conditions = [
    ...(query.trim() === 'true' ? [] : [`(${inEvent(query, base)})`]),
    ...(blueprint.among === undefined
      ? []
      : [
          `(${inEvent(blueprint.among.expression, base)} == ${JSON.stringify(blueprint.identifier)})`,
        ]),
  ];
  const { identifier } = feed;
  const named =
    typeof identifier === 'string'
      ? textual(inEvent(identifier, base), identifier, ofKind.sample)
      : searchInEvent(identifier, base);
  return {
    feed: {
      resource: feed.resource,
      index: feed.index,
      identifier: named,
      blueprint: { type: 'literal', identifier: blueprint.identifier },
      ...(title === undefined ? {} : { title: inEvent(title, base) }),
      ...(icon === undefined ? {} : { icon: inEvent(icon, base) }),
      ...(team === undefined
        ? {}
        : { team: typeof team === 'string' ? inEvent(team, base) : searchInEvent(team, base) }),
      properties,
      relations,
      fields: {
        title: title !== undefined,
        icon: icon !== undefined,
        team: team !== undefined,
        properties: Object.keys(properties),
        relations: Object.keys(relations),
      },
    },
    filter: [...rewriting.created, ...conditions].join(' and '),
    gone:
      ofKind.gone === null
        ? null
        : { event: ofKind.gone, filter: [...rewriting.gone, ...conditions].join(' and ') },
  };
}

/** A path without iteration, which reads best as one. */
const PLAIN_PATH = /^\s*(?:\.[A-Za-z_]\w*(?:\[\d+\])*)+\s*$/u;

/** The expression, looking at the object instead of at the item. Port knows no single quotes either. */
function inEvent(expression: Expression, base: string): Expression {
  if (PLAIN_PATH.test(expression) && base.startsWith('.')) return `${base}${expression.trim()}`;
  const text = jqText(expression).trim();
  return `${base} | ${text.includes('#') ? enclose(text) : `(${text})`}`;
}

function searchInEvent({ combinator, rules }: SearchQuery, base: string): SearchQuery {
  return {
    combinator: inEvent(combinator, base),
    rules: rules.map((rule): SearchRule | SearchQuery =>
      isSearchQuery(rule)
        ? searchInEvent(rule, base)
        : {
            property: inEvent(rule.property, base),
            operator: inEvent(rule.operator, base),
            value: inEvent(rule.value, base),
          },
    ),
  };
}

/** What makes lists: one null among their members would cost the entity in Port, and `sync` drops them. */
const LISTING = /^\s*\[|\[\s*\]|\bmap\s*\(/u;

function withoutNulls(rewritten: Expression, expression: Expression): Expression {
  return LISTING.test(expression)
    ? `${rewritten} | if type == "array" then map(values) else . end`
    : rewritten;
}

/** Port takes texts for identifiers; `sync` makes one of a number. */
function textual(rewritten: Expression, expression: Expression, sample: JsonObject): Expression {
  const found = expression
    .trim()
    .split('.')
    .slice(1)
    .reduce<JsonValue | undefined>(
      (value, key) => (isJsonObject(value) ? value[key] : undefined),
      sample,
    );
  return PLAIN_PATH.test(expression) && typeof found === 'number'
    ? `${rewritten} | tostring`
    : rewritten;
}

/** What the expressions read that no event carries: `.__readme`; null: nothing. */
function lackIn(mapping: FieldMapping, { sample }: KindEvents): string | null {
  const lacking = textsOf(mapping).map((text) => {
    const need = noNeed();
    addNeed(need, jqText(text));
    if (need.isWhole || need.each !== null) return 'the whole item';
    return missingPath(need, sample, '');
  });
  return lacking.find((path) => path !== null) ?? null;
}

function missingPath(need: Need, value: JsonValue, path: string): string | null {
  if (isJsonArray(value)) {
    const { each } = need;
    if (each === null) return null;
    return first(value.map((member) => missingPath(each, member, `${path}[]`)));
  }
  if (!isJsonObject(value)) return null;
  return first(
    [...need.keys].map(([key, inner]) => {
      const below = /^[A-Za-z_]\w*$/u.test(key)
        ? `${path}.${key}`
        : `${path}.${JSON.stringify(key)}`;
      const member = Object.hasOwn(value, key) ? value[key] : undefined;
      return member === undefined ? below : missingPath(inner, member, below);
    }),
  );
}

function first(paths: readonly (string | null)[]): string | null {
  return paths.find((path) => path !== null) ?? null;
}

function textsOf(mapping: FieldMapping | SearchRule): readonly Expression[] {
  if (typeof mapping === 'string') return [mapping];
  if (!isSearchQuery(mapping)) return [mapping.property, mapping.operator, mapping.value];
  return [mapping.combinator, ...mapping.rules.flatMap(textsOf)];
}

/** Deletions are switched off where a run would delete nothing of the resource either. */
function mayDeleteBy(
  { enableDelete, reference }: MappingResource,
  { entityDeletionThreshold, unknownKeys }: Mapping,
): boolean {
  const isUnknown = unknownKeys.some(
    ({ resource }) => resource === null || resource === reference.index,
  );
  return enableDelete && entityDeletionThreshold > 0 && !isUnknown;
}

function creation(
  { identifier, title, icon, team, properties, relations }: Feed,
  filter: Expression,
  blueprint: string,
  itemsToParse: Expression | undefined,
): WebhookMapping {
  return {
    blueprint,
    operation: 'create',
    filter,
    ...(itemsToParse === undefined ? {} : { itemsToParse }),
    entity: {
      identifier: plain(identifier),
      ...(title === undefined ? {} : { title }),
      ...(icon === undefined ? {} : { icon }),
      ...(team === undefined ? {} : { team: plain(team) }),
      properties,
      relations: Object.fromEntries(
        Object.entries(relations).map(([name, mapping]) => [name, plain(mapping)]),
      ),
    },
  };
}

/** Port deletes this entity alone: what relates to it is left to `sync`, which asks first. */
function deletion(
  identifier: FieldMapping,
  filter: Expression,
  blueprint: string,
  { itemsToParse }: Rewriting,
): WebhookMapping {
  return {
    blueprint,
    operation: { type: 'delete', deleteDependents: false },
    filter,
    ...(itemsToParse === undefined ? {} : { itemsToParse }),
    entity: { identifier: plain(identifier) },
  };
}

/** As JSON: a search query is one already. */
function plain(mapping: FieldMapping): JsonValue {
  if (typeof mapping === 'string') return mapping;
  const rules = mapping.rules.map((rule) => (isSearchQuery(rule) ? plain(rule) : { ...rule }));
  return { combinator: mapping.combinator, rules };
}

/** The same as a resource over whole events. */
function runnable(
  feed: Feed,
  filter: Expression,
  { reference, kind }: MappingResource,
  itemsToParse: Expression | undefined,
): MappingResource {
  return {
    reference,
    kind,
    selector: { query: filter },
    enableDelete: true,
    ...(itemsToParse === undefined ? {} : { itemsToParse }),
    itemsToParseName: 'item',
    itemsToParseTopLevelTransform: false,
    feeds: [feed],
  };
}
