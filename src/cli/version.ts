import { readFileSync } from 'node:fs';

/**
 * Our version, from the package that this file belongs to. Read without a schema library: loading
 * one would take longer than the rest of `--version`.
 */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string') return manifest.version;
  }
  throw new Error('package.json names no version');
}
