import { describe, expect, it } from '@jest/globals';
import { parseMappingText } from '../../src/mapping/parse-mapping-text.js';
import { ProblemError } from '../../src/problems/problem.js';
import { options } from './world.js';

const written = `
resources:
  - kind: repository
    selector:
      query: true
    port:
      entity:
        mappings: &entity
          identifier: .slug
          blueprint: '"repository"'
          title: 007
  - kind: repository
    port:
      entity:
        mappings:
          <<: *entity
          blueprint: '"service"'
`;

function reasons(text: string): readonly string[] {
  try {
    parseMappingText(text, options);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map((problem) =>
      problem.code === 'mapping-invalid' ? `${problem.path} ${problem.reason}` : problem.code,
    );
  }
  throw new Error('the mapping was accepted');
}

describe('parseMappingText', () => {
  it('reads YAML, with anchors and merged keys', () => {
    const { mapping } = parseMappingText(written, options);
    expect(
      mapping.resources.map(({ selector, feeds }) => [selector.query, feeds[0]]),
    ).toMatchObject([
      ['true', { title: '7', blueprint: { identifier: 'repository' } }],
      ['true', { title: '7', blueprint: { identifier: 'service' } }],
    ]);
  });

  it('reads JSON', () => {
    const { mapping } = parseMappingText(
      '{"resources": [{"kind": "repository", "port": {"entity": {"mappings": {"identifier": ".a", "blueprint": "\\"b\\""}}}}]}',
      options,
    );
    expect(mapping.resources).toHaveLength(1);
  });

  it('tells the place of each key that stands twice', () => {
    expect(reasons('resources: []\na: 1\nresources: []\na: 2\n')).toEqual([
      'line 3, column 1: Map keys must be unique',
      'line 4, column 1: Map keys must be unique',
    ]);
  });

  it('tells the place of what is not YAML', () => {
    expect(reasons('resources:\n  - kind: "repository\n')[0]).toMatch(
      /^line \d, column \d+: Missing/,
    );
  });

  it('refuses several documents in one text', () => {
    expect(reasons('a: 1\n---\nb: 1\n')[0]).toMatch(/^line 2, column 1: /);
  });

  it('refuses aliases that are there to use up memory', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => alias).join(', ')}]`);
    }
    expect(reasons(lines.join('\n'))[0]).toMatch(/^as YAML: Excessive alias count/);
  });

  it('tells an empty text from a mapping', () => {
    expect(reasons('')).toEqual([' must be an object with a list of resources']);
  });
});
