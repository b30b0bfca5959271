import type { Excerpt } from './places.js';

/** `mapping.yml:14:22`, as compilers write it and editors open it. */
export function place(origin: string, excerpt: Excerpt | undefined): string {
  const { line = null, column = null } = excerpt ?? {};
  return line === null || column === null ? origin : `${origin}:${line}:${column}`;
}

/** Where to correct what has no line that a user could go to. */
export function asKeptInPort(excerpt: Excerpt | undefined): string | null {
  return excerpt?.line === null ? 'Correct it in Port; the line is as kept there, in YAML' : null;
}

/** `service`, where `"service"` was meant: jq takes a bare word for a function. */
export function quotedText(expression: string): string | null {
  const word = expression.trim();
  if (!/^[A-Za-z][\w-]*$/u.test(word)) return null;
  if (/^(?:yes|on)$/iu.test(word)) return 'jq has true for it';
  if (/^(?:no|off)$/iu.test(word)) return 'jq has false for it';
  return `If it is a text, write '"${word}"'`;
}
