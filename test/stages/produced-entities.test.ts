import { describe, expect, it } from '@jest/globals';
import { ProducedEntities } from '../../src/stages/known-entities.js';
import { aBlueprint, anEntity } from '../reconcile/a-blueprint.js';

const blueprint = aBlueprint('service', { relations: { uses: ['service'], owner: 'user' } });

describe('ProducedEntities', () => {
  it('lets the first of two different items of one feed win', () => {
    const produced = new ProducedEntities(blueprint, 1);
    expect(produced.add(0, anEntity(), 1, 'item 1')).toEqual({ type: 'new' });
    expect(produced.add(0, anEntity(), 2, 'item 2')).toEqual({
      type: 'collision',
      winner: 'item 1',
    });
    expect(produced.add(0, anEntity(), 3, 'item 3')).toEqual({
      type: 'collision',
      winner: 'item 1',
    });
  });

  it('takes two items with the same content for one', () => {
    const produced = new ProducedEntities(blueprint, 1);
    produced.add(0, anEntity(), 1, 'item 1');
    expect(produced.add(0, anEntity(), 1, 'item 2')).toEqual({ type: 'same' });
  });

  it('does not take what two feeds make for a collision', () => {
    const produced = new ProducedEntities(blueprint, 2);
    produced.add(0, anEntity(), 1, 'item 1');
    expect(produced.add(1, anEntity(), 2, 'item 2')).toEqual({ type: 'new' });
  });

  it('knows what any feed made', () => {
    const produced = new ProducedEntities(blueprint, 2);
    produced.add(1, anEntity({ identifier: 'api' }), 1, 'item');
    expect(produced.has('api')).toBe(true);
    expect(produced.has('web')).toBe(false);
  });

  it('tells what a feed made in the order of its source', () => {
    const produced = new ProducedEntities(blueprint, 2);
    for (const identifier of ['web', 'api', 'web']) {
      produced.add(1, anEntity({ identifier }), 1, 'item');
    }
    expect([...produced.identifiersOf(1)]).toEqual(['web', 'api']);
    expect([...produced.identifiersOf(0)]).toEqual([]);
    expect([...produced.identifiersOf(2)]).toEqual([]);
  });

  it('knows what its entities relate to, by blueprint', () => {
    const produced = new ProducedEntities(blueprint, 1);
    const relations = { uses: ['web', 'shop'], owner: 'ada', unknown: 'x' };
    produced.add(0, anEntity({ relations }), 1, 'item');
    const relatesTo = (target: string, identifier: string): boolean =>
      produced.relatesTo({ blueprint: target, identifier });
    expect(relatesTo('service', 'web')).toBe(true);
    expect(relatesTo('service', 'shop')).toBe(true);
    expect(relatesTo('user', 'ada')).toBe(true);
    expect(relatesTo('user', 'web')).toBe(false);
    expect(relatesTo('service', 'x')).toBe(false);
  });

  it('passes over what the loser of a collision relates to: it is not loaded', () => {
    const produced = new ProducedEntities(blueprint, 1);
    produced.add(0, anEntity(), 1, 'item 1');
    produced.add(0, anEntity({ relations: { owner: 'ada' } }), 2, 'item 2');
    expect(produced.relatesTo({ blueprint: 'user', identifier: 'ada' })).toBe(false);
  });

  it('refuses a feed that does not exist: that is a bug', () => {
    expect(() => new ProducedEntities(blueprint, 1).add(1, anEntity(), 0, '')).toThrow('no feed 1');
  });
});
