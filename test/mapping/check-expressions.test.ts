import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkExpressions } from '../../src/mapping/check-expressions.js';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import type { ExpressionMistake } from '../../src/mapping/broken-expressions.js';
import { dotted } from '../../src/mapping/schema-issues.js';
import { writtenExpressions } from '../../src/mapping/written-expressions.js';
import { realEngines } from './real-engines.js';
import { plainEntity, writtenMapping } from './world.js';

function check(engine: JqEngine, mapping: unknown): Promise<readonly ExpressionMistake[]> {
  return checkExpressions(engine, writtenExpressions(mapping));
}

describe.each(realEngines)('checkExpressions, by $name', ({ start }) => {
  let engine: JqEngine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());

  it('finds nothing in a mapping that compiles', async () => {
    const mapping = writtenMapping({
      query: ".a == 'b' # \"odd",
      entity: { title: 'def f: 1; f', properties: { p: '.a as $x | $x' } },
    });
    await expect(check(engine, mapping)).resolves.toEqual([]);
  });

  it('tells each expression that does not compile by its place', async () => {
    const mistakes = await check(engine, {
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
    });
    expect(mistakes.map(({ path, expression }) => [dotted(path), expression])).toEqual([
      ['resources[1].selector.query', '.a ='],
      ['resources[1].port.itemsToParse', '.b | nosuch'],
      ['resources[1].port.entity.mappings[0].title', '.c)'],
      ['resources[1].port.entity.mappings[1].blueprint', '"x'],
      ['resources[1].port.entity.mappings[1].properties.bad', "'x' ,,"],
      ['resources[1].port.entity.mappings[1].relations.r.combinator', 'and'],
      ['resources[1].port.entity.mappings[1].relations.r.rules[0].value', '$x'],
    ]);
    expect(mistakes[1]).toMatchObject({ message: 'nosuch/0 is not defined', offset: 5 });
  });

  it.each(['.a) | (.b', '.a; def g: .b', '.a); def g: (.b', 'def f: 1;'])(
    'refuses %s, which is no expression of its own',
    async (title) => {
      const mistakes = await check(engine, writtenMapping({ entity: { title } }));
      expect(mistakes).toMatchObject([{ expression: title }]);
    },
  );
});
