import { integrationKeys, setting } from '../declaration.js';
import { oneOf, userName } from '../values.js';

/** What both Bitbuckets have in common. */
export const bitbucketSettings = {
  type: setting<'bitbucket-server' | 'bitbucket-cloud' | null>({
    name: 'integration.type',
    description: 'Which Bitbucket is read: bitbucket-server (Data Center) or bitbucket-cloud.',
    variables: ['BITBUCKET_TYPE'],
    pastedKeys: ['type'],
    schema: oneOf(['bitbucket-server', 'bitbucket-cloud']),
    default: null,
    defaultWords: 'a base URL means bitbucket-server, a workspace bitbucket-cloud',
  }),

  username: setting<string | null>({
    ...integrationKeys('bitbucketUsername', 'config'),
    description: 'User name, with a password (Data Center) or an app password (Cloud).',
    variables: ['BITBUCKET_USERNAME'],
    schema: userName,
    default: null,
  }),
};
