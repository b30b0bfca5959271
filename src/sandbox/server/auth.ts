import type { Project, Repository } from '../company/company.js';
import { ApiError } from './api-error.js';

/** Who may come in. With neither, nobody may. */
export interface AccessOptions {
  readonly credentials?: { readonly username: string; readonly password: string };
  /** An HTTP access token: accepted as Bearer only. */
  readonly token?: string;
  /** A token of one project, as Bearer. It is nobody's: no answer names a user. */
  readonly projectToken?: { readonly token: string; readonly project: string };
  /** What the user may see; by default everything. Asked for each request: rights come and go. */
  readonly sees?: (repository: Repository) => boolean;
  /** Whether everybody may see what is public, those with a dead token among them. */
  readonly publicAccess?: boolean;
  /** Wrong passwords after which every login needs a CAPTCHA; without it, never. */
  readonly captchaAfter?: number;
  /** The status of such an answer; 403 by default. */
  readonly captchaStatus?: 401 | 403;
}

/** Who a request comes from. */
export interface Caller {
  /** The name of the user; null for nobody, and for a token that is nobody's. */
  readonly username: string | null;
  /** Whether the server knows them at all. */
  readonly isKnown: boolean;
  /** Null: everything. */
  readonly sees: View | null;
}

/** What somebody may see. A project is seen with any of its repositories. */
export interface View {
  repository(repository: Repository): boolean;
  emptyProject(project: Project): boolean;
}

/** Decides who a request comes from. */
export interface Guard {
  /** @throws ApiError for credentials that are wrong */
  identify(authorization: string | undefined): Caller;
  /** Forgets wrong passwords. */
  reset(): void;
}

/** What the owner of a token is called when there is no account beside it. */
const tokenOwner = 'access-token';

/** Sees what is public, where that is for everybody. */
const nobody: Caller = {
  username: null,
  isKnown: false,
  sees: {
    repository: (repository) => repository.public,
    emptyProject: (project) => project.public,
  },
};

/** A guard that counts wrong passwords. `url`: the server's own, for the login link. */
export function guard(options: AccessOptions, url: () => string): Guard {
  const { credentials, token, projectToken, publicAccess = false } = options;
  const { captchaAfter = Infinity, captchaStatus = 403 } = options;
  let failures = 0;
  const known = (username: string): Caller => ({
    username,
    isKnown: true,
    sees:
      options.sees === undefined ? null : { repository: options.sees, emptyProject: () => true },
  });

  const checkPassword = (encoded: string): string => {
    if (failures >= captchaAfter) throw captchaRequired(captchaStatus, url());
    const given = Buffer.from(encoded, 'base64').toString('utf8');
    if (credentials !== undefined && given === `${credentials.username}:${credentials.password}`) {
      failures = 0;
      return credentials.username;
    }
    failures += 1;
    throw authenticationFailed();
  };

  return {
    identify: (authorization) => {
      if (authorization === undefined) return nobody;
      const [, scheme, value] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
      if (scheme?.toLowerCase() === 'basic' && value !== undefined) {
        return known(checkPassword(value));
      }
      const bearer = scheme?.toLowerCase() === 'bearer' ? value : undefined;
      if (bearer !== undefined && bearer === token) {
        return known(credentials?.username ?? tokenOwner);
      }
      if (bearer !== undefined && bearer === projectToken?.token) {
        const { project } = projectToken;
        const sees: View = {
          repository: (each) => each.project === project,
          emptyProject: ({ key }) => key === project,
        };
        return { username: null, isKnown: true, sees };
      }
      if (bearer !== undefined && publicAccess) return nobody;
      throw authenticationFailed();
    },
    reset: () => {
      failures = 0;
    },
  };
}

/** An anonymous request to what is not for everybody. */
export function notPermitted(): ApiError {
  return new ApiError(
    401,
    'You are not permitted to access this resource',
    'com.atlassian.bitbucket.AuthorisationException',
  );
}

function authenticationFailed(): ApiError {
  return new ApiError(
    401,
    'Authentication failed. Please check your credentials and try again.',
    'com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException',
  );
}

function captchaRequired(status: 401 | 403, url: string): ApiError {
  return new ApiError(
    status,
    'CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA to be solved.',
    'com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException',
    {
      headers: {
        'x-authentication-denied-reason': `CAPTCHA_CHALLENGE; login-url=${url}/login`,
      },
    },
  );
}
