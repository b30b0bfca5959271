import { hash } from 'node:crypto';

/** Bytes that a fingerprint is made of: a number holds no more exactly. */
const BYTES = 6;

/**
 * A short stand-in for a text, so that a catalog of 100,000 entities is remembered in a few
 * megabytes. Equal texts give equal fingerprints. An entity is compared with itself alone: that a
 * change is overlooked has a chance of one in 10^14.
 */
export function fingerprint(text: string): number {
  const digest = hash('sha256', text, 'binary');
  let number = 0;
  for (let index = 0; index < BYTES; index += 1) number = number * 256 + digest.charCodeAt(index);
  return number;
}
