import { referenceKey, type EntityReference } from '../../model/entity.js';

/** Who relates to whom, looked up from the target: without it, each deletion would read the catalog. */
export class Dependents {
  private readonly byTarget = new Map<string, Map<string, EntityReference>>();

  /** Notes that `source` relates to `targets`. */
  link(source: EntityReference, targets: Iterable<EntityReference>): void {
    const reference = { blueprint: source.blueprint, identifier: source.identifier };
    for (const target of targets) {
      const key = referenceKey(target);
      const sources = this.byTarget.get(key) ?? new Map<string, EntityReference>();
      sources.set(referenceKey(reference), reference);
      this.byTarget.set(key, sources);
    }
  }

  /** Forgets that `source` relates to `targets`. */
  unlink(source: EntityReference, targets: Iterable<EntityReference>): void {
    for (const target of targets) {
      const key = referenceKey(target);
      const sources = this.byTarget.get(key);
      sources?.delete(referenceKey(source));
      if (sources?.size === 0) this.byTarget.delete(key);
    }
  }

  /** All that relate to `target`, itself included where it does. */
  of(target: EntityReference): readonly EntityReference[] {
    return [...(this.byTarget.get(referenceKey(target))?.values() ?? [])];
  }
}
