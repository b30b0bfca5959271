import type { Settings } from '../settings/settings.js';
import type { Narrowing } from '../stages/narrowing.js';

/** Kinds of Data Center that a filter of projects reaches. */
const KINDS_OF_PROJECTS = ['project', 'repository', 'pull-request'];

/** What the settings leave out of one run. */
export function narrowingOf({ sync, bitbucket }: Settings): Narrowing {
  return { kinds: sync.kinds, selectedKinds: new Set(selectedKinds(bitbucket)) };
}

/** No setting selects among what Cloud lists: there, selectors alone do. */
function selectedKinds(bitbucket: Settings['bitbucket']): readonly string[] {
  if (bitbucket.type === 'cloud') return [];
  return [
    ...(bitbucket.projects === null ? [] : KINDS_OF_PROJECTS),
    ...(bitbucket.pullRequestState === null ? [] : ['pull-request']),
  ];
}
