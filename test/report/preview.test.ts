import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import type { JsonObject } from '../../src/model/json.js';
import type { PreviewedItem, PreviewedResource } from '../../src/model/preview.js';
import { previewJson } from '../../src/report/preview-json.js';
import { previewText } from '../../src/report/preview-text.js';

const resource = { index: 0, kind: 'repository' };

/** An item that became an entity, with a note on each of two fields. */
function anItem(difference: Partial<PreviewedItem> = {}, value: JsonObject = {}): PreviewedItem {
  return {
    item: { key: '1', link: 'https://bitbucket.example.com/projects/PAY/repos/api', value },
    status: 'mapped',
    list: null,
    parts: [
      {
        selector: true,
        feeds: [
          {
            index: 0,
            entity: {
              identifier: '1',
              blueprint: 'service',
              title: null,
              properties: {},
              relations: {},
            },
            fields: [
              {
                field: 'identifier',
                expression: '.id',
                value: 1,
                notes: [{ type: 'made-text', from: 'number' }],
              },
              {
                field: 'title',
                expression: '.nme\n  | ascii_downcase',
                value: null,
                notes: [{ type: 'null', missing: 'nme', nearest: 'name' }],
              },
            ],
          },
        ],
      },
    ],
    problems: [],
    ...difference,
  };
}

function shown(
  width: number,
  items: readonly PreviewedItem[],
  redact: (text: string) => string = (text) => text,
): string {
  const resources: readonly PreviewedResource[] = [{ resource, items }];
  return previewText(resources, { width, colors: new Chalk({ level: 0 }), redact }).join('\n');
}

describe('a preview for a person', () => {
  it('stands below each other in 80 columns', () => {
    expect(shown(80, [anItem({}, { id: 1, name: 'API' })])).toBe(
      `
repository, 1 of 1: https://bitbucket.example.com/projects/PAY/repos/api
selector: true

Raw item
  { "id": 1, "name": "API" }

Entity
  {
    "identifier": "1",
    "blueprint": "service",
    "title": null,
    "properties": {},
    "relations": {}
  }

Fields
  identifier  .id -> 1
    ! a number, written as text
  title  .nme | ascii_downcase -> null
    ! null, as there is no key nme; did you mean name?
`.trimStart(),
    );
  });

  it('stands side by side in 160 columns', () => {
    const lines = shown(160, [anItem({}, { id: 1, name: 'API' })]).split('\n');
    expect(lines).toEqual([
      'repository, 1 of 1: https://bitbucket.example.com/projects/PAY/repos/api',
      'selector: true',
      '',
      `${'Raw item'.padEnd(80)}Entity`,
      `${'{ "id": 1, "name": "API" }'.padEnd(80)}{`,
      ...['"identifier": "1",', '"blueprint": "service",', '"title": null,'].map(
        (text) => `${' '.repeat(82)}${text}`,
      ),
      ...['"properties": {},', '"relations": {}'].map((text) => `${' '.repeat(82)}${text}`),
      `${' '.repeat(80)}}`,
      '',
      'Field      Expression            Value',
      'identifier .id                   1',
      '           ! a number, written as text',
      'title      .nme | ascii_downcase null',
      '           ! null, as there is no key nme; did you mean name?',
      '',
    ]);
  });

  it.each([40, 80, 119, 120, 160])('keeps within %i columns', (width) => {
    const long = 'x'.repeat(5_000);
    const value = {
      readme: long,
      [long]: 1,
      deep: { a: { b: { c: { d: { e: long } } } } },
      list: Array.from({ length: 1_000 }, (_, index) => ({ index, long })),
      many: Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key ${index}`, index])),
    };
    const lines = shown(width, [anItem({}, value)]).split('\n');
    const isAddress = (line: string): boolean => /https:\S+$/u.test(line);
    expect(lines.filter((line) => line.length > width && !isAddress(line))).toEqual([]);
    expect(lines.length).toBeLessThan(130);
    expect(lines.join('\n')).toMatch(/more lines$/mu);
  });

  it('tells how long a text is that it cuts, and how much of a list it leaves out', () => {
    const text = shown(80, [anItem({}, { readme: 'x'.repeat(4_096), ids: [1, 2, 3, 4, 5] })]);
    expect(text).toMatch(/"readme": "x+…" \(4,096 characters\),/u);
    expect(text).toContain('"ids": [1, 2, 3, … 2 more]');
  });

  it('lets no escape code, command of a build or secret through', () => {
    const hostile = '\u001b[31m\u009b2J\u202e::error::x ##vso[task] hunter2';
    const item = anItem({ item: { key: '1', link: `https://x/${hostile}`, value: {} } }, {});
    const value = { [hostile]: hostile, list: [hostile], [`a\n::error::b`]: '\n::error::c' };
    const fields = item.parts[0]?.feeds[0]?.fields.map((field) => ({
      ...field,
      field: `properties.${hostile}`,
      expression: hostile,
      value: hostile,
      notes: [{ type: 'failed', message: `${hostile}\n::error::d` } as const],
    }));
    const entity = {
      identifier: hostile,
      blueprint: hostile,
      properties: { [hostile]: hostile },
      relations: {},
    };
    const parts = [{ selector: true, feeds: [{ index: 0, entity, fields: fields ?? [] }] }];
    for (const width of [80, 160]) {
      const text = shown(width, [{ ...item, item: { ...item.item, value }, parts }], (secret) =>
        secret.replaceAll('hunter2', '***'),
      );
      expect(text).not.toMatch(/hunter2|##vso|(?:^|\n)\s*::|[^\P{Cc}\n]|\u202e/u);
      expect(text).toContain('\\u001b[31m');
      expect(text).toContain('***');
    }
  });

  it('says why there is nothing to see of an item that failed as a whole', () => {
    const problem = {
      code: 'items-to-parse-failed',
      resource,
      item: 'https://x',
      expression: '.tags',
      message: 'gave null, not a list',
    } as const;
    const item = anItem({
      status: 'failed',
      list: { message: 'gave null' },
      parts: [],
      problems: [problem],
    });
    const text = shown(80, [item]);
    expect(text).toContain('! repository: itemsToParse gave no list on https://x');
    expect(text).toContain('> The expression is: .tags');
    expect(text).not.toContain('Entity');
  });

  it('says which resource had no items', () => {
    expect(shown(80, [])).toBe('repository: there are no items\n');
  });
});

describe('a preview for a program', () => {
  it('is an array with a member for each item', () => {
    const text = previewJson(
      [{ resource, items: [anItem({}, { id: 1 }), anItem()] }],
      (same) => same,
    );
    expect(JSON.parse(text)).toEqual([
      {
        resource,
        item: 'https://bitbucket.example.com/projects/PAY/repos/api',
        status: 'mapped',
        raw: { id: 1 },
        itemsToParse: null,
        results: [
          {
            selector: true,
            mappings: [
              {
                index: 0,
                entity: {
                  identifier: '1',
                  blueprint: 'service',
                  title: null,
                  properties: {},
                  relations: {},
                },
                fields: [
                  {
                    field: 'identifier',
                    expression: '.id',
                    value: 1,
                    notes: [
                      { type: 'made-text', from: 'number', text: 'a number, written as text' },
                    ],
                  },
                  {
                    field: 'title',
                    expression: '.nme\n  | ascii_downcase',
                    value: null,
                    notes: [
                      {
                        type: 'null',
                        missing: 'nme',
                        nearest: 'name',
                        text: 'null, as there is no key nme; did you mean name?',
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
        problems: [],
      },
      expect.objectContaining({ raw: {} }),
    ]);
  });

  it('is an empty array when there are no items', () => {
    expect(JSON.parse(previewJson([{ resource, items: [] }], (same) => same))).toEqual([]);
  });

  it('masks secrets and cuts long texts', () => {
    const value = { secret: 'a hunter2', readme: 'x'.repeat(10_000), escape: '\u001b[31m' };
    const text = previewJson([{ resource, items: [anItem({}, value)] }], (secret) =>
      secret.replaceAll('hunter2', '***'),
    );
    expect(text).not.toMatch(/hunter2|[^\P{Cc}\n]/u);
    expect(JSON.parse(text)).toMatchObject([
      { raw: { secret: 'a ***', readme: `${'x'.repeat(499)}…`, escape: '\u001b[31m' } },
    ]);
  });
});
