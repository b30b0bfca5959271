/** A token of JSON (RFC 8259), after white space. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])))/uy;

/** What may stand next. */
type Expectation =
  'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

const CLOSING = { '{': '}', '[': ']' } as const;

/**
 * Where a text stops being one JSON value: an offset into it. `JSON.parse` tells it in some versions
 * of Node.js only, and quotes the text, which may hold a secret. Null when the text is JSON.
 */
export function whereJsonBreaks(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start: number = startOfNext(text, TOKEN.lastIndex);
    if (start === text.length) return expected === 'nothing' ? null : start;
    const match = TOKEN.exec(text);
    if (match === null) return start;
    const [, sign, quoted] = match;
    const inside = open.at(-1);
    const next = after({ sign, isText: quoted !== undefined, expected, inside });
    if (next === null) return start;
    if (sign === '{' || sign === '[') open.push(sign);
    if (sign === '}' || sign === ']') open.pop();
    const isClosed: boolean = open.length === 0 && next === 'comma or end';
    expected = isClosed ? 'nothing' : next;
  }
}

/** What may follow a token; null when it must not stand here. */
function after({
  sign,
  isText,
  expected,
  inside,
}: {
  readonly sign: string | undefined;
  readonly isText: boolean;
  readonly expected: Expectation;
  readonly inside: '{' | '[' | undefined;
}): Expectation | null {
  const isValue = expected === 'value' || expected === 'value or end';
  if (sign === undefined) {
    if (isText && (expected === 'key' || expected === 'key or end')) return 'colon';
    return isValue ? 'comma or end' : null;
  }
  switch (sign) {
    case '{':
      return isValue ? 'key or end' : null;
    case '[':
      return isValue ? 'value or end' : null;
    case '}':
    case ']':
      return inside !== undefined && CLOSING[inside] === sign && expected.endsWith('or end')
        ? 'comma or end'
        : null;
    case ',':
      if (expected !== 'comma or end') return null;
      return inside === '{' ? 'key' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : null;
    default:
      return null;
  }
}

function startOfNext(text: string, from: number): number {
  const blank = /[ \t\r\n]*/uy;
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

/** `line 3, column 7` of an offset; both count from 1. */
export function placeInText(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
