import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '../../src/problems/problem.js';
import { excerptLines } from '../../src/report/problem-list.js';
import { printable } from '../../src/report/text.js';
import { samples } from '../problems/samples.js';

const layout = { width: 40, clean: printable };

/** A problem at `^` of a line. */
function at(marked: string, line: number | null = 14): Problem {
  const caret = marked.indexOf('^');
  const column = line === null ? null : caret + 1;
  const excerpt = { line, column, text: marked.replace('^', ''), caret };
  return { ...samples['mapping-invalid'], excerpt };
}

describe('excerptLines', () => {
  it('shows the line with its number and a caret, without its indentation', () => {
    expect(excerptLines(at('      title: .name | ^('), layout, '  ')).toEqual([
      '  14 | title: .name | (',
      '     |                ^',
    ]);
  });

  it('shows no number where there is none', () => {
    expect(excerptLines(at('^titel: .a', null), layout, '')).toEqual(['| titel: .a', '| ^']);
  });

  it('points behind the end of a line, and at an empty one', () => {
    expect(excerptLines(at('a: .b |^'), layout, '')).toEqual(['14 | a: .b |', '   |        ^']);
    expect(excerptLines(at('^'), layout, '')).toEqual(['14 |', '   | ^']);
  });

  it('counts letters that take two columns', () => {
    expect(excerptLines(at('漢字: ^x'), layout, '')[1]).toBe(`   | ${' '.repeat(6)}^`);
  });

  it('shows nothing of a problem that has no line', () => {
    expect(excerptLines(samples['expression-invalid'], layout, '')).toEqual([]);
    expect(excerptLines(samples.interrupted, layout, '')).toEqual([]);
  });

  it('masks secrets before it cuts, and shows no line whose secret holds the place', () => {
    const clean = (text: string): string => printable(text.replaceAll('hunter2', '***'));
    expect(excerptLines(at(`${'x'.repeat(60)}hunter2 ^a`), { width: 40, clean }, '')[0]).toContain(
      '*** a',
    );
    expect(excerptLines(at('hun^ter2'), { width: 40, clean }, '')).toEqual([]);
  });

  it('fits any line into the width, with the caret at the same character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '.', '|') }),
        fc.string({ unit: fc.constantFrom('c', 'd', '.', ' ') }),
        fc.integer({ min: 20, max: 100 }),
        (before, after, width) => {
          const problem = at(`${before}^!${after}`);
          const [line = '', caret = ''] = excerptLines(problem, { width, clean: printable }, '  ');
          expect(line.length).toBeLessThanOrEqual(width);
          expect(line[caret.indexOf('^')]).toBe('!');
        },
      ),
    );
  });
});
