import { integrationKeys, setting } from '../declaration.js';
import { duration, oneOf, userName, wholeNumber } from '../values.js';

/** What both Bitbuckets have in common. */
export const bitbucketSettings = {
  type: setting({
    name: 'integration.type',
    description: 'Which Bitbucket is read: bitbucket-server (Data Center) or bitbucket-cloud.',
    flag: {
      name: '--type',
      argument: '<type>',
      description: 'bitbucket-server (Data Center) or bitbucket-cloud',
    },
    variables: ['BITBUCKET_TYPE'],
    pastedKeys: ['type'],
    schema: oneOf(['bitbucket-server', 'bitbucket-cloud'], {
      server: 'bitbucket-server',
      'data-center': 'bitbucket-server',
      cloud: 'bitbucket-cloud',
    }),
    default: null,
    defaultWords: 'a base URL means bitbucket-server, a workspace bitbucket-cloud',
  }),

  username: setting({
    ...integrationKeys('bitbucketUsername', 'config'),
    description: 'User name, with a password (Data Center) or an app password (Cloud).',
    variables: ['BITBUCKET_USERNAME'],
    schema: userName,
    default: null,
  }),

  rateLimitQuota: setting({
    ...integrationKeys('bitbucketRateLimitQuota', 'config'),
    description: 'Maximum number of requests to Bitbucket within bitbucketRateLimitWindow.',
    variables: ['BITBUCKET_RATE_LIMIT_QUOTA'],
    schema: wholeNumber(1, 1_000_000),
    default: null,
    defaultWords: "none: the server's own limits are obeyed",
  }),

  rateLimitWindow: setting({
    ...integrationKeys('bitbucketRateLimitWindow', 'config'),
    description: 'The time window of bitbucketRateLimitQuota.',
    variables: ['BITBUCKET_RATE_LIMIT_WINDOW'],
    schema: duration,
    default: 3_600_000,
    defaultWords: '1h',
  }),
};
