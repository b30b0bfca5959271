/** Requests in an hour; what is left out is as usual. */
export interface HourlyLimits {
  /** To everything below `/repositories`. */
  readonly repositories?: number;
  /** For the bytes of files. */
  readonly files?: number;
}

/** What a repository is to somebody, from least to most. */
export type Role = 'member' | 'contributor' | 'admin' | 'owner';

interface Limited {
  readonly limits?: HourlyLimits;
}

/** Access tokens come as Bearer and are nobody's. Scopes in either spelling. */
interface AccessToken extends Limited {
  readonly token: string;
  readonly scopes: readonly string[];
  /** Refused with 401 from then on. */
  readonly expired?: boolean;
}

export type Credential =
  | ({ readonly type: 'workspace-token' } & AccessToken)
  | ({ readonly type: 'project-token'; readonly project: string } & AccessToken)
  /** `repository`: its slug in the workspace. */
  | ({ readonly type: 'repository-token'; readonly repository: string } & AccessToken)
  | ({
      /** Comes as Basic, with the e-mail address of the account; shares the limits of its user. */
      readonly type: 'api-token';
      readonly email: string;
      /** What the account is to a repository by slug; null hides it. Without it, `admin`. */
      readonly role?: (slug: string) => Role | null;
    } & AccessToken)
  | ({
      readonly type: 'app-password';
      readonly username: string;
      readonly password: string;
      /** As long as Bitbucket took them. By default they are refused, as today. */
      readonly accepted?: boolean;
    } & Limited);

/** The scopes that an exporter needs, as access tokens spell them. */
export const readScopes = ['account', 'project', 'repository', 'pullrequest', 'pipeline'] as const;

/** The same, as API tokens spell them. */
export const readPermissions = [
  'read:user:bitbucket',
  'read:workspace:bitbucket',
  'read:project:bitbucket',
  'read:repository:bitbucket',
  'read:pullrequest:bitbucket',
  'read:pipeline:bitbucket',
] as const;

/** What managing webhooks needs in addition, as API tokens spell it; access tokens say `webhook`. */
export const hookPermissions = [
  'read:webhook:bitbucket',
  'write:webhook:bitbucket',
  'delete:webhook:bitbucket',
] as const;
