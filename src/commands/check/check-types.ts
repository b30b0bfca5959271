import { isToldAlready } from '../../mapping/broken-expressions.js';
import type { JqEngine } from '../../mapping/engine/engine.js';
import { explainResource } from '../../mapping/explain.js';
import { unreadableForIdentity } from '../../mapping/feed-fields.js';
import type { Feed, MappingResource } from '../../mapping/mapping.js';
import type { Blueprint } from '../../model/blueprint.js';
import type { Entity } from '../../model/entity.js';
import type { RawItem } from '../../model/page.js';
import type { PreviewedFeed } from '../../model/preview.js';
import { misfitsOf } from '../../reconcile/misfits.js';
import { knownFields } from '../../stages/outgoing.js';
import type { Findings } from './section.js';

/** Fields that a line names before it counts the rest. */
const FEW = 3;

/** Whether what one item gives is of the types that the blueprints have. */
export async function checkTypes(
  resource: MappingResource,
  sample: RawItem | undefined,
  engine: JqEngine,
  blueprints: ReadonlyMap<string, Blueprint>,
  found: Findings,
): Promise<void> {
  const { kind } = resource;
  const untried = (reason: string): void => {
    found.note(`${kind}: types were not tried, as ${reason}`);
  };
  if (sample === undefined) {
    found.note(`${kind}: types were not tried: a first look found no item; preview looks further`);
    return;
  }
  const unreadable = unreadableForIdentity(resource, sample);
  if (unreadable !== undefined) {
    untried(`the mapping needs ${unreadable}, which a check does not read; preview does`);
    return;
  }
  const { items } = await explainResource(engine, resource, [sample]);
  for (const problem of items.flatMap(({ problems }) => problems)) {
    if (!isToldAlready(problem)) found.problem(problem);
  }
  const link = sample.link ?? sample.key;
  const status = items[0]?.status;
  if (status === 'unselected') untried(`the selector leaves out ${link}`);
  const made = items.flatMap(({ parts }) => parts.flatMap((part) => part.feeds));
  for (const feed of resource.feeds) {
    const ofFeed = made.filter(({ index }) => index === feed.index);
    tellFeed(ofFeed, { feed, link, blueprints }, found);
  }
}

/** What the entities of one feed come from, and what they are to fit into. */
interface Trial {
  readonly feed: Feed;
  readonly link: string;
  readonly blueprints: ReadonlyMap<string, Blueprint>;
}

/** An item that holds many gives many entities: a fault that several of them have is told once. */
function tellFeed(
  made: readonly PreviewedFeed[],
  { feed, link, blueprints }: Trial,
  found: Findings,
): void {
  const faulty = new Set<string>();
  const fitting = new Set<Blueprint>();
  for (const { entity, fields } of made) {
    const blueprint = entity === null ? undefined : blueprints.get(entity.blueprint);
    if (entity === null || blueprint === undefined) continue;
    fitting.add(blueprint);
    for (const { field, ...fault } of misfitsOf(entity, blueprint)) {
      if (faulty.has(field)) continue;
      faulty.add(field);
      const expression = fields.find((one) => one.field === field)?.expression ?? '';
      const { resource } = feed;
      const at = { resource, item: link, blueprint: blueprint.identifier, field, expression };
      found.problem({ code: 'blueprint-unfit', ...at, ...fault });
    }
  }
  if (faulty.size > 0) return;
  const entities = made.flatMap(({ entity }) => entity ?? []);
  for (const blueprint of fitting) {
    const { empty, unread } = unfilledFields(feed, entities, blueprint);
    const words = [
      ...(empty.length === 0 ? [] : [`; it shows no value for ${few(empty)}`]),
      ...(unread.length === 0 ? [] : [`; check does not read what fills ${few(unread)}`]),
    ];
    found.ok(`${feed.resource.kind}: ${link} fits into ${blueprint.identifier}${words.join('')}`);
  }
}

/**
 * Mapped fields of the blueprint without a value in any entity: `empty` where there is none, `unread` where
 * they are made of what a check leaves out, such as a README.
 */
function unfilledFields(
  { fields }: Feed,
  entities: readonly Entity[],
  blueprint: Blueprint,
): { readonly empty: readonly string[]; readonly unread: readonly string[] } {
  const { known } = knownFields(fields, blueprint);
  const unfilled = (['properties', 'relations'] as const).flatMap((part) =>
    known[part]
      .filter((name) => entities.every((entity) => (entity[part][name] ?? null) === null))
      .map((name) => ({
        field: `${part}.${name}`,
        isRead: entities.some((entity) => name in entity[part]),
      })),
  );
  const named = (isRead: boolean): readonly string[] =>
    unfilled.filter((one) => one.isRead === isRead).map(({ field }) => field);
  return { empty: named(true), unread: named(false) };
}

function few(fields: readonly string[]): string {
  const rest = fields.length - FEW;
  return rest > 0 ? `${fields.slice(0, FEW).join(', ')} and ${rest} more` : fields.join(', ');
}
