import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markdownSummary } from '../../src/report/markdown-summary.js';
import { markdownText } from '../../src/report/markdown.js';
import type { RunFacts } from '../../src/report/run-record.js';
import { aSummary, grouped, repository } from './a-run.js';
import { anyCharacter } from '../world/any-character.js';

const facts: RunFacts = {
  version: '1.2.3',
  startedAt: 0,
  endedAt: 64_000,
  held: [],
  route: {
    source: 'Bitbucket Data Center https://bitbucket.example.com',
    port: 'https://api.getport.io',
    integration: 'my_integration',
  },
};

describe('markdownSummary', () => {
  it('tells how the run ended, each resource, each blueprint and what is to be done', () => {
    const problems = grouped({
      code: 'identifier-refused',
      field: 'identifier',
      resource: repository,
      item: 'https://bitbucket.example.com/projects/PAY/repos/a|b_c',
      identifier: 'a b',
      character: 'a space',
    });
    expect(markdownSummary({ summary: aSummary(), problems, exitCode: 0 }, facts, String))
      .toMatchInlineSnapshot(`
      "### Bitbucket to Port: Complete in 1m04s (exit 0)

      Bitbucket Data Center <https://bitbucket.example.com> → Port <https://api.getport.io>, integration my&#95;integration

      | Resource | Read | Skip | Same | New | Changed | Failed | Deleted | Calls | Time |
      | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
      | repository | 120 | 0 | 117 | 2 | 1 | 0 | 0 | 4 | 1.5s |
      | pull-request | 2,340 | 5 | 2,300 | 30 | 5 | 0 | 3 | 131 | 1m01s |

      Skip: left out by the selector

      | Blueprint | New | Changed | Deleted | Same | Search | Failed |
      | --- | --: | --: | --: | --: | --: | --: |
      | service | 2 | 1 | 0 | 117 | 0 | 0 |
      | pullRequest | 30 | 5 | 3 | 2,300 | 0 | 0 |

      125 requests to Bitbucket, 10 to Port

      - Warning: repository: <https://bitbucket.example.com/projects/PAY/repos/a>&#124;b&#95;c was skipped, Port refuses a space in its identifier a b<br>→ Map the identifier to letters, digits and &#64; &#95; . + : &#92; / = -

      <sub>bitbucket-port 1.2.3</sub>
      "
    `);
  });

  it('is short when the run did not begin', () => {
    const problems = grouped({
      code: 'blueprint-missing',
      resource: repository,
      blueprint: 's3cret',
    });
    const text = markdownSummary(
      { summary: null, problems, exitCode: 2 },
      { ...facts, route: null },
      (line) => line.replaceAll('s3cret', '***'),
    );
    expect(text).toContain('### Bitbucket to Port: Settings or mapping are wrong (exit 2)\n');
    expect(text).not.toContain('|');
    expect(text).not.toContain('s3cret');
  });

  it('names ten problems, the worst first, and counts the others', () => {
    const many = Array.from({ length: 14 }, (_, index) => ({
      code: 'blueprint-missing' as const,
      resource: repository,
      blueprint: `b${index}`,
    }));
    const text = markdownSummary(
      { summary: null, problems: grouped(...many), exitCode: 4 },
      facts,
      String,
    );
    expect(text.match(/^- \*\*Error\*\*/gmu)).toHaveLength(10);
    expect(text).toContain('- and 4 other problems, which the log names');
  });
});

describe('markdownText', () => {
  it.each([
    [
      'an address stays a link',
      'see https://x.example/a_b|c, please',
      'see <https://x.example/a_b>&#124;c, please',
    ],
    ['a tag', '<img src=x onerror=y>', '&#60;img src=x onerror=y&#62;'],
    ['a link', '[text](javascript:x)', '&#91;text&#93;(javascript:x)'],
    ['a mention and an issue', '@team #12', '&#64;team &#35;12'],
    ['a table and lines', 'a|b\nc', 'a&#124;b c'],
    ['an escape code', '\u001b[31mred', '&#92;u001b&#91;31mred'],
  ])('%s', (_name, text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  it('leaves nothing of Markdown or HTML outside of addresses', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const outside = markdownText(text)
          .replace(/<https?:\/\/[^\s<>]*>/gu, '')
          .replace(/&#\d+;/gu, '');
        expect(outside).not.toMatch(/[\\`*_{}[\]<>#|~&@\n]/u);
      }),
    );
  });
});
