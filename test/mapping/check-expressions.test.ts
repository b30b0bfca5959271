import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { parseMapping } from '../../src/mapping/parse-mapping.js';
import { realEngines } from './real-engines.js';
import { aMapping, options, plainEntity } from './world.js';

describe.each(realEngines)('checkExpressions, by $name', ({ start }) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  it('finds nothing in a mapping that compiles', async () => {
    const mapping = aMapping({
      query: ".a == 'b' # \"odd",
      entity: { title: 'def f: 1; f', properties: { p: '.a as $x | $x' } },
    });
    await expect(checkExpressions(engine, mapping)).resolves.toEqual([]);
  });

  it('tells each expression that does not compile by its place', async () => {
    const { mapping } = parseMapping(
      {
        resources: [
          { kind: 'repository', port: { entity: { mappings: plainEntity } } },
          {
            kind: 'repository',
            selector: { query: '.a =' },
            port: {
              itemsToParse: '.b | nosuch',
              entity: {
                mappings: [
                  { ...plainEntity, title: '.c)' },
                  {
                    ...plainEntity,
                    blueprint: '"x',
                    properties: { good: '.a', bad: "'x' ,," },
                    relations: {
                      r: {
                        combinator: 'and',
                        rules: [{ property: '.', operator: '.', value: '$x' }],
                      },
                    },
                  },
                ],
              },
            },
          },
        ],
      },
      options,
    );
    const problems = await checkExpressions(engine, mapping);
    expect(problems.map(({ path, expression }) => [path, expression])).toEqual([
      ['resources[1].selector.query', '.a ='],
      ['resources[1].port.itemsToParse', '.b | nosuch'],
      ['resources[1].port.entity.mappings[0].title', '.c)'],
      ['resources[1].port.entity.mappings[1].blueprint', '"x'],
      ['resources[1].port.entity.mappings[1].properties.bad', "'x' ,,"],
      ['resources[1].port.entity.mappings[1].relations.r.combinator', 'and'],
      ['resources[1].port.entity.mappings[1].relations.r.rules[0].value', '$x'],
    ]);
    expect(problems[1]).toEqual({
      code: 'expression-invalid',
      origin: 'mapping.yml',
      path: 'resources[1].port.itemsToParse',
      expression: '.b | nosuch',
      message: expect.stringContaining('nosuch/0 is not defined'),
    });
  });

  it.each(['.a) | (.b', '.a; def g: .b', '.a); def g: (.b', 'def f: 1;'])(
    'refuses %s, which is no expression of its own',
    async (title) => {
      const problems = await checkExpressions(engine, aMapping({ entity: { title } }));
      expect(problems).toMatchObject([{ code: 'expression-invalid', expression: title }]);
    },
  );
});
