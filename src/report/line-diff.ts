/** A line of two texts: in both, only in the first (`-`), or only in the second (`+`). */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Equal lines that are shown before and after a difference. */
const CONTEXT = 3;

/** How two texts differ, with as many lines in common as there can be. */
export function diffLines(old: readonly string[], next: readonly string[]): readonly DiffLine[] {
  const start = equalAtStart(old, next);
  const end = equalAtEnd(old.slice(start), next.slice(start));
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ sign: ' ', text }));
  return [
    ...same(old.slice(0, start)),
    ...between(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    ...same(old.slice(old.length - end)),
  ];
}

/** The differences with some lines around them; `null` stands for lines that are left out. */
export function withContext(lines: readonly DiffLine[]): readonly (DiffLine | null)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  return lines.flatMap((line, index): (DiffLine | null)[] => {
    if (isNear[index] === true) return [line];
    return index === 0 || isNear[index - 1] === true ? [null] : [];
  });
}

function equalAtStart(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
}

function equalAtEnd(one: readonly string[], other: readonly string[]): number {
  return equalAtStart([...one].reverse(), [...other].reverse());
}

/** By the longest common subsequence. */
function between(old: readonly string[], next: readonly string[]): readonly DiffLine[] {
  const lengths = commonLengths(old, next);
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < next.length) {
    const [gone, come] = [old[row], next[column]];
    if (gone !== undefined && gone === come) {
      lines.push({ sign: ' ', text: gone });
      row += 1;
      column += 1;
    } else if (
      gone !== undefined &&
      (come === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ sign: '-', text: gone });
      row += 1;
    } else {
      lines.push({ sign: '+', text: come ?? '' });
      column += 1;
    }
  }
  return lines;
}

/** For each pair of places, how many lines the rests behind them have in common. */
function commonLengths(old: readonly string[], next: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(next.length + 1));
  for (let row = old.length - 1; row >= 0; row -= 1) {
    const [current, below] = [lengths[row], lengths[row + 1]];
    if (current === undefined || below === undefined) continue;
    for (let column = next.length - 1; column >= 0; column -= 1) {
      current[column] =
        old[row] === next[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, current[column + 1] ?? 0);
    }
  }
  return lengths;
}
