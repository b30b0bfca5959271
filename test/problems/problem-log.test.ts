import { describe, expect, it } from '@jest/globals';
import { joinedProblem, ProblemLog } from '../../src/problems/problem-log.js';
import { ProblemError, type Problem } from '../../src/problems/problem.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from './samples.js';

function logOf(...problems: readonly Problem[]): ProblemLog {
  const log = new ProblemLog();
  for (const problem of problems) log.add(problem);
  return log;
}

const failedOn = (item: string): Problem => ({ ...samples['field-failed'], item });

describe('ProblemLog', () => {
  it('counts problems of one sort and keeps the first three', () => {
    const log = logOf(...Array.from({ length: 10_000 }, (_, index) => failedOn(`item ${index}`)));
    expect(log.groups()).toEqual([
      { count: 10_000, samples: [failedOn('item 0'), failedOn('item 1'), failedOn('item 2')] },
    ]);
  });

  it('keeps the order of the first problems, resource by resource', () => {
    const { interrupted, 'timed-out': timedOut } = samples;
    const later = { ...samples['selector-failed'], resource: { index: 7, kind: 'user' } };
    const groups = logOf(later, timedOut, failedOn('a'), interrupted, failedOn('b')).groups();
    expect(groups.map(({ samples: [first] }) => first.code)).toEqual([
      'timed-out',
      'interrupted',
      'field-failed',
      'selector-failed',
    ]);
  });

  it.each<[string, Problem, Problem]>([
    ['fields', failedOn('a'), { ...samples['field-failed'], field: 'title' }],
    [
      'resources',
      failedOn('a'),
      { ...samples['field-failed'], resource: { index: 3, kind: 'pull-request' } },
    ],
    [
      'blueprints',
      samples['blueprint-missing'],
      { ...samples['blueprint-missing'], blueprint: 'user' },
    ],
    [
      'blueprints of refused entities',
      samples['entity-refused'],
      { ...samples['entity-refused'], entity: { blueprint: 'user', identifier: 'api' } },
    ],
    [
      'reasons for keeping',
      samples['deletions-withheld'],
      { ...samples['deletions-withheld'], reason: 'deletions off' },
    ],
    [
      'guards',
      samples['deletion-stopped'],
      { ...samples['deletion-stopped'], guard: { type: 'taken over' } },
    ],
    [
      'sides, because the remedies differ',
      samples['credentials-refused'],
      { ...samples['credentials-refused'], side: 'port' },
    ],
    ['settings', samples['setting-missing'], { ...samples['setting-missing'], setting: 'other' }],
    [
      'signals, because the exit codes differ',
      { code: 'interrupted', signal: 'SIGINT' },
      { code: 'interrupted', signal: 'SIGTERM' },
    ],
  ])('tells apart %s', (_name, one, other) => {
    expect(logOf(one, other, one).groups()).toHaveLength(2);
  });

  it('puts the same failure of many repositories into one group', () => {
    const of = (listing: string): Problem => ({ ...samples['listing-incomplete'], listing });
    const [group, ...others] = logOf(of('PAY/api'), of('PAY/web')).groups();
    expect(group?.count).toBe(2);
    expect(others).toEqual([]);
  });

  it('adds up entities that share a reason', () => {
    const lost = samples['entities-not-loaded'];
    const otherwise: Problem = { ...lost, reason: 'the run was stopped' };
    const [group, ...others] = logOf(lost, { ...lost, count: 19 }, otherwise, lost).groups();
    expect(others).toEqual([]);
    expect(group).toEqual({ count: 2, samples: [{ ...lost, count: 21 }, otherwise] });
  });

  it('computes the exit code from all sorts', () => {
    const log = logOf(...Array<Problem>(5).fill(failedOn('a')), samples['deletion-stopped']);
    expect(log.exitCode({ strict: false })).toBe(5);
    expect(logOf(failedOn('a')).exitCode({ strict: false })).toBe(0);
    expect(logOf(failedOn('a')).exitCode({ strict: true })).toBe(4);
    expect(logOf().exitCode({ strict: true })).toBe(0);
  });

  it.each(Object.values(samples).map((problem) => [problem.code, problem] as const))(
    'groups %s with its like',
    (_code, problem) => {
      const [group, ...others] = logOf(problem, problem).groups();
      expect(others).toEqual([]);
      expect(wordsOf(group!.samples[0]).exitCode).toBe(wordsOf(problem).exitCode);
    },
  );
});

describe('joinedProblem', () => {
  const kept = samples['deletions-withheld'];

  it.each<[string, Problem, Problem]>([
    ['of two codes', kept, samples['entities-not-deleted']],
    ['of two blueprints', kept, { ...kept, blueprint: 'user' }],
    ['of two reasons', kept, { ...kept, reason: 'deletions off' }],
    ['without a number', samples['item-failed'], samples['item-failed']],
  ])('leaves problems apart %s', (_name, one, other) => {
    expect(joinedProblem(one, other)).toBeNull();
  });

  it('changes neither of the two', () => {
    expect(joinedProblem(kept, kept)).toEqual({ ...kept, count: kept.count * 2 });
    expect(kept.count).toBe(12);
  });
});

describe('ProblemError', () => {
  it('carries its problems and its cause, and names the codes', () => {
    const cause = new Error('socket closed');
    const error = ProblemError.of(samples['server-unavailable'], cause);
    expect(error.problems).toEqual([samples['server-unavailable']]);
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('server-unavailable');
    expect('cause' in ProblemError.of(samples['server-unavailable'])).toBe(false);
  });
});
