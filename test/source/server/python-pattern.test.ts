import { describe, expect, it } from '@jest/globals';
import { PatternError, pythonMatch } from '../../../src/source/server/project-filter.js';

describe('a pattern as re.match takes it', () => {
  it.each([
    ['PAY', 'PAY', true],
    ['PAY', 'PAYMENTS', true],
    ['PAY', 'XPAY', false],
    ['A|PAY', 'XPAY', false],
    ['^PROD-.*', 'PROD-1', true],
    ['.*-PROD$', 'X-PROD', true],
    ['.*-PROD$', 'X-PROD-2', false],
    [String.raw`PAY\Z`, 'PAY', true],
    [String.raw`PAY\Z`, 'PAYMENTS', false],
    [String.raw`\APAY`, 'PAY', true],
    [String.raw`\\Z`, String.raw`\Z`, true],
    ['(?i)pay', 'PAY', true],
    ['(?ai)pay', 'PAY', true],
    ['pay', 'PAY', false],
    ['(?P<team>[A-Z])(?P=team)', 'AAB', true],
    ['(?P<team>[A-Z])(?P=team)', 'ABB', false],
    ['A{,2}B', 'AAB', true],
    ['A{,2}B', 'AAAB', false],
    ['[{,2}]B', ',B', true],
    ['[]x]Y', ']Y', true],
    ['[^]x]Y', 'xY', false],
    [String.raw`[\]{,3}]Z`, '}Z', true],
    ['PAY(?#the payments team)$', 'PAY', true],
    ['~.*', '~jdoe', true],
    [String.raw`\~jdoe`, '~jdoe', true],
    ['(?!PAY)', 'PAY', false],
    ['(?!PAY)', 'WEB', true],
    ['', 'PAY', true],
    ['(?x) P A Y  # the payments team', 'PAY', true],
    ['(?x) P A Y', 'P A Y', false],
    [
      String.raw`(?xi) pay \  [ #]  # layout counts in a class, and where it is escaped`,
      'PAY #',
      true,
    ],
    ['(?x)\n  PAY  # one\n  | WEB\n', 'WEB', true],
  ])('%s against %s: %s', (pattern, key, isMatch) => {
    expect(pythonMatch(pattern).test(key)).toBe(isMatch);
  });

  it.each(['(', '[A', '(?xL)PAY', '(?L)PAY', '(?P=nobody', '*'])('refuses %s', (pattern) => {
    expect(() => pythonMatch(pattern)).toThrow(PatternError);
  });
});
