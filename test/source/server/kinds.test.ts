import { describe, expect, it } from '@jest/globals';
import { serverKinds } from '../../../src/source/server/kinds/index.js';

/** Deletions are withheld in what a run was narrowed in, so no kind may be left out of this. */
describe('kinds of Data Center', () => {
  it.each(serverKinds.map((kind) => [kind.name, kind] as const))(
    'are narrowed by a filter of projects where that reaches them: %s',
    (name, { narrowedBy, scope }) => {
      const isReached =
        scope === 'repository' || ['project', 'repository', 'request'].includes(name);
      expect(narrowedBy.includes('projectsFilter')).toBe(isReached);
    },
  );

  it('are each said to be missing by an exception of their own', () => {
    const missing = serverKinds.flatMap((kind) => kind.missing ?? []);
    expect(new Set(missing).size).toBe(missing.length);
  });
});
