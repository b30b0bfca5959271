import { describe, expect, it } from '@jest/globals';
import { holdsRoundedNumber } from '../../src/mapping/feed-item.js';
import type { JsonObject } from '../../src/model/json.js';
import { realEngines } from './real-engines.js';
import { anItem, aResource, mapWith } from './world.js';

const parsed = (json: string): JsonObject => JSON.parse(json) as JsonObject;

describe('a text that jq made', () => {
  it.each([
    ['9007199254740992', '{"id":9007199254740993}', true],
    ['PAY/9007199254740992/x', '{"a":[{"id":9007199254740993}]}', true],
    ['1.2345678901234567e+19', '{"id":12345678901234567890}', true],
    ['9007199254740991', '{"id":9007199254740991}', false],
    ['9007199254740993', '{"id":"9007199254740993","other":1}', false],
    ['9007199254740992', '{"id":"9007199254740992","other":9007199254740993}', false],
    ['1234567890123456789012345678901234567890', '{"commit":1}', false],
    ['api', '{"id":9007199254740993}', false],
  ])('%s of %s: rounded is %s', (text, json, expected) => {
    expect(holdsRoundedNumber(text, parsed(json))).toBe(expected);
  });
});

describe.each(realEngines)('an identifier, by $name', ({ start }) => {
  it.each(['.id | tostring', '"P\\(.id)"', '.id'])(
    'of a rounded number is refused: %s',
    async (identifier) => {
      const engine = await start();
      const items = [
        anItem(parsed('{"slug":"a","id":9007199254740993}'), 1),
        anItem(parsed('{"slug":"b","id":1152921504606846977}'), 2),
        anItem(parsed('{"slug":"c","id":9007199254740991}'), 3),
      ];
      const mapped = await mapWith(engine, aResource({ entity: { identifier } }), items);
      await engine.close();
      expect(mapped.map(({ entities }) => entities.length)).toEqual([0, 0, 1]);
      expect(mapped[0]?.problems).toMatchObject([
        { code: 'identifier-refused', character: 'a number too large to be exact' },
      ]);
    },
  );
});
