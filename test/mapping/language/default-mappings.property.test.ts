import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { DEFAULTS } from '../../../src/defaults/index.js';
import type { JqEngine } from '../../../src/mapping/engine/engine.js';
import { createMapper, type MappedItem, type Mapper } from '../../../src/mapping/mapper.js';
import type { MappingResource } from '../../../src/mapping/mapping.js';
import { parseMapping } from '../../../src/mapping/parse-mapping.js';
import type { JsonObject, JsonValue } from '../../../src/model/json.js';
import { realEngines } from '../real-engines.js';
import { anItem, options } from '../world.js';

const selector = z.strictObject({
  state: z.string().optional(),
  includedFiles: z.array(z.string()).optional(),
});
const kinds = ['project', 'repository', 'pull-request', 'user'].map((name) => ({ name, selector }));

const resources: readonly MappingResource[] = Object.values(DEFAULTS).flatMap(
  ({ mapping }) => parseMapping(mapping, { ...options, kinds }).mapping.resources,
);

/** Every name that an expression of the default mappings goes through. */
const names = [
  ...new Set(JSON.stringify(resources).match(/(?<=\.)[A-Za-z_]\w*/gu)),
  'README.md',
  'CODEOWNERS',
];

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('api', 'a/b', '{0b5e}', '', '12', 'é', '日本', 'a b', '\u0000', '🦊', 'a\ud800'),
);
/** Moments that every strftime can tell: from 1970 to the year 2286. */
const number = fc.oneof(fc.integer({ min: 0, max: 10 ** 13 }), fc.constantFrom(0.5, -1, 1, 7));

/** Objects whose members have names that the mappings read, as deep as these go. */
const { value } = fc.letrec<{ value: JsonValue; member: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    { weight: 4, arbitrary: tie('member') },
  ),
  member: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
}));
const item: fc.Arbitrary<JsonObject> = fc.dictionary(fc.constantFrom(...names), value, {
  minKeys: 8,
});

/** All of it but the words of jq's messages, in which its versions differ. */
const told = ({ status, entities, problems }: MappedItem): unknown => ({
  status,
  entities: entities.map(({ entity }) => JSON.stringify(entity)),
  problems: problems.map((problem) => [problem.code, 'field' in problem ? problem.field : null]),
});

describe('the default mappings', () => {
  const engines: JqEngine[] = [];
  const mappers: (readonly Mapper[])[] = [];
  beforeAll(async () => {
    engines.push(...(await Promise.all(realEngines.map(({ start }) => start()))));
    for (const engine of engines) {
      mappers.push(await Promise.all(resources.map((resource) => createMapper(engine, resource))));
    }
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  it('give equal entities for any JSON, by every engine', async () => {
    let entities = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 20 }), async (values) => {
        const items = values.map((each, index) => anItem(each, index));
        const [first = [], ...others] = await Promise.all(
          mappers.map(async (each) => {
            const mapped = await Promise.all(each.map((mapper) => mapper.map(items)));
            return mapped.flat().map((one) => {
              entities += one.entities.length;
              return told(one);
            });
          }),
        );
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 40 },
    );
    // Values that no mapping makes anything of would prove nothing.
    expect(entities).toBeGreaterThan(100);
  });
});
