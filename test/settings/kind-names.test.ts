import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KIND_NAMES } from '../../src/settings/kind-names.js';

const root = path.resolve(import.meta.dirname, '../../src');

/** What a module loads, itself included: paths below `src`, and names of packages. */
function loaded(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(path.join(root, file), 'utf8');
  for (const [, name = ''] of text.matchAll(
    /^(?:import|export) (?!type\b)[^;]*?from '([^']+)'/gmsu,
  )) {
    if (!name.startsWith('.')) known.add(name);
    else loaded(path.join(path.dirname(file), name.replace(/\.js$/u, '.ts')), known);
  }
  return known;
}

describe('names of kinds', () => {
  it('are those of the lists', () => {
    expect(KIND_NAMES).toEqual({
      'bitbucket-cloud': [
        'project',
        'repository',
        'pull-request',
        'folder',
        'file',
        'user',
        'branch',
        'tag',
        'pipeline',
        'deployment',
        'environment',
        'request',
      ],
      'bitbucket-server': [
        'project',
        'repository',
        'pull-request',
        'folder',
        'file',
        'user',
        'group',
        'branch',
        'tag',
        'pipeline',
        'request',
      ],
    });
  });

  // Help tells them, and would not wait for all that reads Bitbucket.
  it('take nothing along but what kinds declare', () => {
    const modules = [...loaded('settings/kind-names.ts')];
    expect(modules.filter((name) => !name.endsWith('.ts'))).toEqual(['zod']);
    const own = modules.filter((name) => name.endsWith('.ts'));
    expect(
      own.filter((name) => /\/(?:reading|listing|limits)\/|open-kind|paging/.test(name)),
    ).toEqual([]);
    // Each kind is a file; what they share is little.
    expect(own.filter((name) => !name.includes('/kinds/')).length).toBeLessThan(12);
  });
});
