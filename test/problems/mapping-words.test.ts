import { describe, expect, it } from '@jest/globals';
import { ProblemLog } from '../../src/problems/problem-log.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from './samples.js';

const written = { line: 14, column: 22, text: 'a: .b |', caret: 7 };
const kept = { ...written, line: null, column: null };
const invalid = samples['mapping-invalid'];
const unknown = samples['mapping-key-unknown'];
const expression = samples['expression-invalid'];

describe('the words for a mapping', () => {
  it.each([
    [
      'the line and column',
      { ...invalid, excerpt: written },
      /^mapping\.yml:14:22: resources/u,
      null,
    ],
    [
      'none for the whole',
      { ...invalid, path: '', excerpt: kept },
      /^mapping\.yml is missing$/u,
      /in Port/u,
    ],
    [
      'those of a key',
      { ...unknown, excerpt: written },
      /in Port:14:22: .*; it is ignored$/u,
      /misspelling/u,
    ],
    ['those in an expression', { ...expression, excerpt: written }, /^mapping\.yml:14:22: /u, null],
    ['that Port keeps it', { ...expression, excerpt: kept }, /^mapping\.yml: /u, /as kept there/u],
  ] as const)('tell %s', (_, problem, message, hint) => {
    const words = wordsOf(problem);
    expect(words.message).toMatch(message);
    expect(words.hint).toEqual(hint === null ? null : expect.stringMatching(hint));
  });

  it('tell different mistakes at one path apart', () => {
    const log = new ProblemLog();
    for (const reason of [
      'is missing',
      'has an unknown key a',
      'has an unknown key b',
      'has an unknown key c',
    ]) {
      log.add({ ...invalid, reason });
    }
    expect(log.groups()).toHaveLength(4);
  });
});
