import { CloudError } from './cloud-error.js';

/** What a route asks of a credential. */
export type Permission =
  | 'repository'
  | 'administration'
  | 'pullrequest'
  | 'pipeline'
  | 'project'
  | 'user'
  | 'workspaces'
  | 'workspace'
  | 'webhook'
  | 'webhook:write'
  | 'webhook:delete';

/** A permission as API tokens and as access tokens spell it; null: any access token has it. */
interface Spelling {
  readonly granular: string;
  readonly classic: string | null;
}

const spellings: Readonly<Record<Permission, Spelling>> = {
  repository: { granular: 'read:repository:bitbucket', classic: 'repository' },
  administration: { granular: 'admin:repository:bitbucket', classic: 'repository:admin' },
  pullrequest: { granular: 'read:pullrequest:bitbucket', classic: 'pullrequest' },
  pipeline: { granular: 'read:pipeline:bitbucket', classic: 'pipeline' },
  project: { granular: 'read:project:bitbucket', classic: 'project' },
  user: { granular: 'read:user:bitbucket', classic: 'account' },
  workspaces: { granular: 'read:workspace:bitbucket', classic: 'account' },
  workspace: { granular: 'read:workspace:bitbucket', classic: null },
  webhook: { granular: 'read:webhook:bitbucket', classic: 'webhook' },
  'webhook:write': { granular: 'write:webhook:bitbucket', classic: 'webhook' },
  'webhook:delete': { granular: 'delete:webhook:bitbucket', classic: 'webhook' },
};

/** Classic scopes that bring others along. Granular ones never do, not even write the read. */
const implied: Readonly<Record<string, readonly string[]>> = {
  'repository:write': ['repository'],
  pullrequest: ['repository'],
  'pullrequest:write': ['pullrequest', 'repository:write'],
  project: ['repository'],
  'account:write': ['account'],
};

/** The scope that would do, in the spelling of the credential. */
export function acceptedScope(permission: Permission, isClassic: boolean): string {
  const { granular, classic } = spellings[permission];
  return isClassic ? (classic ?? '') : granular;
}

/** @throws CloudError 403 that names what is needed and what is there */
export function requireScope(
  permission: Permission,
  granted: readonly string[],
  isClassic: boolean,
): void {
  const { granular, classic } = spellings[permission];
  if (granted.includes(granular)) return;
  if (isClassic && (classic === null || withImplied(granted).has(classic))) return;
  throw new CloudError(403, 'Your credentials lack one or more required privilege scopes.', {
    detail: { required: [acceptedScope(permission, isClassic)], granted },
  });
}

function withImplied(granted: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (scope: string): void => {
    if (found.has(scope)) return;
    found.add(scope);
    for (const other of implied[scope] ?? []) add(other);
  };
  for (const scope of granted) add(scope);
  return found;
}
