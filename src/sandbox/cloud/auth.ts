import { CloudError } from './cloud-error.js';
import type { Credential, HourlyLimits, Role } from './credential.js';
import { acceptedScope, requireScope, type Permission } from './scopes.js';
import type { HostedRepository } from './workspace.js';

/** Somebody whom the server knows. */
export interface Caller {
  /** Whose hours are counted. */
  readonly account: string;
  readonly limits: HourlyLimits;
  /** Access tokens are nobody's: no user, but headers about their limits. */
  readonly isAccessToken: boolean;
  /** The name that an API token or an app password logs in with. */
  readonly login?: string;
  /** What the repository is to them; null when they may not see it. */
  role(hosted: HostedRepository): Role | null;
  /** @throws CloudError 403 */
  require(permission: Permission): void;
  /** Headers that tell which scopes they have and which ones the route takes. */
  scopeHeaders(permission: Permission): Readonly<Record<string, string>>;
}

/** Who may come in. */
export interface Visitors {
  readonly credentials: readonly Credential[];
  /** Whether everybody may see what is public. */
  readonly publicAccess?: boolean;
}

/** Permissions of what is public. */
const publicPermissions: readonly Permission[] = ['repository', 'pullrequest', 'project'];

const nobody: Caller = {
  account: 'nobody',
  limits: {},
  isAccessToken: false,
  role: ({ repository }) => (repository.public ? 'member' : null),
  require: (permission) => {
    if (publicPermissions.includes(permission)) return;
    throw new CloudError(401, 'Authentication is required.');
  },
  scopeHeaders: () => ({}),
};

/**
 * Who sends a request with this `authorization` header.
 * @throws CloudError 401 without credentials, or for those that are wrong, expired or removed
 */
export function identify(
  { credentials, publicAccess = false }: Visitors,
  authorization: string | undefined,
): Caller {
  if (publicAccess && !credentials.some((each) => headerOf(each) === authorization)) return nobody;
  if (authorization === undefined) throw new CloudError(401, 'Authentication is required.');
  const credential = credentials.find((each) => headerOf(each) === authorization);
  if (credential?.type === 'app-password' && credential.accepted !== true) {
    throw new CloudError(401, 'App passwords were removed. Use an API token.');
  }
  if (credential === undefined || ('expired' in credential && credential.expired)) {
    throw new CloudError(401, 'Token is invalid, expired, or not supported for this endpoint.');
  }
  return callerOf(credential);
}

function headerOf(credential: Credential): string {
  switch (credential.type) {
    case 'api-token':
      return basic(credential.email, credential.token);
    case 'app-password':
      return basic(credential.username, credential.password);
    case 'workspace-token':
    case 'project-token':
    case 'repository-token':
      return `Bearer ${credential.token}`;
  }
}

function basic(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

function callerOf(credential: Credential): Caller {
  const isClassic = credential.type !== 'api-token';
  const granted =
    credential.type === 'app-password' ? ['account', 'project', 'pullrequest'] : credential.scopes;
  return {
    ...identityOf(credential),
    limits: credential.limits ?? {},
    role: (hosted) => roleOf(credential, hosted),
    require: (permission) => {
      requireScope(permission, granted, isClassic);
    },
    scopeHeaders: (permission) => ({
      'x-oauth-scopes': granted.join(', '),
      'x-accepted-oauth-scopes': acceptedScope(permission, isClassic),
    }),
  };
}

function identityOf(credential: Credential): Pick<Caller, 'account' | 'isAccessToken' | 'login'> {
  switch (credential.type) {
    case 'api-token':
      return { account: credential.email, isAccessToken: false, login: credential.email };
    case 'app-password':
      return { account: credential.username, isAccessToken: false, login: credential.username };
    case 'workspace-token':
    case 'project-token':
    case 'repository-token':
      return { account: credential.token, isAccessToken: true };
  }
}

function roleOf(credential: Credential, { project, slug }: HostedRepository): Role | null {
  switch (credential.type) {
    case 'api-token':
      return credential.role === undefined ? 'admin' : credential.role(slug);
    case 'project-token':
      return credential.project === project.key ? 'admin' : null;
    case 'repository-token':
      return credential.repository === slug ? 'admin' : null;
    case 'workspace-token':
    case 'app-password':
      return 'admin';
  }
}
