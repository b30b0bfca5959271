import { endOfInterpolation, jqTokens, type JqToken } from './jq-tokens.js';

const NUMBER = /^\.?\d/u;

/**
 * The program without numbers that jq could compute with while it compiles. jq 1.7 makes a text of
 * 100 MB of `"x" * 1e8` before it has seen an item: jq-web would do so for each group of items, and
 * time out on all of them. So computed, the item alone fails on which the expression is run.
 */
export function unfolded(program: string): string {
  return program.includes('*') && program.includes('"') ? withVariables(program) : program;
}

function withVariables(program: string): string {
  let at = 0;
  const pieces = jqTokens(program).map((token) => {
    const before = program.slice(at, token.start);
    at = token.end;
    return before + rewritten(token);
  });
  return pieces.join('') + program.slice(at);
}

function rewritten({ text }: JqToken): string {
  if (text.startsWith('"')) return withInterpolations(text);
  // A variable has no value before the program runs.
  return NUMBER.test(text) ? `(${text} as $number | $number)` : text;
}

function withInterpolations(text: string): string {
  let written = '';
  let at = 0;
  while (at < text.length) {
    if (!text.startsWith('\\', at)) {
      written += text[at] ?? '';
      at += 1;
    } else if (text[at + 1] === '(') {
      const end = endOfInterpolation(text, at + 2);
      written += `\\(${withVariables(text.slice(at + 2, end - 1))})`;
      at = end;
    } else {
      written += text.slice(at, at + 2);
      at += 2;
    }
  }
  return written;
}
