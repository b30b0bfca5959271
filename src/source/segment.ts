/** A segment of a path in a URL. Half a character, which URLs have no place for, becomes U+FFFD. */
export function encodedSegment(segment: string): string {
  return encodeURIComponent(Buffer.from(segment).toString());
}

/** Whether a text can be a segment of an address: dots alone lead elsewhere. */
export function isSegment(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== '' && !/^\.{1,2}$/u.test(text);
}
