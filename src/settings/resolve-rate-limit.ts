import { bitbucketSettings } from './declarations/bitbucket.js';
import type { SettingReader } from './reader.js';
import type { RateLimit } from './settings.js';

/** The limit that the user sets for either Bitbucket; null leaves it to Bitbucket's own. */
export function resolveRateLimit(reader: SettingReader): RateLimit | null {
  const requests = reader.read(bitbucketSettings.rateLimitQuota);
  const windowMilliseconds = reader.read(bitbucketSettings.rateLimitWindow);
  return requests === null ? null : { requests, windowMilliseconds };
}
