import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ProblemError } from '../../src/problems/problem.js';
import { run } from '../../src/run.js';

describe('a source', () => {
  it('is loaded outside of the sandbox of the suite, where it is loaded once for all suites', () => {
    expect(typeof run).toBe('function');
    expect(run).not.toBeInstanceOf(Function);
  });

  it('throws errors that the suite knows as such', () => {
    const error = ProblemError.of({ code: 'jq-unavailable', reason: 'there is none' });
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(ProblemError);
  });

  it('appears in a stack as it was written', () => {
    const { stack = '' } = ProblemError.of({ code: 'jq-unavailable', reason: 'there is none' });
    const [, line = ''] = /src\/problems\/problem\.ts:(\d+):\d+/u.exec(stack) ?? [];
    const lines = readFileSync('src/problems/problem.ts', 'utf8').split('\n');
    expect(lines[Number(line) - 1]).toContain('new ProblemError(');
  });
});
