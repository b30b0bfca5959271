import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { withLocations } from '../../src/mapping/locate-expression.js';
import type { Problem, ProblemOf } from '../../src/problems/problem.js';
import { wordsOf } from '../../src/problems/words.js';
import { samples } from '../problems/samples.js';

const TEXT = `resources:
  - kind: project
    selector:
      query: .public
    port:
      entity:
        mappings:
          identifier: .key
          blueprint: '"project"'
          properties:
            url: .links.self[0].href
  - kind: repository
    selector:
      query: .public
    port:
      itemsToParse: .branches
      entity:
        mappings:
          - identifier: .slug
            blueprint: '"service"'
          - identifier: .slug
            blueprint: .kind
            properties:
              url: .links.self[0].href
`;

const value: unknown = parse(TEXT);
const inFile = { value, written: { text: TEXT, below: null, file: 'ops/m.yml' } };
const at = withLocations(inFile);

/** What an expression of the second resource did. */
const failed = (field: string, expression: string, index = 1): ProblemOf<'field-failed'> => ({
  ...samples['field-failed'],
  resource: { index, kind: 'repository' },
  field,
  expression,
});

describe('where an expression that fails on items stands', () => {
  it.each<[string, Problem, string]>([
    ['a property', failed('properties.url', '.links.self[0].href', 0), '11:18'],
    ['one of several mappings', failed('mappings[1].identifier', '.slug'), '21:25'],
    ['a blueprint', failed('mappings[1].blueprint', '.kind'), '22:24'],
    [
      'a selector',
      {
        ...samples['selector-failed'],
        resource: { index: 1, kind: 'repository' },
        expression: '.public',
      },
      '14:14',
    ],
    [
      'the list to parse',
      {
        ...samples['items-to-parse-failed'],
        resource: { index: 1, kind: 'repository' },
        expression: '.branches',
      },
      '16:21',
    ],
  ])('is told of %s', (_, problem, place) => {
    const [line, column] = place.split(':').map(Number);
    const located = at(problem);
    expect(located).toEqual({ ...problem, at: { file: 'ops/m.yml', line, column } });
    expect(wordsOf(located).hint).toContain(`The expression at ops/m.yml:${place} is: .`);
    expect(wordsOf(located).message).toBe(wordsOf(problem).message);
  });

  it('is left out where nobody wrote that expression, and of problems of another sort', () => {
    for (const problem of [failed('properties.url', '.other'), samples['listing-incomplete']]) {
      expect(at(problem)).toBe(problem);
    }
  });

  it('is left out where the mapping is in no file', () => {
    const problem = failed('properties.url', '.links.self[0].href', 0);
    expect(withLocations({ value: inFile.value })(problem)).toBe(problem);
  });
});
