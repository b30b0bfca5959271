import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import type { Plan } from '../../src/model/plan.js';
import { planDocument, type PlanEnd } from '../../src/report/plan-end.js';
import { planLines } from '../../src/report/plan-report.js';
import { changeLines } from '../../src/report/plan-values.js';
import { printable } from '../../src/report/text.js';

const NOTHING: Plan = {
  integration: { identifier: 'bitbucket-prod', isCreated: false, written: [] },
  newBlueprints: [],
  changedBlueprints: [],
  deletions: 'shown',
  blueprints: [],
  alwaysSent: 0,
  related: [],
  postponed: [],
};

const summary = { resources: [], blueprints: [], deletedElsewhere: 0, milliseconds: 0 };

function anEnd(difference: Partial<Plan>, exitCode: PlanEnd['exitCode'] = 0): PlanEnd {
  const requests = { bitbucket: 0, port: 0 };
  const plan = { ...NOTHING, ...difference };
  return { planned: { plan, summary: { ...summary, requests } }, problems: [], exitCode };
}

const plain = {
  width: 80,
  colors: new Chalk({ level: 0 }),
  clean: (text: string) => printable(text),
};

const lines = (difference: Partial<Plan>, exitCode?: PlanEnd['exitCode']): string =>
  planLines(anEnd(difference, exitCode), plain).join('\n');

const service = {
  blueprint: 'service',
  counts: { create: 1, update: 1, delete: 1 },
  changes: [
    { action: 'create', identifier: 'api', title: 'The API', fields: [] },
    {
      action: 'update',
      identifier: 'web-shop',
      title: 'Shop',
      fields: [
        { field: 'properties.lines', old: 10, new: 12 },
        { field: 'relations.owners', old: ['ana', 'bo'], new: ['ana', 'cem'] },
      ],
    },
    { action: 'delete', identifier: 'old', title: null, fields: [] },
  ],
} as const;

describe('planLines', () => {
  it('shows what changes with its signs, and fields below what they belong to', () => {
    expect(lines({ blueprints: [service] })).toBe(
      [
        '',
        'service: 1 to create, 1 to update, 1 to delete',
        '  + api       The API',
        '  ~ web-shop  Shop',
        '      properties.lines  10 -> 12',
        '      relations.owners  - bo',
        '                        + cem',
        '  - old',
        '',
        'Plan: 1 to create, 1 to update, 1 to delete, 0 unchanged',
      ].join('\n'),
    );
  });

  it('colours the signs, and leaves them where there are no colours', () => {
    const colors = new Chalk({ level: 1 });
    const text = planLines(anEnd({ blueprints: [service] }), { ...plain, colors }).join('\n');
    expect(text).toContain(`  ${colors.green('+')} api`);
    expect(text).toContain(`  ${colors.yellow('~')} web-shop`);
    expect(text).toContain(`  ${colors.red('-')} old`);
    expect(text).toContain(colors.green('+ cem'));
    expect(text).toContain(colors.red('- bo'));
  });

  it('counts what it does not show', () => {
    const counts = { create: 1_001, update: 0, delete: 0 };
    expect(
      lines({ blueprints: [{ ...service, counts, changes: [service.changes[0]] }] }),
    ).toContain(
      'service: 1,001 to create\n  + api  The API\n  + and 1,000 more to create; --all shows them\n',
    );
  });

  it('makes what came from outside safe to print', () => {
    const change = { ...service.changes[0], title: 'red\u001b[31m ##vso[task]' };
    const counts = { create: 1, update: 0, delete: 0 };
    const text = lines({ blueprints: [{ ...service, counts, changes: [change] }] });
    expect(text).toContain('red\\u001b[31m ## vso[task]');
  });

  it('tells what is sent in every run, and what comes along', () => {
    const related = Array.from({ length: 7 }, (_, index) => ({
      blueprint: 'user',
      identifier: `u${String(index)}`,
    }));
    const text = lines({ alwaysSent: 2, related }).replace(/\s+/gu, ' ');
    expect(text).toContain(
      '7 entities that Port does not have and creates with nothing but a name: user u0, user u1, user u2, user u3, user u4, 2 more',
    );
    expect(text).toContain('2 entities are sent in every run');
    // Neither is a change of its own.
    expect(text).toContain('Plan: no changes');
  });

  it.each<[PlanEnd['exitCode'], string]>([
    [10, 'Plan: 0 to create'],
    [4, 'Plan, incomplete (exit 4): 0 to create'],
    [5, 'Plan, without the deletions that the threshold stops (exit 5): 0 to create'],
    [130, 'Plan, interrupted (exit 130): 0 to create'],
    [2, 'Plan (exit 2): 0 to create'],
  ])('says with exit code %d what the plan is worth', (exitCode, expected) => {
    expect(lines({ newBlueprints: ['x'] }, exitCode).replace(/\s+/gu, ' ')).toContain(expected);
  });
});

describe('planDocument', () => {
  it('has the same members when there is no plan', () => {
    const whole = planDocument(anEnd({}));
    const none = planDocument({ planned: null, problems: [], exitCode: 3 });
    expect(Object.keys(none)).toEqual(Object.keys(whole));
  });
});

describe('changeLines', () => {
  const long = 'x'.repeat(100);

  it.each<[string, Parameters<typeof changeLines>[0], readonly string[]]>([
    ['a short change', { field: 'f', old: null, new: 'a' }, ['null -> "a"']],
    [
      'what does not fit on a line',
      { field: 'f', old: 'a'.repeat(20), new: 'b'.repeat(20) },
      [`"${'a'.repeat(20)}"`, `-> "${'b'.repeat(20)}"`],
    ],
    [
      'what is longer than a line, from a little before the difference',
      { field: 'f', old: `${long}1`, new: `${long}2` },
      ['…xxxxxxxx1"', '-> …xxxxxxxx2"'],
    ],
    ['a list that was empty', { field: 'f', old: null, new: ['a', 1] }, ['+ a', '+ 1']],
    ['another order', { field: 'f', old: ['a', 'b'], new: ['b', 'a'] }, ['["a","b"] -> ["b","a"]']],
    ['a list in place of a text', { field: 'f', old: 'a', new: ['a'] }, ['"a" -> ["a"]']],
    ['objects', { field: 'f', old: { a: 1 }, new: { a: 2 } }, ['{"a":1} -> {"a":2}']],
    ['line breaks', { field: 'f', old: 'a\nb', new: 'a' }, ['"a\\nb" -> "a"']],
  ])('shows %s', (_, change, expected) => {
    expect(changeLines(change, 30)).toEqual(expected);
  });

  it('keeps within the room', () => {
    const change = { field: 'f', old: [long], new: [`${long}${long}`] };
    for (const line of changeLines(change, 30)) expect(line.length).toBeLessThanOrEqual(30);
  });
});
