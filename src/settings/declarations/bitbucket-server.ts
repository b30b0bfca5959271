import { serverAddress } from '../address.js';
import { integrationKeys, setting, wholeSecret } from '../declaration.js';
import { oneOf, password, someNames, token } from '../values.js';

/** Bitbucket Data Center and Server. */
export const serverSettings = {
  baseUrl: setting({
    ...integrationKeys('bitbucketBaseUrl', 'config'),
    description: 'Address of Bitbucket Data Center or Server, context path included.',
    variables: ['BITBUCKET_BASE_URL', 'BITBUCKET_HOST'],
    schema: serverAddress,
    default: null,
  }),

  password: setting({
    ...integrationKeys('bitbucketPassword', 'secrets'),
    description: 'Password of the Bitbucket Data Center user.',
    variables: ['BITBUCKET_PASSWORD'],
    schema: password,
    default: null,
    secret: wholeSecret,
  }),

  token: setting({
    ...integrationKeys('bitbucketToken', 'secrets'),
    description: 'HTTP access token of Bitbucket Data Center, instead of user name and password.',
    variables: ['BITBUCKET_TOKEN'],
    schema: token,
    default: null,
    secret: wholeSecret,
  }),

  projects: setting({
    name: 'projects',
    description: 'Reads only these projects in this run, and deletes nothing in what they feed.',
    flag: {
      name: '--projects',
      argument: '<keys>',
      description: 'read only these projects, such as PAY,WEB',
    },
    variables: ['BITBUCKET_PROJECTS_FILTER'],
    keys: [],
    schema: someNames,
    default: null,
    defaultWords: 'as the mapping selects',
  }),

  pullRequestState: setting({
    name: 'pullRequestState',
    description:
      'Reads only pull requests of this state in this run: ALL, OPEN, MERGED or DECLINED.',
    flag: {
      name: '--pull-request-state',
      argument: '<state>',
      description: 'ALL, OPEN, MERGED or DECLINED pull requests',
    },
    variables: ['PULL_REQUEST_STATE'],
    keys: [],
    schema: oneOf(['ALL', 'OPEN', 'MERGED', 'DECLINED']),
    default: null,
    defaultWords: 'as the mapping selects',
  }),
};
