import { describe, expect, it } from '@jest/globals';
import { cleanMessage } from '../../../src/mapping/engine/protocol.js';

describe('cleanMessage', () => {
  it.each([
    [
      'jq: error: syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1:\n.a |   \njq: 1 compile error\n',
      'syntax error, unexpected $end',
    ],
    [
      'jq: error: syntax error, unexpected end of file at <top-level>, line 3, column 4:\n    .a |\n       ^\njq: 1 compile error\n',
      'syntax error, unexpected end of file',
    ],
    [
      'jq: error: foo/0 is not defined at <top-level>, line 2:\n| foo  \njq: error: bar/0 is not defined at <top-level>, line 3:\n| bar  \njq: 2 compile errors\n',
      'foo/0 is not defined; bar/0 is not defined',
    ],
    [
      'jq: error: Top-level program not given (try ".")\njq: 1 compile error\n',
      'Top-level program not given (try ".")',
    ],
    [
      'jq: error (at <stdin>:0): Exceeds depth limit for parsing\n',
      'Exceeds depth limit for parsing',
    ],
    [
      'jq: parse error: Unfinished JSON term at EOF at line 2, column 0\n',
      'parse error: Unfinished JSON term at EOF at line 2, column 0',
    ],
    ['error: cannot allocate memory\n', 'cannot allocate memory'],
    ['Killed\n', 'Killed'],
    ['', ''],
  ])('reads %j', (stderr, message) => {
    expect(cleanMessage(stderr)).toBe(message);
  });
});
