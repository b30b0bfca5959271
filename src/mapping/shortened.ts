import { cutText } from '../model/text.js';

/** Characters of a jq message or value that a problem shows: it may quote a whole item. */
const LONGEST = 200;

/** The text, cut where it is long. */
export function shortened(text: string): string {
  return cutText(text, LONGEST);
}
