import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JqEngine } from '../../src/mapping/engine/engine.js';
import { createMapper, type Mapper } from '../../src/mapping/mapper.js';
import type { JsonObject } from '../../src/model/json.js';
import { realEngines } from './real-engines.js';
import { anItem, aResource } from './world.js';
import { anyCharacter } from '../world/any-character.js';

/** Touches the item in every way that a field can be filled. */
const resource = aResource({
  query: '(.selected // true) != "no"',
  itemsToParse: '.list // [.]',
  entity: [
    {
      identifier: '.id // .item',
      title: '.title | tostring',
      team: '.team',
      properties: { whole: '.', length: '.title | length', first: '.title[0]', all: '.[]' },
      relations: { one: '.one', many: '.many', mails: '[.many[].mail]' },
    },
    { identifier: '.id | tostring', blueprint: '.blueprint' },
  ],
});

const member = fc.constantFrom(
  'id',
  'title',
  'team',
  'one',
  'many',
  'list',
  'blueprint',
  'selected',
);
const item: fc.Arbitrary<JsonObject> = fc.dictionary(
  member,
  fc.jsonValue({ maxDepth: 3, stringUnit: anyCharacter }).map(
    // Only what JSON can tell: no minus zero, no lone half of a surrogate pair.
    (value) => JSON.parse(JSON.stringify(value).replace(/\\ud[89a-f]../giu, '')) as JsonObject,
  ),
);

const bad: JsonObject = { id: { a: 1 }, list: 'none', selected: 'no' };

describe.each(realEngines)('a mapper, by $name', ({ start }) => {
  let engine: JqEngine;
  let mapper: Mapper;
  beforeAll(async () => {
    engine = await start();
    mapper = await createMapper(engine, resource);
  });
  afterAll(async () => {
    await mapper.close();
    await engine.close();
  });

  it('gives each item one answer, in order, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 8 }), async (values) => {
        const items = values.map((value, index) => anItem(value, index));
        const mapped = await mapper.map(items);
        expect(mapped.map((one) => one.item)).toEqual(items);
      }),
      { numRuns: 60 },
    );
  });

  it('makes the same of an item whatever its neighbours are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        async (values, position) => {
          const items = values.map((value, index) => anItem(value, index));
          const index = position % items.length;
          const among = items.with(index, anItem(bad, index));
          const alone = await mapper.map(items);
          const beside = await mapper.map(among);
          expect(beside[index]?.status).toBe('failed');
          expect(beside.toSpliced(index, 1)).toEqual(alone.toSpliced(index, 1));
        },
      ),
      { numRuns: 60 },
    );
  });
});
