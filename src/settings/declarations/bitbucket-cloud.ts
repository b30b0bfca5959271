import { cloudAddress } from '../address.js';
import { integrationKeys, listedSecrets, setting, wholeSecret } from '../declaration.js';
import { password, ratio, token, tokens, userName, wholeNumber, workspace } from '../values.js';

/** Bitbucket Cloud. */
export const cloudSettings = {
  workspace: setting({
    ...integrationKeys('bitbucketWorkspace', 'config'),
    description: 'Workspace of Bitbucket Cloud.',
    variables: ['BITBUCKET_WORKSPACE'],
    schema: workspace,
    default: null,
  }),

  hostUrl: setting({
    ...integrationKeys('bitbucketHostUrl', 'config'),
    description: 'Address of the Bitbucket Cloud API.',
    variables: ['BITBUCKET_HOST_URL'],
    schema: cloudAddress,
    default: 'https://api.bitbucket.org/2.0',
  }),

  workspaceToken: setting({
    ...integrationKeys('bitbucketWorkspaceToken', 'secrets'),
    description: 'Workspace access token; several, separated by commas, take turns at rate limits.',
    variables: ['BITBUCKET_WORKSPACE_TOKEN'],
    schema: tokens,
    default: null,
    secret: listedSecrets,
  }),

  userEmail: setting({
    ...integrationKeys('bitbucketUserEmail', 'config'),
    description: "E-mail address of the Atlassian account, with that user's scoped token.",
    variables: ['BITBUCKET_USER_EMAIL'],
    schema: userName,
    default: null,
  }),

  userScopedToken: setting({
    ...integrationKeys('bitbucketUserScopedToken', 'secrets'),
    description: 'API token with scopes of the Atlassian account.',
    variables: ['BITBUCKET_USER_SCOPED_TOKEN'],
    schema: token,
    default: null,
    secret: wholeSecret,
  }),

  appPassword: setting({
    ...integrationKeys('bitbucketAppPassword', 'secrets'),
    description: 'App password of bitbucketUsername; Atlassian switched them off in July 2026.',
    variables: ['BITBUCKET_APP_PASSWORD'],
    schema: password,
    default: null,
    secret: wholeSecret,
  }),

  maxRequests: setting({
    name: 'sync.maxRequests',
    description:
      'Maximum number of requests to Bitbucket Cloud in this run. What they do not reach stays as it is.',
    flag: {
      name: '--max-requests',
      argument: '<number>',
      description: 'send at most this many requests to Bitbucket',
    },
    schema: wholeNumber(1, 1_000_000_000),
    default: null,
    defaultWords: 'no limit',
  }),

  requestReserve: setting({
    name: 'sync.requestReserve',
    description: "Share of Bitbucket Cloud's limits, 0 to 1, that is left to others who use them.",
    flag: {
      name: '--request-reserve',
      argument: '<share>',
      description: 'share of the rate limits to leave to others, 0 to 1',
    },
    schema: ratio,
    default: 0.1,
    defaultWords: '0.1',
  }),
};
