import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { counted, instrumented, withMarks, type Coverage } from './marks.js';

const SOURCE = `
const twice = (value = 1) => value * 2;
function unused() {
  return 'nothing';
}
class Range {
  from = twice();
  static of(list) {
    return list?.length ?? unused();
  }
}
for (const each of [1, 2]) {
  if (each > 5) twice(each);
  else if (each === 2 || Range.of([]) === 1) twice(each && 3);
  switch (each) {
    case 1:
      new Range();
      break;
    case 3:
      unused();
  }
}
try {
  null.fails;
} catch {
  twice(twice.name ? 1 : 2);
}
`;

interface Surroundings {
  readonly __coverage__?: Readonly<Record<string, Coverage>>;
  readonly __marks__?: Readonly<Record<string, () => readonly number[]>>;
}

describe('marks', () => {
  const run = (code: string): Surroundings => {
    const surroundings: Surroundings = {};
    runInContext(code, createContext(surroundings));
    return surroundings;
  };

  it('cover what counters of Istanbul cover', () => {
    const { s, f, b } = run(instrumented(SOURCE, 'a.ts').code).__coverage__!['a.ts']!;
    const once = (count: number): number => Math.min(count, 1);
    const each = (counts: Coverage['s']): Coverage['s'] =>
      Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, once(count)]));

    const { code, coverage } = withMarks(SOURCE, 'a.ts');
    const covered = counted(coverage, run(code).__marks__!['a.ts']!());
    expect(covered.s).toEqual(each(s));
    expect(covered.f).toEqual(each(f));
    expect(Object.values(covered.b)).toEqual(Object.values(b).map((ways) => ways.map(once)));
    const all = [covered.s, covered.f, ...Object.values(covered.b)].flatMap(Object.values<number>);
    expect(new Set(all)).toEqual(new Set([0, 1]));
  });

  it('leave every place in a source where it was', () => {
    const counting = instrumented(SOURCE, 'a.ts').code.split('\n');
    const marking = withMarks(SOURCE, 'a.ts').code.split('\n');
    const placeOf = (lines: readonly string[]): readonly number[] => {
      const row = lines.findIndex((line) => line.includes("'nothing'"));
      return [row, lines[row]!.indexOf("'nothing'")];
    };
    expect(placeOf(marking)).toEqual(placeOf(counting));
    expect(marking).toHaveLength(counting.length);
  });
});
