import { fillingPath } from '../../mapping/filling-path.js';
import type { MappingResource } from '../../mapping/mapping.js';
import { mentionsField } from '../../mapping/newly-filled.js';
import { isJsonArray } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { KindDescription } from '../../source/source.js';
import type { CheckContext } from './check-context.js';
import { KINDS } from './check-mapping.js';
import type { Findings } from './findings.js';

/**
 * Tells of expressions that lead to nothing in the members of a list, also where the sample has none: a
 * mapping that another program left may name a key that only that program gave them.
 */
export function checkMembers(
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
