import { serverKinds } from '../../src/source/server/kinds/index.js';
import type { ServerKind } from '../../src/source/server/kinds/kind.js';
import { code, table } from './markdown.js';

/** What a kind of Bitbucket Cloud takes to be read, as each sort of token spells it. */
export interface KindScopes {
  readonly kind: string;
  /** Scopes of an access token. */
  readonly accessToken: readonly string[];
  /** Scopes of a person's API token. */
  readonly apiToken: readonly string[];
  /** What is said of it, where scopes are those of an example. */
  readonly words?: string;
}

const REPOSITORY = 'read:repository:bitbucket';
const pipelines = {
  accessToken: ['pipeline', 'repository'],
  apiToken: ['read:pipeline:bitbucket', REPOSITORY],
};
const files = { accessToken: ['repository'], apiToken: [REPOSITORY] };

/** Every kind; nothing less will do, and nothing more is needed. */
export const KIND_SCOPES: readonly KindScopes[] = [
  { kind: 'project', accessToken: ['project'], apiToken: ['read:project:bitbucket', REPOSITORY] },
  { kind: 'repository', ...files },
  {
    kind: 'pull-request',
    accessToken: ['pullrequest'],
    apiToken: ['read:pullrequest:bitbucket', REPOSITORY],
  },
  { kind: 'folder', ...files },
  { kind: 'file', ...files },
  {
    kind: 'user',
    accessToken: ['account', 'repository'],
    apiToken: ['read:workspace:bitbucket', REPOSITORY],
  },
  { kind: 'branch', ...files },
  { kind: 'tag', ...files },
  { kind: 'pipeline', ...pipelines },
  { kind: 'deployment', ...pipelines },
  { kind: 'environment', ...pipelines },
  {
    kind: 'request',
    accessToken: ['pullrequest'],
    apiToken: ['read:pullrequest:bitbucket', REPOSITORY],
    words: "depends on the path: Bitbucket's documents name the scope of each",
  },
];

/** The scopes, kind by kind. */
export function scopeTable(): string {
  const all = (scopes: readonly string[]): string => scopes.map(code).join(', ');
  return table(
    ['kind', 'access token', 'API token'],
    KIND_SCOPES.map(({ kind, accessToken, apiToken, words }) => [
      code(kind),
      words ?? all(accessToken),
      words === undefined ? all(apiToken) : `the same, and ${code(REPOSITORY)}`,
    ]),
  );
}

/** Who may read something of Data Center, as its documents say it. */
export type ServerPermission =
  'Repository read' | 'login' | 'licensed user' | 'licensed reader' | 'project view' | 'path';

const PERMISSION_WORDS: Readonly<Record<ServerPermission, string>> = {
  'project view': 'Project view, for each project; it comes with Project read',
  'Repository read': 'Repository read, or Project read for all of a project',
  'licensed reader': 'the same, of a user who counts for the licence (Bitbucket User)',
  login: 'any login of a user',
  path: 'depends on the path; hooks, restrictions and permissions mostly take Repository admin',
  'licensed user': 'a user who counts for the licence (Bitbucket User)',
};

/** What reading a kind of Data Center takes: it follows from where its listing is. */
export function permissionOf(
  { name, scope, perBranch }: ServerKind,
  [first = '']: readonly string[],
): ServerPermission {
  if (perBranch !== null) return 'licensed reader';
  if (name === 'request') return 'path';
  if (scope === 'repository' || first === 'repos') return 'Repository read';
  if (first === 'admin') return 'licensed user';
  if (first === 'projects') return 'project view';
  if (first === 'users') return 'login';
  throw new Error(`docs/permissions.md does not know who may read the kind ${name}`);
}

/** The permissions, kind by kind, and by where else a selector has a kind read. */
export function permissionTable(): string {
  const asked = { since: null, mentions: () => false };
  const rows = serverKinds.flatMap((kind) => {
    const paths = new Map([[code(kind.name), kind.path]]);
    const { path } = kind.wanted(kind.name === 'user' ? { source: 'admin' } : {}, asked);
    if (path !== kind.path) paths.set(`${code(kind.name)} of ${code('source: admin')}`, path);
    return [...paths].map(([row, from]) => [row, PERMISSION_WORDS[permissionOf(kind, from)]]);
  });
  return table(['kind', 'permission in Bitbucket'], rows);
}
