import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineReader } from '../../../src/mapping/engine/jq-session.js';

describe('LineReader', () => {
  it('gives the same lines wherever the bytes are cut', () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')),
    );
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), (texts, one, other) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const [start = 0, end = 0] = [one, other]
          .map((place) => place % (bytes.length + 1))
          .sort((a, b) => a - b);
        const reader = new LineReader();
        const read = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
        expect(read.flatMap((chunk) => reader.push(chunk))).toEqual(texts);
        expect(reader.pendingBytes).toBe(0);
      }),
    );
  });

  it('tells how much of a line is there without its end', () => {
    const reader = new LineReader();
    expect(reader.push(Buffer.from('whole\nhalf'))).toEqual(['whole']);
    expect(reader.push(Buffer.from(' of'))).toEqual([]);
    expect(reader.pendingBytes).toBe(7);
  });
});
