import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../src/http/http-error.js';
import { describeFailure, portRefusal } from '../../src/port/describe-failure.js';

const answered = (status: number, body: string): HttpError =>
  new HttpError('status', 'entities', `answered ${status}`, { status, body });

describe('describing a failure', () => {
  it.each([
    ['{"ok":false,"error":"invalid","message":"no such field"}', '422 invalid: no such field'],
    ['{"ok":false,"error":"invalid"}', '422 invalid'],
    ['{"message":"no such field"}', '422 no such field'],
    ['{"error":{"code":7},"message":["a"]}', 'answered 422'],
    [
      '{"ok":false,"error":"invalid","message":"the start of \\"a lo',
      '422 invalid: the start of "a lo',
    ],
    [
      '{"ok":false,"error":"invalid","message":"cut in an escape \\',
      '422 invalid: cut in an escape ',
    ],
    ['{"message":"cut in a code \\u12', '422 cut in a code \\u12'],
    ['<html>Bad Gateway</html>', 'answered 422'],
    ['null', 'answered 422'],
    ['', 'answered 422'],
  ])('reads %s', (body, expected) => {
    expect(describeFailure(answered(422, body))).toBe(expected);
  });

  it('cuts a message that nobody would read to its end', () => {
    const body = JSON.stringify({ error: 'invalid', message: 'x'.repeat(10_000) });
    expect(portRefusal(answered(422, body)).message).toBe(`${'x'.repeat(500)}…`);
  });

  it.each([
    [
      new HttpError('network', 'entities', 'connection reset, 6 times'),
      'connection reset, 6 times',
    ],
    [new Error('something else'), 'something else'],
    ['text', 'text'],
  ])('says in its own words how %s went', (error, expected) => {
    expect(describeFailure(error)).toBe(expected);
  });
});
