import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BlueprintProperty } from '../../src/model/blueprint.js';
import type { Entity } from '../../src/model/entity.js';
import type { JsonValue } from '../../src/model/json.js';
import {
  comparison,
  isComparable,
  sameLabels,
  withDefaults,
  type Comparable,
  type Labels,
} from '../../src/reconcile/comparable.js';
import { aBlueprint, anEntity, someFields } from './a-blueprint.js';

const blueprint = aBlueprint('service', {
  properties: { name: null, count: null, tags: null, at: 'date-time' },
  relations: { project: 'project', reviewers: ['user'] },
});
const fields = someFields({
  team: true,
  properties: ['name', 'count', 'tags', 'at', 'loose'],
  relations: ['project', 'reviewers'],
});

interface Parts {
  readonly team?: JsonValue;
  readonly properties?: Readonly<Record<string, JsonValue>>;
  readonly relations?: Readonly<Record<string, JsonValue>>;
}

const textOf = comparison(fields, blueprint);

function text(parts: Parts): string {
  return textOf({ properties: {}, relations: {}, ...parts });
}

const empty = { properties: {}, relations: {} };

describe('comparison', () => {
  it.each<[string, Parts, Parts]>([
    ['a null and an absent property', { properties: { name: null } }, {}],
    ['a null and an absent relation', { relations: { project: null } }, {}],
    ['a null and an absent team', { team: null }, {}],
    ['no team and an empty list of teams', { team: [] }, {}],
    ['an empty and an absent many-relation', { relations: { reviewers: [] } }, {}],
    [
      'an empty and a null many-relation',
      { relations: { reviewers: [] } },
      { relations: { reviewers: null } },
    ],
    ['a many-relation of nulls and none', { relations: { reviewers: [null] } }, {}],
    ['a team and a list of it alone', { team: 'core' }, { team: ['core'] }],
    ['teams in any order', { team: ['core', 'web'] }, { team: ['web', 'core'] }],
    [
      'texts of a list in any order, in a property',
      { properties: { tags: ['a', 'b'] } },
      { properties: { tags: ['b', 'a'] } },
    ],
    [
      'targets in any order',
      { relations: { reviewers: ['ada', 'grace'] } },
      { relations: { reviewers: ['grace', 'ada'] } },
    ],
    [
      'a target named twice and once',
      { relations: { reviewers: ['ada', 'ada'] } },
      { relations: { reviewers: ['ada'] } },
    ],
    [
      'a single target and a list of it',
      { relations: { reviewers: 'ada' } },
      { relations: { reviewers: ['ada'] } },
    ],
    [
      'an instant in two time zones',
      { properties: { at: '2025-05-20T12:37:29Z' } },
      { properties: { at: '2025-05-20T14:37:29.000+02:00' } },
    ],
    [
      'a number however it is written',
      { properties: { count: 1 } },
      { properties: { count: 1.0 } },
    ],
    ['zero and minus zero', { properties: { count: 0 } }, { properties: { count: -0 } }],
    [
      'an object in any order of keys',
      { properties: { tags: { a: 1, b: [{ c: 2, d: 3 }] } } },
      { properties: { tags: { b: [{ d: 3, c: 2 }], a: 1 } } },
    ],
  ])('is the same for %s', (_name, one, other) => {
    expect(text(one)).toBe(text(other));
  });

  it.each<[string, Parts, Parts]>([
    ['an empty text and none', { properties: { name: '' } }, {}],
    ['an empty list and none, in a property', { properties: { tags: [] } }, {}],
    ['false and none', { properties: { name: false } }, {}],
    ['zero and none', { properties: { count: 0 } }, {}],
    [
      'a number and its digits, in a property that the blueprint lacks',
      { properties: { loose: 1 } },
      { properties: { loose: '1' } },
    ],
    [
      'lists of objects of another order, in a property',
      { properties: { tags: [{ a: 1 }, { b: 1 }] } },
      { properties: { tags: [{ b: 1 }, { a: 1 }] } },
    ],
    [
      'instants a millisecond apart',
      { properties: { at: '2025-05-20T12:37:29.000Z' } },
      { properties: { at: '2025-05-20T12:37:29.001Z' } },
    ],
    [
      'two texts that are no dates',
      { properties: { at: 'soon' } },
      { properties: { at: 'later' } },
    ],
    [
      'spellings of an instant where the blueprint knows no date-time',
      { properties: { name: '2025-05-20T12:37:29Z' } },
      { properties: { name: '2025-05-20T12:37:29.000Z' } },
    ],
    ['teams', { team: ['core'] }, { team: ['core', 'web'] }],
    [
      'targets',
      { relations: { reviewers: ['ada'] } },
      { relations: { reviewers: ['ada', 'grace'] } },
    ],
    [
      'a property and a relation of one name',
      { properties: { project: 'a' } },
      { relations: { project: 'a' } },
    ],
    [
      'a search query and the entity it may find',
      { relations: { project: { combinator: 'and', rules: [] } } },
      { relations: { project: 'a' } },
    ],
  ])('differs for %s', (_name, one, other) => {
    expect(text(one)).not.toBe(text(other));
  });

  it('is empty for an entity that fills no field', () => {
    expect(text({ team: [], properties: { name: null }, relations: { reviewers: [] } })).toBe('');
    expect(text({ properties: { name: '' } })).not.toBe('');
  });

  it('knows fields that are called like what every object inherits', () => {
    const odd = someFields({ properties: ['constructor', '__proto__'], relations: ['toString'] });
    const oddTextOf = comparison(odd, blueprint);
    const absent = oddTextOf(empty);
    const cleared = oddTextOf({ properties: { constructor: null }, relations: { toString: null } });
    expect(absent).toBe(cleared);
    expect(oddTextOf(parsed('{"__proto__":"x"}'))).not.toBe(absent);
  });

  const entity = fc.record({
    team: fc.option(fc.array(fc.string(), { maxLength: 3 })),
    properties: fc.dictionary(fc.constantFrom('name', 'count', 'tags', 'other'), jsonValue()),
    relations: fc.dictionary(
      fc.constantFrom('project', 'reviewers', 'others'),
      fc.oneof(fc.constant(null), fc.string(), fc.array(fc.string(), { maxLength: 3 })),
    ),
  });

  it('is the same for the same entity, whatever the order of its fields', () => {
    fc.assert(
      fc.property(entity, ({ team, properties, relations }) => {
        const backwards = {
          relations: Object.fromEntries(Object.entries(relations).reverse()),
          properties: Object.fromEntries(Object.entries(properties).reverse()),
          team: team === null ? null : [...team].reverse(),
        };
        expect(text(backwards)).toBe(text({ team, properties, relations }));
      }),
    );
  });

  it('changes with every mapped field', () => {
    fc.assert(
      fc.property(entity, fc.constantFrom('name', 'count', 'tags', 'at'), (before, name) => {
        const after = { ...before, properties: { ...before.properties, [name]: 'a new value' } };
        fc.pre(before.properties[name] !== 'a new value');
        expect(text(after)).not.toBe(text(before));
      }),
    );
    fc.assert(
      fc.property(entity, fc.constantFrom('project', 'reviewers'), (before, name) => {
        const after = { ...before, relations: { ...before.relations, [name]: 'a new target' } };
        expect(text(after)).not.toBe(text(before));
      }),
    );
  });

  it('does not change with a field that is not mapped', () => {
    fc.assert(
      fc.property(entity, jsonValue(), (before, value) => {
        const after = {
          ...before,
          properties: { ...before.properties, other: value },
          relations: { ...before.relations, others: value },
        };
        expect(text(after)).toBe(text(before));
      }),
    );
    const withTeam = { ...empty, team: 'core' };
    const noTeam = comparison(someFields({ properties: ['name'] }), blueprint);
    expect(noTeam(withTeam)).toBe(noTeam(empty));
  });
});

describe('isComparable', () => {
  const query = { combinator: 'and', rules: [] };

  it.each<[string, Partial<Entity>, boolean]>([
    ['an identifier, teams and targets', { team: ['core'], relations: { project: 'PAY' } }, true],
    ['a search query for an identifier', { search: query }, false],
    ['one for a team', { team: query }, false],
    ['one for a target', { relations: { project: query } }, false],
    ['one in a relation that the blueprint lacks', { relations: { nope: query } }, true],
    ['an object in a property', { properties: { tags: query } }, true],
  ])('with %s', (_name, difference, expected) => {
    expect(isComparable(anEntity(difference), blueprint)).toBe(expected);
  });
});

describe('withDefaults', () => {
  const property = { type: 'string', format: null, itemsType: null, itemsFormat: null };
  const properties = new Map<string, BlueprintProperty>([
    ['tier', { ...property, default: 'gold' }],
    ['name', property],
  ]);

  it('completes what the entity clears, and nothing else', () => {
    const entity = anEntity({ properties: { tier: null, name: null } });
    expect(withDefaults(entity, { properties })?.properties).toEqual({ tier: 'gold', name: null });
  });

  it.each([{ tier: 'tin' }, { name: null }, {}])('has nothing to do for %j', (written) => {
    expect(withDefaults(anEntity({ properties: written }), { properties })).toBeNull();
  });
});

describe('sameLabels', () => {
  it.each<[string, Labels, Labels, boolean]>([
    ['the same', { title: 'API', icon: 'Git' }, { title: 'API', icon: 'Git' }, true],
    ['another title', { title: 'API' }, { title: 'Api' }, false],
    ['another icon', { icon: 'Git' }, { icon: 'Lock' }, false],
    ['a title where there was none', { title: 'API' }, {}, false],
    ['an empty title where there was one', { title: '' }, { title: 'API' }, false],
    ['an unmapped title', {}, { title: 'API' }, true],
    [
      'a null, which is never sent',
      { title: null, icon: null },
      { title: 'API', icon: 'Git' },
      true,
    ],
    ['nothing at all', {}, {}, true],
    ['null and nothing', { title: null }, { title: null }, true],
  ])('%s', (_name, mapped, existing, isSame) => {
    expect(sameLabels(mapped, existing)).toBe(isSame);
  });
});

function jsonValue(): fc.Arbitrary<JsonValue> {
  return fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
}

/** Only a parser can make a field of this name. */
function parsed(properties: string): Comparable {
  return { properties: JSON.parse(properties) as Comparable['properties'], relations: {} };
}
