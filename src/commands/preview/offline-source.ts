import { ProblemError } from '../../problems/problem.js';
import type { OfflineSettings } from '../../settings/offline-settings.js';
import { cloudKinds } from '../../source/cloud/kinds/index.js';
import { serverKinds } from '../../source/server/kinds/index.js';
import type { KindDescription, Source } from '../../source/source.js';

/** A type of Bitbucket and what it can be asked for, without a Bitbucket of that type. */
export interface OfflineSource {
  readonly type: Source['type'];
  readonly kinds: readonly KindDescription[];
}

const SOURCES: readonly OfflineSource[] = [
  { type: 'bitbucket-server', kinds: serverKinds },
  { type: 'bitbucket-cloud', kinds: cloudKinds },
];

/**
 * The Bitbucket that raw items are from: the one that is set, else the only one that has the kind.
 * @throws ProblemError setting-missing when both have it, setting-invalid when none has
 */
export function offlineSource(type: OfflineSettings['type'], kind: string | null): OfflineSource {
  const set = SOURCES.find((source) => source.type === type);
  if (set !== undefined) return set;
  const having = SOURCES.filter(({ kinds }) => kinds.some(({ name }) => name === kind));
  const [only, another] = having;
  if (only !== undefined && another === undefined) return only;
  throw ProblemError.of({
    code: 'setting-missing',
    setting: 'the Bitbucket that the items are from',
    spellings: SOURCES.map((source) => `--type ${source.type}`),
  });
}
