import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { WrittenText } from '../../src/mapping/mapping-text.js';
import type { ParsedMapping, ParseOptions } from '../../src/mapping/parse-mapping.js';
import { validateMapping } from '../../src/mapping/check-expressions.js';
import { isJsonObject } from '../../src/model/json.js';
import { ProblemError, type Problem } from '../../src/problems/problem.js';
import { wordsOf } from '../../src/problems/words.js';
import { someEngine } from './real-engines.js';
import { options, writtenMapping } from './world.js';

let engine: JqEngine;
beforeAll(async () => {
  engine = await someEngine();
});
afterAll(() => engine.close());

/** A valid mapping, as a user would write it. */
const GOOD = `resources:
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .slug
          blueprint: '"repository"'
          title: .name
`;

function validate(
  written: WrittenText,
  change: Partial<ParseOptions> = {},
): Promise<ParsedMapping> {
  const whole = z.json().parse(parse(written.text, { uniqueKeys: false, merge: true }));
  const value = isJsonObject(whole) && written.below !== null ? whole[written.below] : whole;
  return validateMapping(engine, value, { ...options, written, ...change });
}

async function problemsOf(validation: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await validation.then(
    () => new Error('the mapping was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problems;
  throw error;
}

/** The messages, each with the line and caret that it shows. */
async function told(text: string): Promise<readonly string[]> {
  const problems = await problemsOf(validate({ text, below: null }));
  return problems.map((problem) => {
    const { message } = wordsOf(problem);
    if (!('excerpt' in problem)) return message;
    const { text: line, caret } = problem.excerpt;
    return `${message}\n${line.slice(0, caret).trimStart()}^${line.slice(caret)}`;
  });
}

describe('validateMapping', () => {
  it('takes a mapping that is right', async () => {
    const { mapping, problems } = await validate({ text: GOOD, below: null });
    expect(mapping.resources[0]?.feeds[0]).toMatchObject({ identifier: '.slug', title: '.name' });
    expect(problems).toEqual([]);
  });

  it('tells mistakes of every sort at once, in the order of the text', async () => {
    const text = `enableMergeEntity: yes
resources:
  - kind: repositry
    selector: { query: .a = }
    port:
      entity:
        mappings:
          - identifier: .slug
            blueprint: repository
            titel: .name
            title: .name
            title: '.a) , (.b'
            properties:
              long: |
                if .a then .b
                else .c }
              folded: >-
                .a
                | nosuch
              quoted: "\\"x\\" | .a ]"
  - kind: pull-request
    selector: { status: OPEN }
`;
    expect(await told(text)).toMatchInlineSnapshot(`
      [
        "mapping.yml:1:20: enableMergeEntity must be true or false, and is the text "yes"
      enableMergeEntity: ^yes",
        "mapping.yml:3:11: resources[0].kind is repositry, which is no kind: did you mean repository?
      - kind: ^repositry",
        "mapping.yml:4:28: resources[0].selector.query is not valid jq: syntax error, unexpected end of file
      selector: { query: .a =^ }",
        "mapping.yml:9:24: resources[0].port.entity.mappings[0].blueprint is not valid jq: repository/0 is not defined
      blueprint: ^repository",
        "mapping.yml:10:13: resources[0].port.entity.mappings[0] has an unknown key titel (did you mean title?)
      ^titel: .name",
        "mapping.yml:12:13: the key title stands twice, in lines 11 and 12
      ^title: '.a) , (.b'",
        "mapping.yml:12:23: resources[0].port.entity.mappings[0].title is not valid jq: syntax error, unexpected INVALID_CHARACTER, expecting end of file
      title: '.a^) , (.b'",
        "mapping.yml:16:25: resources[0].port.entity.mappings[0].properties.long is not valid jq: syntax error, unexpected INVALID_CHARACTER; Possibly unterminated 'if' statement
      else .c ^}",
        "mapping.yml:19:19: resources[0].port.entity.mappings[0].properties.folded is not valid jq: nosuch/0 is not defined
      | ^nosuch",
        "mapping.yml:20:35: resources[0].port.entity.mappings[0].properties.quoted is not valid jq: syntax error, unexpected INVALID_CHARACTER, expecting end of file
      quoted: "\\"x\\" | .a ^]"",
        "mapping.yml:21:5: resources[1].port is missing
      - ^kind: pull-request",
        "mapping.yml:22:17: resources[1].selector has an unknown key status (did you mean state?)
      selector: { ^status: OPEN }",
      ]
    `);
  });

  it('tells what several aliases stand for once, where it is written', async () => {
    const text = `${GOOD.replace('mappings:', 'mappings: &one')}  - kind: pull-request
    port: { entity: { mappings: *one } }
`;
    expect(await told(text.replace('.name', '.name |'))).toEqual([
      'mapping.yml:8:25: resources[0].port.entity.mappings.title is not valid jq: syntax error, unexpected end of file\ntitle: .name |^',
    ]);
  });

  it('counts the lines of the settings file for a mapping within', async () => {
    const text = `\n\nmapping:\n${GOOD.replace(/^/gmu, '  ').replace('.slug', '.slug |')}`;
    const problems = await problemsOf(validate({ text, below: 'mapping' }));
    expect(problems).toMatchObject([
      {
        path: 'resources[0].port.entity.mappings.identifier',
        excerpt: { line: 9, column: 32, text: '            identifier: .slug |' },
      },
    ]);
  });

  it('shows the lines of a mapping that nobody wrote as YAML, without their numbers', async () => {
    const value = writtenMapping({ entity: { title: '.a |\n.b }', titel: '.c' } });
    const validation = validateMapping(engine, value, { ...options, origin: 'Port' });
    const problems = await problemsOf(validation);
    expect(problems).toEqual([
      {
        code: 'expression-invalid',
        origin: 'Port',
        path: 'resources[0].port.entity.mappings.title',
        expression: '.a |\n.b }',
        message: expect.stringMatching(/^syntax error/u),
        excerpt: { line: null, column: null, text: `${' '.repeat(12)}.b }`, caret: 15 },
      },
      {
        code: 'mapping-invalid',
        origin: 'Port',
        path: 'resources[0].port.entity.mappings',
        reason: 'has an unknown key titel (did you mean title?)',
        excerpt: { line: null, column: null, text: `${' '.repeat(10)}titel: .c`, caret: 10 },
      },
    ]);
    expect(wordsOf(problems[0]!)).toMatchObject({
      message: expect.stringMatching(/^Port: resources/u),
      hint: 'Correct it in Port; the line is as kept there, in YAML',
    });
  });

  it('refuses a key that stands twice, though the value is fine', async () => {
    expect(await told(`${GOOD}          title: .other\n`)).toEqual([
      'mapping.yml:9:11: the key title stands twice, in lines 8 and 9\n^title: .other',
    ]);
  });

  it('tells twenty of many mistakes, and how many there are besides', async () => {
    const flood = (count: number): Promise<readonly string[]> =>
      told(
        `${GOOD}          properties:\n${'            p: {}\n'.replace('p', 'p0')}${Array.from(
          { length: count - 1 },
          (_, index) => `            p${index + 1}: .a |\n`,
        ).join('')}`,
      );
    const messages = await flood(50);
    expect(messages).toHaveLength(21);
    expect(messages.at(-1)).toBe('mapping.yml has 30 more mistakes; correct these first');
    expect(await flood(20)).toHaveLength(20);
    expect((await flood(21)).at(-1)).toBe('mapping.yml has 1 more mistake; correct these first');
  });

  it.each([
    ['', 'mapping.yml is empty: a mapping holds a list of resources'],
    ['# nothing\n', 'mapping.yml is empty: a mapping holds a list of resources'],
    ['resources: []', 'mapping.yml:1:12: resources must not be empty\nresources: ^[]'],
    ['resources:', 'mapping.yml:1:1: resources must be a list of resources\n^resources:'],
    ['enableMergeEntity: true', 'mapping.yml: resources is missing'],
    ['- kind: a', 'mapping.yml is a list: write resources: above it, and indent it below'],
    ['just words', 'mapping.yml: must be an object with a list of resources'],
    [
      `mapping:\n${GOOD.replace(/^/gmu, '  ')}`,
      'mapping.yml:1:1: mapping is no part of a mapping: begin with what is below it\n^mapping:',
    ],
    [
      `integration:\n  identifier: x\n  config:\n${GOOD.replace(/^/gmu, '    ')}`,
      'mapping.yml:3:3: integration.config is no part of a mapping: begin with what is below it\n^config:',
    ],
    [
      `config: |\n${GOOD.replace(/^/gmu, '  ')}`,
      'mapping.yml:1:9: config is a text: leave this line out, and begin with what is below it\nconfig: ^|',
    ],
  ])('says what %j lacks to be a mapping', async (text, message) => {
    expect(await told(text)).toEqual([message]);
  });

  it.each([
    ['service', `If it is a text, write '"service"'`],
    ['yes', 'jq has true for it'],
    ['Off', 'jq has false for it'],
    ['.name | nosuch', null],
  ])('has a remedy for the bare word %s', async (blueprint, hint) => {
    const problems = await problemsOf(
      validate({ text: GOOD.replace(`'"repository"'`, blueprint), below: null }),
    );
    expect(problems.map((problem) => wordsOf(problem).hint)).toEqual([hint]);
  });

  it('takes numbers, booleans and nulls where a text was meant', async () => {
    const text = GOOD.replace('.name', '42').replace(
      '    port',
      '    selector: { query: true }\n    port',
    );
    const { mapping } = await validate({ text: `${text}          icon:\n`, below: null });
    expect(mapping.resources[0]?.selector.query).toBe('true');
    expect(mapping.resources[0]?.feeds[0]).toMatchObject({ title: '42', fields: { icon: false } });
  });
});
