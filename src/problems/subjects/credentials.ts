import type { WithRequest } from '../../model/request-facts.js';
import { SIDE_NAMES, withRequest } from '../phrases.js';
import type { Side } from '../file-location.js';
import { refused, warning, type WordsFor } from '../severity.js';

/** What a server refuses, or grants less of than a run needs. */
export interface CredentialProblems {
  /** The credentials themselves are refused (401, or a login page). */
  'credentials-refused': {
    readonly side: Side;
    readonly variables: readonly string[];
    readonly origin: string;
    readonly reason: string;
    /** What looks wrong about a value. */
    readonly look?: string;
  };
  /** One of several tokens was refused in the middle of the run, which goes on with the others. */
  'token-refused': {
    /** From 1, in the order of the list. */
    readonly position: number;
    readonly count: number;
    readonly reason: string;
  };
  /** An app password is set, and nothing better. `spelling`: where. */
  'app-password-removed': { readonly spelling: string };
  /** The account is locked until a person solves a CAPTCHA. */
  'captcha-required': { readonly origin: string; readonly reason: string };
  /** The credentials are good, but not for this. */
  'permission-refused': {
    readonly side: Side;
    readonly subject: string;
    readonly reason: string;
  } & WithRequest;
  /** Port says so of the organization that the credentials belong to. */
  'organization-blocked': { readonly port: string };
}

/** Each of them in words. */
export const credentialWords: WordsFor<CredentialProblems> = {
  'credentials-refused': ({ side, variables, origin, reason, look }) =>
    refused(
      `${SIDE_NAMES[side]} at ${origin} refused ${variables.join(' and ')}: ${reason}`,
      look ??
        (variables.length > 1
          ? 'One of them is wrong, expired or revoked'
          : 'It is wrong, expired or revoked'),
    ),
  'token-refused': ({ position, count, reason }) =>
    warning(
      `Bitbucket refused token ${position} of ${count}; the run went on without it: ${reason}`,
      'Replace it in BITBUCKET_WORKSPACE_TOKEN',
    ),
  'app-password-removed': ({ spelling }) =>
    warning(
      `${spelling} is an app password, which Bitbucket Cloud no longer accepts since 2026-07-28`,
      'Create an access token of the workspace (BITBUCKET_WORKSPACE_TOKEN), or an API token with scopes (BITBUCKET_USER_EMAIL and BITBUCKET_USER_SCOPED_TOKEN)',
    ),
  'captcha-required': ({ origin, reason }) =>
    refused(
      `Bitbucket at ${origin} asks for a CAPTCHA: ${reason}`,
      'Log in to Bitbucket once in a browser with this account, then set the right BITBUCKET_PASSWORD; or use an HTTP access token (BITBUCKET_TOKEN)',
    ),
  'permission-refused': ({ side, subject, reason, request }) =>
    refused(
      `${SIDE_NAMES[side]} does not let these credentials ${(request?.method ?? 'GET') === 'GET' ? 'read' : 'write'} ${subject}: ${withRequest(reason, request)}`,
      side === 'port'
        ? 'Use credentials of an account that may read and write the catalog'
        : 'Give the account or token read permission on it',
    ),
  'organization-blocked': ({ port }) =>
    warning(
      `Port at ${port} has blocked the organization of these credentials`,
      'Ask an administrator of the organization, or the support of Port: it may refuse what is loaded',
    ),
};
