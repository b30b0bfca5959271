import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a person reads first, and where it leads. */
export const README = 'README.md';

/** All pages of `docs/`, relative to the project. */
export const pages: readonly string[] = readdirSync(path.join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => `docs/${name}`);

/** Every document that tells people something. */
export const documents: readonly string[] = [README, 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages];

/** The text of a document. */
export function textOf(document: string): string {
  return readFileSync(path.join(root, document), 'utf8');
}

/** A block of code in a document. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** Blocks of code, in order; those in lists without their indentation. */
export function codeBlocks(text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gmsu)].map(
    ([, indent = '', language = '', code = '']): CodeBlock => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gmu'), ''),
    }),
  );
}

/** Code of one language, in order. */
export function codeIn(text: string, language: string): readonly string[] {
  return codeBlocks(text)
    .filter((block) => block.language === language)
    .map(({ code }) => code);
}

/** Command lines of ours in a shell text: what follows the name, with broken lines joined. */
export function commandLines(shell: string): readonly string[] {
  const joined = shell.replace(/\\\n\s*/gu, '');
  return [...joined.matchAll(/\bbitbucket-port(?:@[\d.]+)? ([a-z][^\n|>&#]*)/gu)].map(
    ([, line = '']) => line.trim(),
  );
}
