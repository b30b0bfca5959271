/** More differences than this make another word, not a typo. */
const LONGEST_DISTANCE = 3;

/** The candidate that `word` is probably a typo of. Upper and lower case are one. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(LONGEST_DISTANCE, Math.floor(word.length / 2));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Infinity))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** How many letters must be inserted, dropped, replaced or swapped with the next to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  let beforePrevious: readonly number[] = [];
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const dropped = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      const isSwapped = letter === to[column - 1] && other === from[row - 1];
      const swapped = isSwapped ? (beforePrevious[column - 1] ?? 0) + 1 : Infinity;
      current.push(Math.min(replaced, dropped, inserted, swapped));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
