import { commitId } from '../company/identifiers.js';

/** A UUID made of a text, in the braces that Bitbucket Cloud puts around all of them. */
export function uuidOf(text: string): string {
  const digits = commitId(text);
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    // Version 5: made of a name. The digit after it tells the variant.
    `5${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return `{${groups.join('-')}}`;
}

/** Digits of a commit's hash in a pull request; elsewhere Bitbucket Cloud shows all 40. */
const shownDigits = 12;

/** The shortened hash that stands in pull requests. */
export function shortHash(hash: string): string {
  return hash.slice(0, shownDigits);
}

/** RFC 3339 with microseconds and `+00:00`, as Bitbucket Cloud writes every date. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000+00:00');
}
