import { readFileSync } from 'node:fs';

let version: string | undefined;

/** Our version, from the package that this file belongs to. */
export function ownVersion(): string {
  return (version ??= readVersion());
}

/** Without a schema library: loading one would take longer than the rest of `--version`. */
function readVersion(): string {
  const text = readFileSync(ownFile('package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version;
  }
  throw new Error('package.json names no version');
}

/**
 * A file that this package ships. Its root is two folders up from here: from `src/cli`, and from
 * `dist/bundle`, where this source ends up.
 */
export function ownFile(name: string): URL {
  return new URL(`../../${name}`, import.meta.url);
}
