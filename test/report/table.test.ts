import { expect, it } from '@jest/globals';
import { textTable } from '../../src/report/text.js';

it('aligns columns without borders and without blanks at the end', () => {
  const columns = [
    { title: 'Name', align: 'left' },
    { title: 'Count', align: 'right' },
    { title: 'Note', align: 'left' },
  ] as const;
  expect(
    textTable(columns, [
      ['api', '7', 'new'],
      ['a-longer-name', '1,234', ''],
    ]),
  ).toEqual(['Name          Count Note', 'api               7 new', 'a-longer-name 1,234']);
});

it('counts the columns that a terminal shows', () => {
  const columns = [
    { title: 'Name', align: 'left' },
    { title: 'Count', align: 'right' },
  ] as const;
  expect(
    textTable(columns, [
      ['支払い', '7'],
      ['\u001b[1mapi\u001b[22m', '12'],
    ]),
  ).toEqual(['Name   Count', '支払い     7', '\u001b[1mapi\u001b[22m       12']);
});
