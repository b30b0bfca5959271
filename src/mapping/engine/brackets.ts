const closingOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * An expression as a term of a larger program. The line feeds end a comment that the expression may
 * close with: two, because jq 1.7.1 and newer continue a comment after a backslash.
 */
export function enclose(expression: string): string {
  return `(${expression}\n\n)`;
}

/**
 * Whether each bracket of `expression` is closed within it, so that `enclose` really encloses it:
 * `.a) , (.b` compiles in parentheses and is no expression. Text that only some versions of jq read
 * as a comment has to balance either way.
 */
export function isBalanced(expression: string): boolean {
  return balances(expression, /#[^\n]*/y) && balances(expression, /#(?:\\(?:\\|\r?\n)|[^\n])*/y);
}

function balances(expression: string, comment: RegExp): boolean {
  const open: string[] = [];
  let at = 0;
  while (at < expression.length) {
    const inString = open.at(-1) === '"';
    const length = inString
      ? stepInString(expression, at, open)
      : stepInCode(expression, at, open, comment);
    if (length === 0) return false;
    at += length;
  }
  return open.length === 0;
}

/** Reads on inside a string literal; answers how many characters. */
function stepInString(expression: string, at: number, open: string[]): number {
  if (expression[at] === '"') {
    open.pop();
    return 1;
  }
  if (expression[at] !== '\\') return 1;
  if (expression[at + 1] === '(') open.push(')');
  return 2;
}

/** Reads on outside strings; answers how many characters, 0 at a bracket that nothing opened. */
function stepInCode(expression: string, at: number, open: string[], comment: RegExp): number {
  const character = expression[at] ?? '';
  if (character === '#') {
    comment.lastIndex = at;
    return comment.exec(expression)?.[0].length ?? 1;
  }
  if (character === '"') open.push('"');
  const closing = closingOf[character];
  if (closing !== undefined) open.push(closing);
  if (character !== ')' && character !== ']' && character !== '}') return 1;
  return open.pop() === character ? 1 : 0;
}
