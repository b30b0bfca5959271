import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/problems/problem.js';
import { problemList } from '../../src/report/problem-list.js';
import { printable } from '../../src/report/text.js';
import { samples } from '../problems/samples.js';
import { grouped } from './a-run.js';

function listed(...problems: readonly Problem[]): string {
  return problemList(grouped(...problems), { width: 80, clean: printable }).join('\n');
}

const link = (number: number): string => `https://bitbucket.example.com/pr/${number}`;

describe('problemList', () => {
  it('is empty without problems', () => {
    expect(problemList([], { width: 80, clean: printable })).toEqual([]);
  });

  it('shows failures first, notices last, each with its remedy', () => {
    expect(
      listed(
        samples['deletions-withheld'],
        samples['identifier-empty'],
        samples['listing-incomplete'],
      ),
    ).toMatchInlineSnapshot(`
      "error: pull requests of PAY/api could not be read to the end: 500 Internal
             Server Error, 6 times
             > What Port holds of it was kept. The next run reads it again
      warning: pull-request:
               https://bitbucket.example.com/projects/PAY/repos/api/pull-requests/7
               was skipped, its identifier is null or empty
               > Add a default to the expression: .emailAddress // .slug
      note: kept 12 entities of service that this run did not produce: its repository
            could not be read to its end (shop, web, …)"
    `);
  });

  it('shows three of many, their number and what they share once', () => {
    const many = Array.from({ length: 1_203 }, (_, index) => ({
      ...samples['field-failed'],
      item: link(index),
    }));
    expect(listed(...many)).toMatchInlineSnapshot(`
      "warning: pull-request: properties.url is null on
               https://bitbucket.example.com/pr/0: cannot index number with "slug"
               - pull-request: properties.url is null on
                 https://bitbucket.example.com/pr/1: cannot index number with "slug"
               - pull-request: properties.url is null on
                 https://bitbucket.example.com/pr/2: cannot index number with "slug"
               - and 1,200 more like these
               > The expression is: .toRef.repository.slug"
    `);
  });

  it('shows what belongs to a single sample below it', () => {
    const refused = [1, 2, 3, 4].map((number) => ({
      ...samples['entity-refused'],
      entity: { blueprint: 'service', identifier: `api-${number}` },
      item: link(number),
    }));
    expect(listed(...refused)).toMatchInlineSnapshot(`
      "error: Port refused service api-1 (422): "url" must be a string
             > It was mapped from https://bitbucket.example.com/pr/1
             - Port refused service api-2 (422): "url" must be a string
               > It was mapped from https://bitbucket.example.com/pr/2
             - Port refused service api-3 (422): "url" must be a string
               > It was mapped from https://bitbucket.example.com/pr/3
             - and 1 more like these"
    `);
  });

  it('does not repeat what reads the same', () => {
    expect(listed(...Array<Problem>(5).fill(samples['best-effort-failed']))).toBe(
      [
        'warning: telling Port that the run began failed: 404 Not Found',
        '         - and 4 more like this',
        '         > What is loaded is the same',
      ].join('\n'),
    );
  });

  it('says once why several listings failed', () => {
    const { request, ...listing } = samples['listing-incomplete'];
    const failed = ['api', 'ledger', 'web', 'cli'].map((name) => ({ ...listing, listing: name }));
    expect(request).toBeUndefined();
    expect(
      listed(...failed)
        .split('\n')
        .slice(0, 4),
    ).toEqual([
      expect.stringMatching(/^error: api could not be read to the end: 500/u),
      '       - ledger',
      '       - web',
      '       - and 1 more like these',
    ]);
  });

  it('names both sides with their remedies when both refuse', () => {
    const port: Problem = {
      ...samples['credentials-refused'],
      side: 'port',
      variables: ['PORT_CLIENT_ID', 'PORT_CLIENT_SECRET'],
      origin: 'https://api.getport.io',
    };
    const text = listed(samples['credentials-refused'], port);
    expect(text.replace(/\s+/gu, ' ')).toContain(
      'refused BITBUCKET_USERNAME and BITBUCKET_PASSWORD:',
    );
    expect(text.replace(/\s+/gu, ' ')).toContain('refused PORT_CLIENT_ID and PORT_CLIENT_SECRET:');
    expect(text.match(/> One of them is wrong, expired or revoked/gu)).toHaveLength(2);
  });

  it.each(Object.values(samples).map((problem) => [problem.code, problem] as const))(
    'tells of %s within 80 columns',
    (_code, problem) => {
      for (const line of listed(problem, problem).split('\n')) {
        if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(80);
      }
    },
  );

  it('cleans what comes from outside', () => {
    const text = listed({ ...samples['item-failed'], item: '\u001b[2J\n::error::x' });
    expect(text).toContain(String.raw`\u001b[2J : :error::x`);
  });
});
