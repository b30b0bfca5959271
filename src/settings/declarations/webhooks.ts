import { integrationKeys, setting, wholeSecret } from '../declaration.js';
import { password, truth } from '../values.js';

const secretKeys = integrationKeys('bitbucketWebhookSecret', 'secrets');
const versionKeys = integrationKeys('bitbucketIsVersion8Point7OrOlder', 'config');

/** What `webhooks` needs besides. The container has it for its live events. */
export const webhookSettings = {
  secret: setting({
    ...secretKeys,
    description:
      'What Bitbucket signs its events with, of 16 characters at least. Only webhooks uses it.',
    variables: ['BITBUCKET_WEBHOOK_SECRET', 'WEBHOOK_SECRET'],
    keys: [
      ...secretKeys.keys,
      'integration.secrets.webhookSecret',
      'integration.config.webhookSecret',
    ],
    pastedKeys: [
      ...secretKeys.pastedKeys,
      'config.webhookSecret',
      'bitbucketWebhookSecret',
      'webhookSecret',
    ],
    schema: password,
    default: null,
    secret: wholeSecret,
  }),

  isVersion87OrOlder: setting({
    ...versionKeys,
    description:
      'Whether Bitbucket Data Center is 8.7 or older, which has no webhooks of projects. Only webhooks uses it.',
    variables: ['BITBUCKET_IS_VERSION_8_POINT_7_OR_OLDER', 'IS_VERSION_8_7_OR_OLDER'],
    pastedKeys: [...versionKeys.pastedKeys, 'isVersion87OrOlder'],
    // Files of the container hold a placeholder here, which counts as unset.
    schema: truth.meta({ enum: undefined }),
    default: null,
    defaultWords: "the server's own version tells",
  }),
};
