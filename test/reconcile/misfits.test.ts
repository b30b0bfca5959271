import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Blueprint, BlueprintProperty, BlueprintRelation } from '../../src/model/blueprint.js';
import type { JsonValue } from '../../src/model/json.js';
import { blueprintFrom } from '../../src/port/blueprints.js';
import { misfitsOf } from '../../src/reconcile/misfits.js';
import { catalogBlueprint } from '../../src/sandbox/port/blueprint.js';
import type { Actor } from '../../src/sandbox/port/entity.js';
import { Refusal } from '../../src/sandbox/port/refusal.js';
import { blueprintToCreate } from '../../src/sandbox/port/schemas/blueprint-body.js';
import { checkProperties, checkRequired } from '../../src/sandbox/port/validate-entity.js';

const ACTOR: Actor = { by: 'us', datasource: null, at: '2026-11-28T10:00:00Z' };

const UNTYPED: BlueprintProperty = {
  type: null,
  format: null,
  itemsType: null,
  itemsFormat: null,
};

function blueprint(parts: {
  readonly property?: Partial<BlueprintProperty>;
  readonly relation?: Partial<BlueprintRelation>;
  readonly required?: readonly string[];
}): Pick<Blueprint, 'properties' | 'relations' | 'requiredProperties'> {
  const relation = { target: 'other', required: false, many: false, ...parts.relation };
  return {
    properties: new Map([['value', { ...UNTYPED, ...parts.property }]]),
    relations: new Map([['link', relation]]),
    requiredProperties: new Set(parts.required),
  };
}

describe('misfitsOf', () => {
  it.each<[JsonValue, Partial<BlueprintProperty>, string | null]>([
    ['12', { type: 'number' }, 'takes a number, not the text "12"'],
    [12, { type: 'string' }, 'takes a text, not the number 12'],
    ['true', { type: 'boolean' }, 'takes true or false, not the text "true"'],
    [true, { type: 'string' }, 'takes a text, not true'],
    [['a'], { type: 'string' }, 'takes a text, not the list ["a"]'],
    [[], { type: 'object' }, 'takes an object, not an empty list'],
    [{ a: 1 }, { type: 'array' }, 'takes a list, not the object {"a":1}'],
    [{ a: 1 }, { type: 'object' }, null],
    [0, { type: 'number' }, null],
    [false, { type: 'boolean' }, null],
    [
      'api',
      { type: 'string', format: 'url' },
      'takes a text in the format url, not the text "api"',
    ],
    ['https://example.com', { type: 'string', format: 'url' }, null],
    [
      1_747_744_649_000,
      { type: 'string', format: 'date-time' },
      'takes a text, not the number 1747744649000',
    ],
    [
      '2026-11-28',
      { type: 'string', format: 'date-time' },
      'takes a text in the format date-time, not the text "2026-11-28"',
    ],
    ['2026-11-28T10:00:00Z', { type: 'string', format: 'date-time' }, null],
    ['# Title', { type: 'string', format: 'markdown' }, null],
    [
      'DRAFT',
      { type: 'string', allowed: ['OPEN', 1] },
      'takes one of "OPEN", 1, not the text "DRAFT"',
    ],
    ['OPEN', { type: 'string', allowed: ['OPEN', 1] }, null],
    [
      ['a', 1],
      { type: 'array', itemsType: 'string' },
      'takes a list of texts, not the list ["a",1]',
    ],
    [['a'], { type: 'array', itemsType: 'string' }, null],
    [
      ['a'],
      { type: 'array', itemsType: 'string', itemsFormat: 'email' },
      'takes a list of texts in the format email, not the list ["a"]',
    ],
    [['a', 1, null], { type: 'array' }, null],
    [null, { type: 'number' }, null],
    ['anything', {}, null],
    // What every object inherits is no type.
    ['anything', { type: 'constructor' }, null],
    ['anything', { type: 'something new', format: 'something new' }, null],
  ])('judges %j by %j', (value, property, expected) => {
    const misfits = misfitsOf({ properties: { value }, relations: {} }, blueprint({ property }));
    expect(misfits.map(({ wanted, given }) => `takes ${wanted}, not ${given}`)).toEqual(
      expected === null ? [] : [expected],
    );
    expect(misfits.every(({ field }) => field === 'properties.value')).toBe(true);
  });

  it.each<[JsonValue, Partial<BlueprintRelation>, string | null]>([
    ['api', { many: false }, null],
    [['api'], { many: false }, 'takes a single identifier, not the list ["api"]'],
    ['api', { many: true }, 'takes a list of identifiers, not the text "api"'],
    [['api'], { many: true }, null],
    [null, { many: true }, null],
    [null, { required: true }, 'takes a value, as it is required, not null'],
    [[], { many: true, required: true }, 'takes a value, as it is required, not an empty list'],
    [{ combinator: 'and', rules: [] }, { many: true, required: true }, null],
  ])('judges the target %j by %j', (link, relation, expected) => {
    const misfits = misfitsOf({ properties: {}, relations: { link } }, blueprint({ relation }));
    expect(misfits.map(({ wanted, given }) => `takes ${wanted}, not ${given}`)).toEqual(
      expected === null ? [] : [expected],
    );
    expect(misfits.every(({ field }) => field === 'relations.link')).toBe(true);
  });

  it('misses a required property that is null, and no other', () => {
    const entity = { properties: { value: null }, relations: {} };
    expect(misfitsOf(entity, blueprint({}))).toEqual([]);
    expect(misfitsOf(entity, blueprint({ required: ['value'] }))).toEqual([
      { field: 'properties.value', wanted: 'a value, as it is required', given: 'null' },
    ]);
  });

  it('has nothing to say of fields that the blueprint lacks', () => {
    const entity = { properties: { other: 1 }, relations: { other: 'x' } };
    expect(misfitsOf(entity, blueprint({ property: { type: 'string' } }))).toEqual([]);
  });

  it('agrees with the built-in Port on every value and property', () => {
    const type = fc.constantFrom('string', 'number', 'boolean', 'object', 'array');
    const format = fc.constantFrom('url', 'date-time', 'email', 'ipv4', 'ipv6', 'markdown');
    const text = fc.constantFrom(
      'api',
      'https://example.com/a',
      '2026-11-28T10:00:00Z',
      'a@example.com',
      '127.0.0.1',
      '::1',
    );
    const scalar = fc.oneof(text, fc.constantFrom(0, 1.5, true, false));
    const items = fc.option(fc.record({ type, format }, { requiredKeys: [] }), { nil: undefined });
    const property = fc.record(
      { type, format, enum: fc.array(scalar, { minLength: 1, maxLength: 2 }) },
      { requiredKeys: ['type'] },
    );
    const value: fc.Arbitrary<JsonValue> = fc.oneof(
      scalar,
      fc.constant(null),
      fc.array(scalar, { maxLength: 2 }),
      fc.constant({ a: 1 }),
    );
    fc.assert(
      fc.property(property, items, value, fc.boolean(), (kept, members, given, isRequired) => {
        const definition = {
          identifier: 'service',
          title: 'Service',
          icon: 'Service',
          schema: {
            properties: { value: members === undefined ? kept : { ...kept, items: members } },
            required: isRequired ? ['value'] : [],
          },
          relations: {},
        };
        const known = catalogBlueprint(blueprintToCreate.parse(definition), ACTOR);
        const entity = { properties: { value: given }, relations: {} };
        const isEmptyList = Array.isArray(given) && given.length === 0;
        fc.pre(!(isRequired && isEmptyList));
        const isRefused = refuses(() => {
          checkProperties(known, entity.properties);
          checkRequired(known, entity);
        });
        const own = blueprintFrom(JSON.parse(JSON.stringify(definition)) as typeof definition);
        expect(misfitsOf(entity, own).length > 0).toBe(isRefused);
      }),
      { numRuns: 1_000 },
    );
  });
});

function refuses(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return true;
  }
}
