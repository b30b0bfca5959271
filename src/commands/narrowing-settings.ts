import { ProblemError } from '../problems/problem.js';
import type { Settings } from '../settings/settings.js';
import type { KindDescription } from '../source/source.js';
import type { Narrowing } from '../stages/narrowing.js';

/** Kinds of Data Center that a filter of projects reaches. */
const KINDS_OF_PROJECTS = ['project', 'repository', 'pull-request'];

/**
 * What the settings leave out of one run.
 * @throws ProblemError setting-invalid for a kind that the source does not have
 */
export function narrowingOf(
  { sync, bitbucket }: Settings,
  kinds: readonly KindDescription[],
): Narrowing {
  const names = kinds.map(({ name }) => name);
  const unknown = (sync.kinds ?? []).filter((kind) => !names.includes(kind));
  if (unknown.length > 0) {
    throw ProblemError.of({
      code: 'setting-invalid',
      spelling: 'sync.kinds',
      reason: `names ${unknown.join(', ')}; the kinds are ${names.join(', ')}`,
    });
  }
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
