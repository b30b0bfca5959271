import { describe, expect, it } from '@jest/globals';
import type { OwnedEntity } from '../../src/stages/entity-comparison.js';
import { OwnedEntities } from '../../src/stages/known-entities.js';

function anOwned(difference: Partial<OwnedEntity> = {}): OwnedEntity {
  return {
    title: 'API',
    icon: null,
    updatedAt: 1_767_225_600_000,
    createdAt: 1_767_225_500_000,
    prints: [281_474_976_710_655, 7],
    isBare: false,
    ...difference,
  };
}

describe('OwnedEntities', () => {
  it('gives back what it was given, of many', () => {
    const owned = new OwnedEntities(2);
    const given = new Map<string, OwnedEntity>();
    for (let number = 0; number < 1_000; number += 1) {
      const entity = anOwned({
        title: number % 3 === 0 ? null : `Title ${number}`,
        icon: number % 5 === 0 ? 'Git' : null,
        updatedAt: number % 7 === 0 ? null : 1_767_225_600_000 + number,
        createdAt: number % 11 === 0 ? null : number,
        prints: [number, 281_474_976_710_655 - number],
        isBare: number % 13 === 0,
      });
      owned.add(`entity-${number}`, entity);
      given.set(`entity-${number}`, entity);
    }
    expect(owned.size).toBe(1_000);
    expect(new Map(owned)).toEqual(given);
    for (const [identifier, entity] of given) expect(owned.get(identifier)).toEqual(entity);
  });

  it('does not know what nobody gave', () => {
    const owned = new OwnedEntities(1);
    expect(owned.has('api')).toBe(false);
    expect(owned.get('api')).toBeUndefined();
    expect([...owned]).toEqual([]);
    expect(owned.size).toBe(0);
  });

  it('keeps the last of two with one identifier', () => {
    const owned = new OwnedEntities(2);
    owned.add('api', anOwned({ isBare: true }));
    owned.add('web', anOwned());
    owned.add('api', anOwned({ title: 'Other', prints: [1, 2] }));
    expect(owned.size).toBe(2);
    expect(owned.get('api')).toEqual(anOwned({ title: 'Other', prints: [1, 2] }));
    expect([...owned].map(([identifier]) => identifier)).toEqual(['api', 'web']);
  });

  it('takes an entity of no feed', () => {
    const owned = new OwnedEntities(0);
    owned.add('api', anOwned({ prints: [] }));
    expect(owned.get('api')).toEqual(anOwned({ prints: [] }));
  });
});
