import type { Expression } from './mapping.js';

/** A step of a path: a key, or any member of a list. */
export type PathStep = { readonly key: string } | 'member';

/** The path that an expression begins with. */
export interface LeadingPath {
  readonly steps: readonly PathStep[];
  /** Whether nothing comes after it. */
  readonly isWhole: boolean;
}

/** `.key`, `.["key"]`, `["key"]`, `[0]`, `[]`, and a bar between two paths. */
const STEP =
  /\s*(?:\.([A-Za-z_]\w*)|\.?\["((?:[^"\\])*)"\]|\.?\[-?\d*\]|\|(?=\s*\.[A-Za-z_["]))\??/uy;

/** Parentheses, or the bracket of a list that is made of what a path leads to. */
const BEGINNING = /^(?:[\s(]|\[(?=[\s(]*\.))*/u;

/** Reads the path that an expression begins with; that of `(.a.b | .c) + "x"` is a, b, c. */
export function leadingPath(expression: Expression): LeadingPath {
  const steps: PathStep[] = [];
  STEP.lastIndex = BEGINNING.exec(expression)?.[0].length ?? 0;
  let end = STEP.lastIndex;
  for (let match = STEP.exec(expression); match !== null; match = STEP.exec(expression)) {
    end = STEP.lastIndex;
    const [text, name, quoted] = match;
    const key = name ?? quoted;
    if (key !== undefined) steps.push({ key });
    else if (text.includes('[')) steps.push('member');
  }
  return { steps, isWhole: /^[\s)\]]*$/u.test(expression.slice(end)) };
}
