import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseMapping, type ParseOptions } from '../../src/mapping/parse-mapping.js';
import { problemsOf, resource } from './written-mapping.js';

const options: ParseOptions = {
  origin: 'mapping.yml',
  unknownKeys: 'error',
  kinds: [
    {
      name: 'repository',
      selector: z.strictObject({ includedFiles: z.array(z.string()).nullish() }),
    },
    { name: 'project', selector: z.strictObject({}) },
  ],
};

const ENTITY = 'resources[0].port.entity.mappings';

function parsed(mappings: object | readonly object[]) {
  const complete = (one: object) => ({ identifier: '.slug', blueprint: '"b"', ...one });
  const entity = {
    mappings: Array.isArray(mappings) ? mappings.map(complete) : complete(mappings),
  };
  const { mapping, problems } = parseMapping(
    { resources: [resource({ port: { entity } })] },
    options,
  );
  return { resource: mapping.resources[0], problems };
}

describe('a leaf that names a file', () => {
  it('becomes the field that the source fills, and the resource knows the file', () => {
    const written = { properties: { readme: 'file://README.md', name: '.name' } };

    const { resource: read, problems } = parsed(written);

    expect(read?.feeds[0]?.properties).toEqual({
      readme: '.__mappedFiles["README.md"]',
      name: '.name',
    });
    expect(read?.mappedFiles).toEqual(['README.md']);
    expect(problems).toEqual([
      {
        code: 'file-reference-deprecated',
        origin: 'mapping.yml',
        kind: 'repository',
        path: `${ENTITY}.properties.readme`,
        file: 'README.md',
      },
    ]);
    expect(written.properties.readme).toBe('file://README.md');
  });

  it('may stand wherever an expression may, and is read once', () => {
    const { resource: read, problems } = parsed([
      {
        title: 'file://a.txt',
        team: {
          combinator: '"and"',
          rules: [{ property: '"p"', operator: '"="', value: 'file://b' }],
        },
      },
      { identifier: ' file://a.txt ', relations: { owner: 'file://OWNER' } },
    ]);

    expect(read?.mappedFiles).toEqual(['a.txt', 'b', 'OWNER']);
    expect(read?.feeds[1]).toMatchObject({
      identifier: '.__mappedFiles["a.txt"]',
      relations: { owner: '.__mappedFiles["OWNER"]' },
    });
    expect(problems.map((problem) => 'path' in problem && problem.path)).toEqual([
      `${ENTITY}[0].title`,
      `${ENTITY}[0].team.rules[0].value`,
      `${ENTITY}[1].identifier`,
      `${ENTITY}[1].relations.owner`,
    ]);
  });

  it.each([
    ['docs/a b#c.md', '.__mappedFiles["docs/a b#c.md"]'],
    ['say "hi" \\(.name).md', '.__mappedFiles["say \\"hi\\" \\\\(.name).md"]'],
  ])('is quoted, so that %s cannot be read as jq', (file, expression) => {
    expect(parsed({ title: `file://${file}` }).resource?.feeds[0]?.title).toBe(expression);
  });

  it.each(['file://', '"file://README.md"', '.url // "file://x"'])('is not seen in %s', (title) => {
    const { resource: read, problems } = parsed({ title });
    expect(read?.feeds[0]?.title).toBe(title);
    expect(read?.mappedFiles).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('stays in a kind that no files are attached to', () => {
    const entity = { mappings: { identifier: '.slug', blueprint: '"b"', title: 'file://a' } };
    const written = { resources: [{ kind: 'project', port: { entity } }] };
    const { mapping, problems } = parseMapping(written, options);
    expect(mapping.resources[0]?.feeds[0]?.title).toBe('file://a');
    expect(problems).toEqual([]);
  });

  it('changes nothing about how mistakes are told', () => {
    const entity = { mappings: { identifier: 'file://a', blueprint: '"b"', titel: 'file://b' } };
    expect(problemsOf({ resources: [resource({ port: { entity } })] }, options)).toMatchObject([
      { code: 'mapping-invalid', path: ENTITY },
    ]);
  });
});
