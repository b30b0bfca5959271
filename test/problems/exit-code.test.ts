import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exitCodeOf } from '../../src/problems/exit-code.js';
import type { Problem } from '../../src/problems/problem.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from './samples.js';

const sigint: Problem = { code: 'interrupted', signal: 'SIGINT' };
const sigterm: Problem = { code: 'interrupted', signal: 'SIGTERM' };
const bug = samples['internal-error'];
const refused = samples['credentials-refused'];
const invalid = samples['setting-missing'];
const threshold = samples['deletion-stopped'];
const incomplete = samples['listing-incomplete'];
const warning = samples['identifier-empty'];
const notice = samples['deletions-withheld'];

describe('exitCodeOf', () => {
  it.each<[string, readonly Problem[], number]>([
    ['nothing', [], 0],
    ['a notice', [notice], 0],
    ['a warning', [warning], 0],
    ['what is incomplete', [incomplete], 4],
    ['a refused entity', [samples['entity-refused']], 4],
    ['a failed selector', [samples['selector-failed']], 4],
    ['the threshold', [threshold], 5],
    ['wrong settings', [invalid], 2],
    ['refused credentials', [refused], 3],
    ['SIGINT', [sigint], 130],
    ['SIGTERM', [sigterm], 143],
    ['a bug', [bug], 1],
    ['a bug before a signal', [sigint, bug], 1],
    ['a signal before a refusal', [refused, sigterm], 143],
    ['the one signal before the other', [sigterm, sigint], 130],
    ['a refusal before settings', [invalid, refused], 3],
    ['settings before the threshold', [threshold, invalid], 2],
    ['the threshold before what is incomplete', [incomplete, threshold], 5],
    ['what is incomplete before a warning', [warning, incomplete, notice], 4],
  ])('of %s', (_name, problems, code) => {
    expect(exitCodeOf(problems)).toBe(code);
  });

  it.each<[string, readonly Problem[], number]>([
    ['nothing', [], 0],
    ['a notice', [notice], 0],
    ['a warning', [warning], 4],
    ['a collision', [samples['identifier-collision']], 4],
    ['a warning beside the threshold', [warning, threshold], 5],
  ])('of %s, strictly', (_name, problems, code) => {
    expect(exitCodeOf(problems, { strict: true })).toBe(code);
  });

  it.each<[string, readonly Problem[], number]>([
    ['nothing to do', [], 0],
    ['a warning', [warning], 4],
    ['what is incomplete', [incomplete], 6],
    ['the threshold', [incomplete, threshold], 5],
    ['wrong settings', [invalid], 2],
    ['refused credentials', [incomplete, refused], 3],
    ['a signal', [incomplete, sigint], 130],
  ])('of %s, strictly and where nothing was done', (_name, problems, code) => {
    expect(exitCodeOf(problems, { strict: true, isNothingDone: true })).toBe(code);
  });

  const forbidden = samples['writing-refused'];

  it.each<[string, readonly Problem[], number]>([
    ['a refusal of every write', [forbidden], 3],
    ['the same beside what is incomplete', [incomplete, forbidden], 3],
    ['entities that Port refuses with 403', [{ ...samples['entity-refused'], status: 403 }], 3],
    ['entities that Port refuses with 422', [samples['entity-refused']], 4],
    ['a write that failed otherwise', [forbidden, samples['entities-not-loaded']], 4],
    ['a signal', [forbidden, sigterm], 143],
    ['nothing to write', [incomplete], 4],
  ])('of %s, where nothing was written', (_name, problems, code) => {
    expect(exitCodeOf(problems, { hasWritten: false })).toBe(code);
  });

  it.each([
    [true, 3],
    [false, 4],
  ])(
    'of blueprints that Port lets nobody create is 3 where nothing was done',
    (isNothingDone, code) => {
      const refused = { ...samples['defaults-refused'], isForbidden: true };
      expect(exitCodeOf([refused], { hasWritten: false, isNothingDone })).toBe(code);
    },
  );

  it('of refused writes is 4 once something was written', () => {
    expect(exitCodeOf([forbidden], { hasWritten: true })).toBe(4);
  });

  it('does not depend on the order of the problems', () => {
    const some = fc.array(fc.constantFrom(...Object.values(samples)), { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.boolean(), (problems, strict) => {
        const code = exitCodeOf(problems, { strict });
        expect(exitCodeOf([...problems].reverse(), { strict })).toBe(code);
        const asked = problems.map((problem) => wordsOf(problem).exitCode);
        if (code !== 0 && !(strict && code === 4)) expect(asked).toContain(code);
      }),
    );
  });
});
