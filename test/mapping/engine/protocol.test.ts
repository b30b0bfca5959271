import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../../../src/mapping/engine/protocol.js';

describe('readAnswer', () => {
  it.each([
    ['{"v":{"a":"}"}}', { ok: true, text: '{"a":"}"}' }],
    ['{"v":null}\r', { ok: true, text: 'null' }],
    ['{"v":"<skipped: too deep>"}', { ok: true, text: '"<skipped: too deep>"' }],
    [
      '{"v":[<skipped: too deep>]}',
      { ok: false, failure: 'error', message: 'the value is nested too deeply to be printed' },
    ],
    ['{"e":"broken"}', { ok: false, failure: 'error', message: 'broken' }],
    ['{"e":null}', { ok: false, failure: 'error', message: 'null' }],
    ['{"e":{"a":[1]}}', { ok: false, failure: 'error', message: '{"a":[1]}' }],
    ['{"n":0}', { ok: false, failure: 'error', message: 'the expression gave no output' }],
    ['garbage', { ok: false, failure: 'crash', message: 'jq gave an answer that cannot be read' }],
    ['', { ok: false, failure: 'crash', message: 'jq gave an answer that cannot be read' }],
  ])('reads %j', (line, outcome) => {
    expect(readAnswer(line)).toEqual(outcome);
  });
});
