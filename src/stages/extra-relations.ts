import { HttpError } from '../http/http-error.js';
import { isSearchQuery, type Feed } from '../mapping/mapping.js';
import { mentionsField } from '../mapping/newly-filled.js';
import { NO_FIELDS, referenceKey, type EntityReference } from '../model/entity.js';
import { isJsonArray, type JsonValue } from '../model/json.js';
import { readByIdentifier } from '../port/catalog.js';
import { ProblemError } from '../problems/problem.js';
import type { Made } from './blueprint-load.js';
import type { CatalogLoad } from './catalog-loads.js';
import type { RunContext } from './run-context.js';

/** A relation that may lack its target without costing its entity. */
interface ExtraRelation {
  readonly name: string;
  /** The blueprint that it leads to. */
  readonly target: string;
}

/**
 * Relations of a feed that are made of what other programs do not fill, such as the author of the latest
 * commit, and whose target nobody makes where it is missing: Port may not, or may not without properties
 * that the blueprint requires.
 * @param extras fields of an item that only we fill
 */
export function extraRelations(
  feed: Feed,
  extras: readonly string[],
  { blueprints, mapping }: Pick<RunContext, 'blueprints' | 'mapping'>,
): readonly ExtraRelation[] {
  if (feed.blueprint.type !== 'literal' || extras.length === 0) return [];
  const relations = blueprints.get(feed.blueprint.identifier)?.relations;
  return Object.entries(feed.relations).flatMap(([name, value]) => {
    const relation = relations?.get(name);
    if (relation === undefined || relation.required || isSearchQuery(value)) return [];
    const target = blueprints.get(relation.target);
    const isMade = mapping.createMissingRelatedEntities && !requiresMore(target);
    const isExtra = extras.some((field) => mentionsField(value, field));
    return isExtra && !isMade ? [{ name, target: relation.target }] : [];
  });
}

/** Whether an identifier alone is no entity of the blueprint. */
function requiresMore(blueprint: ReturnType<RunContext['blueprints']['get']>): boolean {
  return (
    blueprint !== undefined &&
    (blueprint.requiredProperties.size > 0 ||
      [...blueprint.relations.values()].some(({ required }) => required))
  );
}

/** What is known of the targets of one run's extra relations. */
export class ExtraTargets {
  /** Keys of those that were looked for: whether they are there. */
  readonly #known = new Map<string, boolean>();

  constructor(
    private readonly loads: ReadonlyMap<string, CatalogLoad>,
    private readonly context: RunContext,
  ) {}

  /** The entities without the extra relations that lead to nothing; each is told. */
  async fit(
    feed: Feed,
    extras: readonly ExtraRelation[],
    made: readonly Made[],
  ): Promise<readonly Made[]> {
    for (const { name, target } of extras) {
      await this.#lookFor(
        target,
        made.flatMap(({ entity }) => identifiersIn(entity.relations[name])),
      );
    }
    return made.map((one) => this.#fitted(feed, extras, one));
  }

  #fitted(feed: Feed, extras: readonly ExtraRelation[], made: Made): Made {
    const fitted: [string, JsonValue][] = [];
    for (const { name, target } of extras) {
      const value = made.entity.relations[name];
      const missing = identifiersIn(value).filter(
        (identifier) => !this.#isThere({ blueprint: target, identifier }),
      );
      if (missing.length === 0) continue;
      fitted.push([name, without(value, missing)]);
      const { resource } = feed;
      const { report } = this.context;
      for (const identifier of missing) {
        const absent = { blueprint: target, identifier };
        report({ code: 'relation-left-out', resource, item: made.item, name, target: absent });
      }
    }
    if (fitted.length === 0) return made;
    const relations = { ...made.entity.relations, ...Object.fromEntries(fitted) };
    return { ...made, entity: { ...made.entity, relations } };
  }

  #isThere(target: EntityReference): boolean {
    return this.#known.get(referenceKey(target)) !== false;
  }

  /** Asks Port for those that this run neither found nor made. */
  async #lookFor(blueprint: string, identifiers: readonly string[]): Promise<void> {
    const load = this.loads.get(blueprint);
    const owned = await load?.owned.catch(() => undefined);
    const open = [...new Set(identifiers)].filter(
      (identifier) =>
        !this.#known.has(referenceKey({ blueprint, identifier })) &&
        owned?.has(identifier) !== true &&
        load?.load.produced.has(identifier) !== true,
    );
    if (open.length === 0) return;
    const { client, newBlueprints } = this.context;
    try {
      const there = new Set<string>();
      // A new blueprint holds what the run makes and no more, and `plan` has none to ask for.
      const isNew = newBlueprints.has(blueprint);
      const pages = isNew ? [] : readByIdentifier(client, blueprint, open, NO_FIELDS);
      for await (const page of pages) {
        for (const { identifier } of page) there.add(identifier);
      }
      for (const identifier of open) {
        this.#known.set(referenceKey({ blueprint, identifier }), there.has(identifier));
      }
    } catch (error) {
      // Port says itself what it lacks.
      if (!(error instanceof ProblemError) && !(error instanceof HttpError)) throw error;
    }
  }
}

function identifiersIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || !isJsonArray(value)) return [];
  return value.filter((each) => typeof each === 'string');
}

function without(value: JsonValue | undefined, missing: readonly string[]): JsonValue {
  if (value === undefined || !isJsonArray(value)) return null;
  return value.filter((each) => typeof each !== 'string' || !missing.includes(each));
}
