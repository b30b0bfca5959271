import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  duration,
  jsonLine,
  printable,
  wrapped,
  cutColumns,
  padColumns,
} from '../../src/report/text.js';

describe('printable', () => {
  it.each([
    ['plain text', 'Grüße, 世界 👩‍💻!', 'Grüße, 世界 👩‍💻!'],
    ['a colour', '\u001b[31mred\u001b[0m', String.raw`\u001b[31mred\u001b[0m`],
    ['a title of the window', '\u001b]0;owned\u0007', String.raw`\u001b]0;owned\u0007`],
    ['an 8-bit escape code', 'a\u009b2Jb', String.raw`a\u009b2Jb`],
    ['a backspace', 'ok\u0008\u0008no', String.raw`ok\u0008\u0008no`],
    ['a turned writing direction', 'a\u202egnp.exe\u2066', String.raw`a\u202egnp.exe\u2066`],
    ['marks of direction', 'a\u200e\u200f\u061cb', String.raw`a\u200e\u200f\u061cb`],
    ['line breaks', 'a\r\nb\n\nc\rd\u2028e\u2029f', 'a b c d e f'],
    ['a tab', 'a\tb', 'a b'],
    ['a workflow command', '::error file=a::b', ': :error file=a::b'],
    ['one behind a space', 'see ::set-output name=a::b', 'see : :set-output name=a::b'],
    ['one behind a line break', 'see\n::stop-commands::x', 'see : :stop-commands::x'],
    ['one behind more colons', ':::error::b', ': : :error::b'],
    ['colons inside a word', 'Foo::Bar and ::1', 'Foo::Bar and : :1'],
    ['a command of Azure', 'a ##vso[task.setvariable]b', 'a ## vso[task.setvariable]b'],
    ['a command of Azure within a word', 'x##VSO[task]', 'x## VSO[task]'],
    ['an older command of GitHub', 'a##[error]b', 'a## [error]b'],
    [
      'a command of TeamCity',
      "##teamcity[buildStatus text='a']",
      "## teamcity[buildStatus text='a']",
    ],
    ['more signs than it takes', '###[group]', '### [group]'],
    ['a heading of Markdown', '## Install', '## Install'],
    ['nothing', '', ''],
  ])('%s', (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps line breaks on request, and nothing else', () => {
    const stack = 'Error: a\r\n    at b\u001b[1m\n::error::c\n##vso[d]';
    expect(printable(stack, { lines: true })).toBe(
      String.raw`Error: a
    at b\u001b[1m
: :error::c
## vso[d]`,
    );
  });

  const dangerous = fc.string({
    unit: fc.constantFrom(':', '#', '[', 'a', ' ', '\n', '\r', '\u001b', '\u202e', '\u2028', 'vso'),
    maxLength: 24,
  });

  it('leaves nothing that a CI system or a terminal acts on, however the text is broken into lines', () => {
    fc.assert(
      fc.property(
        dangerous,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (text, width, lines) => {
          const safe = printable(text, { lines });
          for (const line of safe.split('\n').flatMap((part) => wrapped(part, width, ''))) {
            expect(line).not.toMatch(/^\s*::|##\w*\[/iu);
            expect(line).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
          }
        },
      ),
    );
  });

  it('has nothing left to do the second time', () => {
    fc.assert(
      fc.property(dangerous, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});

describe('jsonLine', () => {
  const unchanged = (text: string): string => text;

  it('is one line that means the value, without anything to act on', () => {
    const value = fc.jsonValue({
      stringUnit: fc.constantFrom('#', '[', 'a', '\n', '\u009b', '\u202e', '\u2028', '"'),
    });
    fc.assert(
      fc.property(value, (one) => {
        const line = jsonLine(one, unchanged);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(one)));
        expect(line).not.toMatch(/##\w*\[|[\p{Cc}\u2028-\u202e]/u);
      }),
    );
    expect(jsonLine({ a: '##vso[x]' }, unchanged)).toBe(String.raw`{"a":"#\u0023vso[x]"}`);
  });

  it('masks in texts alone, so that the line can be parsed whatever the secret is', () => {
    const redact = (text: string): string => text.replaceAll('1234', '***');
    expect(jsonLine({ at: 12_345, texts: ['pin 1234'] }, redact)).toBe(
      '{"at":12345,"texts":["pin ***"]}',
    );
  });
});

describe('duration', () => {
  it.each([
    [0, '0ms'],
    [849.6, '850ms'],
    [999.4, '999ms'],
    [999.6, '1.0s'],
    [4_249, '4.2s'],
    [59_949, '59.9s'],
    [59_951, '1m00s'],
    [200_000, '3m20s'],
    [3_599_400, '59m59s'],
    [3_599_600, '1h00m'],
    [3_900_000, '1h05m'],
    [90_000_000, '25h00m'],
  ])('%d ms is %s', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });
});

describe('wrapped', () => {
  it('indents further lines below the first', () => {
    expect(wrapped('one two three four', 12, 'note: ')).toEqual([
      'note: one',
      '      two',
      '      three',
      '      four',
    ]);
  });

  it('does not break a long word', () => {
    const link = `https://bitbucket.example.com/${'x'.repeat(60)}`;
    expect(wrapped(`see ${link} now`, 40, '')).toEqual(['see', link, 'now']);
  });

  it('gives one line for nothing', () => {
    expect(wrapped('', 80, '> ')).toEqual(['> ']);
  });

  it('fills lines up to 80 characters and loses no word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,20}$/u), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, fc.constantFrom('', 'error: ', '       > '), (all, first) => {
        const lines = wrapped(all.join(' '), 80, first);
        const texts = lines.map((line) => line.slice(first.length));
        expect(texts.join(' ')).toBe(all.join(' '));
        for (const [index, line] of lines.entries()) {
          expect(line.length).toBeLessThanOrEqual(80);
          const next = texts[index + 1]?.split(' ')[0];
          if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(80);
        }
      }),
    );
  });
});

describe('columns of a terminal', () => {
  // Two columns each; one, made of a letter and its accent; two, made of four people.
  const [wide, accented, family] = ['漢', 'e\u0301', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'];

  it.each([
    [wide.repeat(5), 10, wide.repeat(5)],
    [wide.repeat(5), 9, `${wide.repeat(4)}…`],
    [wide.repeat(5), 8, `${wide.repeat(3)}…`],
    [accented.repeat(4), 4, accented.repeat(4)],
    [accented.repeat(4), 3, `${accented.repeat(2)}…`],
    [family.repeat(2), 3, `${family}…`],
    [family.repeat(2), 2, '…'],
  ])('%j in %i columns is %j', (text, width, expected) => {
    expect(cutColumns(text, width)).toBe(expected);
  });

  it('fills up with blanks to where the next column begins', () => {
    expect(padColumns(wide, 4)).toBe(`${wide}  `);
    expect(padColumns(accented, 4)).toBe(`${accented}   `);
  });

  it('breaks lines by what letters take', () => {
    expect(wrapped(`${wide.repeat(3)} ${wide.repeat(3)}`, 10, '- ')).toEqual([
      `- ${wide.repeat(3)}`,
      `  ${wide.repeat(3)}`,
    ]);
  });
});
