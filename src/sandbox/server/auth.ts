import { ApiError } from './api-error.js';

/** Who may come in. With neither, nobody may. */
export interface AccessOptions {
  readonly credentials?: { readonly username: string; readonly password: string };
  /** An HTTP access token: accepted as Bearer only. */
  readonly token?: string;
  /** Wrong passwords after which every login needs a CAPTCHA; without it, never. */
  readonly captchaAfter?: number;
  /** The status of such an answer; 403 by default. */
  readonly captchaStatus?: 401 | 403;
}

/** Decides who a request comes from. */
export interface Guard {
  /**
   * The name of the user; null for an anonymous request.
   * @throws ApiError for credentials that are wrong
   */
  identify(authorization: string | undefined): string | null;
  /** Forgets wrong passwords. */
  reset(): void;
}

/** What the owner of a token is called when there is no account beside it. */
const tokenOwner = 'access-token';

/** A guard that counts wrong passwords. `url`: the server's own, for the login link. */
export function guard(options: AccessOptions, url: () => string): Guard {
  const { credentials, token, captchaAfter = Infinity, captchaStatus = 403 } = options;
  let failures = 0;

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
      if (authorization === undefined) return null;
      const [, scheme, value] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
      if (scheme?.toLowerCase() === 'basic' && value !== undefined) return checkPassword(value);
      if (scheme?.toLowerCase() === 'bearer' && value !== undefined && value === token) {
        return credentials?.username ?? tokenOwner;
      }
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
