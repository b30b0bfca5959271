import { referenceKey, type EntityReference } from '../../../model/entity.js';
import { linksOf } from '../blueprint.js';
import type { Catalog } from '../catalog.js';
import type { SearchRule } from '../schemas/search-query.js';

type RelatedRule = Extract<SearchRule, { operator: 'relatedTo' }>;
type Step = (from: EntityReference) => readonly EntityReference[];

/**
 * Keys of all entities that a `relatedTo` rule finds, over any number of steps. `upstream`: what the
 * named entities depend on; `downstream`: what depends on them; neither: both.
 */
export function relatedKeys(catalog: Catalog, rule: RelatedRule): ReadonlySet<string> {
  const identifiers = typeof rule.value === 'string' ? [rule.value] : rule.value;
  const start = identifiers.map((identifier) => ({ blueprint: rule.blueprint, identifier }));
  const steps: Step[] = [];
  if (rule.direction !== 'downstream') steps.push((from) => upstream(catalog, from, rule.required));
  if (rule.direction !== 'upstream') steps.push((from) => downstream(catalog, from, rule.required));
  const found = new Set<string>();
  for (const step of steps) for (const key of reached(start, step)) found.add(key);
  for (const reference of start) found.delete(referenceKey(reference));
  return found;
}

function reached(start: readonly EntityReference[], step: Step): ReadonlySet<string> {
  const seen = new Set(start.map(referenceKey));
  const open = [...start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const reference of step(next)) {
      const key = referenceKey(reference);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(reference);
    }
  }
  return seen;
}

function upstream(
  catalog: Catalog,
  from: EntityReference,
  required: boolean | undefined,
): readonly EntityReference[] {
  const entity = catalog.entity(from);
  if (entity === undefined) return [];
  return linksOf(catalog.shelf(from.blueprint).blueprint, entity.relations)
    .filter((link) => required === undefined || link.required === required)
    .map(({ target }) => target);
}

function downstream(
  catalog: Catalog,
  from: EntityReference,
  required: boolean | undefined,
): readonly EntityReference[] {
  const key = referenceKey(from);
  return catalog
    .dependents(from)
    .filter((entity) =>
      linksOf(catalog.shelf(entity.blueprint).blueprint, entity.relations).some(
        (link) =>
          referenceKey(link.target) === key &&
          (required === undefined || link.required === required),
      ),
    );
}
