/** How Bitbucket Cloud is told who is asking. */
export type CloudCredentials =
  | {
      readonly scheme: 'basic';
      /** The e-mail address of the account, or with an app password its user name. */
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly scheme: 'bearer';
      /** Access tokens of the workspace, of projects or of repositories. */
      readonly tokens: readonly string[];
    };

/** What kind of credentials a run has, for messages. */
export interface CredentialFacts {
  readonly kind: 'access token' | 'API token' | 'app password';
  /** Variables that hold them. */
  readonly variables: readonly string[];
}

/** What an HTTP client asks for before each attempt. */
export type Authorization = () => Promise<{ readonly authorization: string }>;

/** One for each token, in the order in which they are used; a single one for a user. */
export function authorizationsOf(credentials: CloudCredentials): readonly Authorization[] {
  if (credentials.scheme === 'bearer') {
    return credentials.tokens.map((token) => constant(`Bearer ${token}`));
  }
  const pair = `${credentials.username}:${credentials.password}`;
  return [constant(`Basic ${Buffer.from(pair).toString('base64')}`)];
}

/** What is to be known about app passwords (Atlassian's deprecation notice), and what replaces them. */
export const appPasswordNotice =
  'Bitbucket Cloud removed app passwords on 2026-07-28: create an access token of the workspace ' +
  '(BITBUCKET_WORKSPACE_TOKEN), or an API token with scopes (BITBUCKET_USER_EMAIL and ' +
  'BITBUCKET_USER_SCOPED_TOKEN), that may read repositories, projects and pull requests';

function constant(authorization: string): Authorization {
  return () => Promise.resolve({ authorization });
}
