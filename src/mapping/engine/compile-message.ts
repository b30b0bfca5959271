/**
 * jq's complaints without what only makes sense at its command line: the prefix, the hint about
 * shell quoting, the place (a line of the program that we wrapped), the excerpt, the count.
 * @param stderr what jq wrote, of any version from 1.6
 */
export function cleanMessage(stderr: string): string {
  const complaints = stderr.split('\n').flatMap((line) => {
    const complaint = /^(?:jq: )?(?:error(?: \(at [^)]*\))?: |(?=parse error: ))(.+)$/.exec(
      line,
    )?.[1];
    return complaint === undefined ? [] : [withoutPlace(complaint)];
  });
  return complaints.length > 0 ? [...new Set(complaints)].join('; ') : stderr.trim();
}

function withoutPlace(complaint: string): string {
  return complaint
    .replace(/ at <top-level>(?:, line \d+)?(?:, column \d+)?:?\s*$/, '')
    .replace(/ \((?:Unix|Windows cmd) shell quoting issues\?\)/, '')
    .trim();
}
