/** The kinds of resources that each Bitbucket has, in the order of their lists in `source/`. */
export const KIND_NAMES = {
  'bitbucket-cloud': ['project', 'repository', 'pull-request', 'folder', 'file'],
  'bitbucket-server': ['project', 'repository', 'pull-request', 'user'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;
