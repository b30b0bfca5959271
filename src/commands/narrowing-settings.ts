import type { Settings } from '../settings/settings.js';
import { serverKinds } from '../source/server/kinds/index.js';
import type { SelectorOverrides } from '../source/server/kinds/kind.js';
import type { Narrowing } from '../stages/narrowing.js';

/** What the settings leave out of one run. */
export function narrowingOf({ sync, bitbucket }: Settings): Narrowing {
  return { kinds: sync.kinds, selectedKinds: new Set(selectedKinds(bitbucket)) };
}

/** No setting selects among what Cloud lists: there, selectors alone do. */
function selectedKinds(bitbucket: Settings['bitbucket']): readonly string[] {
  if (bitbucket.type === 'cloud') return [];
  const isSet: Readonly<Record<keyof SelectorOverrides, boolean>> = {
    projectsFilter: bitbucket.projects !== null,
    pullRequestState: bitbucket.pullRequestState !== null,
  };
  return serverKinds
    .filter(({ narrowedBy }) => narrowedBy.some((override) => isSet[override]))
    .map(({ name }) => name);
}
