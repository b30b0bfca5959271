import type { Entity } from '../model/entity.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { atItem, type AtItem, type RawItem } from '../model/page.js';
import type { Problem } from '../problems/problem.js';
import {
  FeedItem,
  type FieldValue,
  holdsRoundedNumber,
  propertyValue,
  relationValue,
  teamValue,
  textValue,
} from './feed-item.js';
import { type FeedPlan, unreadableMessage } from './feed-fields.js';
import {
  type IdentifierReading,
  readBlueprintIdentifier,
  readIdentifier,
  readSearchIdentifier,
  roundedNumber,
} from './identifier.js';
import type { BlueprintMapping, FieldMapping } from './mapping.js';
import { fillingPath } from './filling-path.js';
import { type Outcome, shortened } from './read-result.js';

/** What a feed made of an item. */
export interface FeedResult {
  readonly entity: Entity | null;
  /** Whether identifier or blueprint could not be told, as opposed to being empty. */
  readonly isFailed: boolean;
  readonly problems: readonly Problem[];
}

/**
 * Makes the entity of a feed.
 * @param outcomes of the feed's expressions, in the order of `fieldsOf`
 * @param at the item, or the part of it that they are about
 */
export function mapFeed(
  plan: FeedPlan,
  outcomes: readonly Outcome[],
  raw: RawItem,
  at: AtItem = atItem(plan.feed.resource, raw),
): FeedResult {
  const making = new EntityMaking(plan, new FeedItem(plan, outcomes, raw), at, raw);
  const entity = making.entity();
  return { entity, isFailed: making.isFailed, problems: making.problems };
}

/** The making of one entity: turns readings into what Port takes and keeps what went wrong. */
class EntityMaking {
  readonly problems: Problem[] = [];
  isFailed = false;

  constructor(
    private readonly plan: FeedPlan,
    private readonly feedItem: FeedItem,
    private readonly at: AtItem,
    private readonly raw: RawItem,
  ) {}

  entity(): Entity | null {
    const { feed } = this.plan;
    const identity = this.#ownIdentity(feed.identifier);
    const blueprint = this.#blueprint(feed.blueprint);
    if (identity === null || blueprint === null) return null;
    const title = this.#value('title', feed.title);
    const icon = this.#value('icon', feed.icon);
    const team = this.#converted('team', feed.team, teamValue);
    return {
      ...identity,
      blueprint,
      ...(title === undefined ? {} : { title: textValue(title) }),
      ...(icon === undefined ? {} : { icon: textValue(icon) }),
      ...(team === undefined ? {} : { team }),
      properties: this.#members(feed.properties, (name, mapping) =>
        this.#converted(`properties.${name}`, mapping, propertyValue),
      ),
      relations: this.#members(feed.relations, (name, mapping) =>
        this.#converted(`relations.${name}`, mapping, relationValue),
      ),
    };
  }

  #blueprint(mapping: BlueprintMapping): string | null {
    const { among } = mapping.type === 'literal' ? mapping : { among: undefined };
    if (mapping.type === 'literal' && among === undefined) return mapping.identifier;
    const expression = mapping.type === 'computed' ? mapping.expression : (among?.expression ?? '');
    const reading = this.#identity('blueprint', expression, readBlueprintIdentifier);
    if (among === undefined || reading === null || reading.type === 'empty') {
      return this.#usable('blueprint', reading);
    }
    const { identifier } = reading;
    const { listed } = among;
    if (listed.includes(identifier)) return identifier;
    const field = this.#named('blueprint');
    this.isFailed = true;
    const blueprint = shortened(identifier);
    this.problems.push({ code: 'blueprint-unlisted', ...this.at, field, blueprint, listed });
    return null;
  }

  /** By its name, or by the search query that finds it. */
  #ownIdentity(mapping: FieldMapping): Pick<Entity, 'identifier' | 'search'> | null {
    if (typeof mapping === 'string') {
      const reading = this.#identity('identifier', mapping, readIdentifier);
      const identifier = this.#usable('identifier', reading);
      return identifier === null ? null : { identifier };
    }
    const value = this.#identityValue('identifier', mapping);
    if (value === undefined) return null;
    const reading = readSearchIdentifier(value, 'identifier');
    if (reading.type === 'usable') return { identifier: reading.words, search: reading.search };
    const field = this.#named(reading.path);
    this.problems.push({ code: 'identifier-empty', ...this.at, field });
    return null;
  }

  /** Undefined when it cannot be told. */
  #identityValue(path: string, mapping: FieldMapping): JsonValue | undefined {
    const reading = this.feedItem.read(path, mapping);
    if (reading.status === 'read') return reading.value;
    const { field, expression } = reading;
    const message =
      reading.status === 'failed' ? reading.message : unreadableMessage(reading.source);
    this.isFailed = true;
    this.problems.push({ code: 'identity-failed', ...this.at, field, expression, message });
    return undefined;
  }

  /** Null when it cannot be told. */
  #identity(
    path: string,
    mapping: FieldMapping,
    read: (value: JsonValue) => IdentifierReading,
  ): IdentifierReading | null {
    const value = this.#identityValue(path, mapping);
    return value === undefined ? null : this.#exact(read(value));
  }

  /** Tells why it is not usable, if it is not. */
  #usable(path: string, identity: IdentifierReading | null): string | null {
    if (identity === null) return null;
    if (identity.type === 'usable') return identity.identifier;
    const field = this.#named(path);
    if (identity.type === 'empty') {
      this.problems.push({ code: 'identifier-empty', ...this.at, field });
    } else {
      const { character } = identity;
      const identifier = shortened(identity.identifier);
      this.problems.push({ code: 'identifier-refused', ...this.at, field, identifier, character });
    }
    return null;
  }

  /** A text may have been made of a number that was rounded. */
  #exact(reading: IdentifierReading): IdentifierReading {
    if (reading.type !== 'usable') return reading;
    const { identifier } = reading;
    return holdsRoundedNumber(identifier, this.raw.value)
      ? { type: 'refused', identifier, character: roundedNumber }
      : reading;
  }

  /** Undefined leaves the field out: it is not mapped, or nothing is known of it. */
  #value(path: string, mapping: FieldMapping | undefined): JsonValue | undefined {
    if (mapping === undefined) return undefined;
    const reading = this.feedItem.read(path, mapping);
    if (reading.status === 'read') return reading.value;
    if (reading.status === 'unread') return undefined;
    const { field, expression, message } = reading;
    this.problems.push({ code: 'field-failed', ...this.at, field, expression, message });
    return null;
  }

  #converted(
    path: string,
    mapping: FieldMapping | undefined,
    convert: (value: JsonValue) => FieldValue,
  ): JsonValue | undefined {
    const raw = this.#value(path, mapping);
    if (raw === undefined) return undefined;
    const { value, nulls, refused } = convert(raw);
    const field = this.#named(path);
    if (nulls > 0) {
      const meant = typeof mapping === 'string' ? fillingPath(mapping, this.raw.value) : null;
      this.problems.push({
        code: 'nulls-dropped',
        ...this.at,
        field,
        dropped: nulls,
        ...(meant ?? {}),
      });
    }
    for (const target of refused) {
      this.problems.push({ code: 'target-refused', ...this.at, field, target });
    }
    return value;
  }

  #members<Mapping extends FieldMapping>(
    mappings: Readonly<Record<string, Mapping>>,
    valueOf: (name: string, mapping: Mapping) => JsonValue | undefined,
  ): JsonObject {
    const members: [string, JsonValue][] = [];
    for (const [name, mapping] of Object.entries(mappings)) {
      const value = valueOf(name, mapping);
      if (value !== undefined) members.push([name, value]);
    }
    return Object.fromEntries(members);
  }

  #named(path: string): string {
    return `${this.plan.prefix}${path}`;
  }
}
