import { createHash } from 'node:crypto';

/** Bytes of a fingerprint: two of 100 million texts are alike with a chance below 1e-14. */
const FINGERPRINT_BYTES = 12;

/**
 * A short stand-in for a text, so that a catalog of 100,000 entities is remembered in a few
 * megabytes. Equal texts give equal fingerprints.
 */
export function fingerprint(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest()
    .subarray(0, FINGERPRINT_BYTES)
    .toString('base64');
}
