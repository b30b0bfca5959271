import { cloudKinds } from '../source/cloud/kinds/index.js';
import { serverKinds } from '../source/server/kinds/index.js';
import type { Source } from '../source/source.js';

/** The kinds of resources that each Bitbucket has, in the order of their lists. */
export const KIND_NAMES: Readonly<Record<Source['type'], readonly string[]>> = {
  'bitbucket-cloud': cloudKinds.map(({ name }) => name),
  'bitbucket-server': serverKinds.map(({ name }) => name),
};

/** Those of either Bitbucket. */
export const ALL_KINDS: readonly string[] = [...new Set(Object.values(KIND_NAMES).flat())];
