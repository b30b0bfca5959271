/** What is to be covered, or was: statements, functions and the ways of branches, by number. */
export interface Coverage {
  readonly s: Readonly<Record<string, number>>;
  readonly f: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

export interface Counting {
  readonly code: string;
  readonly coverage: Coverage;
}

export function withMarks(text: string, source: string): Counting;
export function instrumented(text: string, source: string): Counting;
export function counted(coverage: Coverage, marks: ArrayLike<number>): Coverage;
