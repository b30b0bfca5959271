import type { History } from '../deletion/history.js';
import type { MappingResource } from '../mapping/mapping.js';
import { newlyFilled } from '../mapping/newly-filled.js';
import type { Problem } from '../problems/problem.js';
import type { KindDescription } from '../source/source.js';

/** What the first run over another program's catalog changes though Bitbucket did not, by resource. */
export function newlyFilledIn(
  resources: readonly MappingResource[],
  kinds: readonly KindDescription[],
  history: History,
): readonly Problem[] {
  if (history.status !== 'taken over') return [];
  return resources.flatMap((resource): readonly Problem[] => {
    const extras = kinds.find(({ name }) => name === resource.kind)?.extras ?? [];
    const filled = newlyFilled(resource, extras);
    const at = { resource: resource.reference, version: history.from };
    return filled === null ? [] : [{ code: 'newly-filled', ...at, ...filled }];
  });
}
