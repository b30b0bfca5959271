import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** The files of `src/` that a file imports, types included. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, 'src', file), 'utf8');
  const found = text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gu);
  return [...found].map(([, fixed, late]) =>
    path.posix.join(path.posix.dirname(file), fixed ?? late ?? '').replace(/\.js$/u, '.ts'),
  );
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The folder that a file is in; null: it stands beside the folders. */
function folderOf(file: string): string | null {
  return file.includes('/') ? (file.split('/')[0] ?? null) : null;
}

/** What the table in CONTRIBUTING.md says of each folder. */
function table(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)\/`[^|]*\|[^|]*\|([^|]*)\|$/gmu);
  return new Map(
    [...rows].map(([, folder = '', named = '']) => [
      folder,
      named
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ]),
  );
}

it('imports between folders what CONTRIBUTING.md says, and nothing else', () => {
  const actual = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const folder = folderOf(file);
    if (folder === null) continue;
    const named = actual.get(folder) ?? new Set();
    actual.set(folder, named);
    for (const target of targets.map(folderOf)) {
      if (target !== null && target !== folder) named.add(target);
    }
  }
  const everywhere = ['model', 'problems'];
  const found = [...actual].map(([folder, named]) => [
    folder,
    [...named].filter((name) => !everywhere.includes(name)).sort(),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(table()));
});

it('has no files that import each other in a circle', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(' > '));
    if (done.has(file) || above.includes(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...above, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});
