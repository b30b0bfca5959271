import type { FieldCounts } from '../mapping/field-tally.js';
import { resourceName, type ResourceReference } from '../model/resource.js';

/**
 * How often fields were null or failed, in a line for the debug log; null where all were filled:
 * `repository: null: properties.description 3 of 12; failed: title 1 of 12`.
 */
export function fieldCountWords(
  resource: ResourceReference,
  counts: readonly FieldCounts[],
): string | null {
  const parts = [
    counted('null', counts, ({ nulls }) => nulls),
    counted('failed', counts, ({ failed }) => failed),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${resourceName(resource)}: ${parts.join('; ')}`;
}

function counted(
  name: string,
  counts: readonly FieldCounts[],
  numberOf: (count: FieldCounts) => number,
): string | null {
  const parts = counts
    .filter((count) => numberOf(count) > 0)
    .map((count) => {
      const seen = count.filled + count.nulls + count.failed;
      return `${count.field} ${numberOf(count)} of ${seen}`;
    });
  return parts.length === 0 ? null : `${name}: ${parts.join(', ')}`;
}
