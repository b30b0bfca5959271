import { describe, expect, it } from '@jest/globals';
import { mergeEntities, mergeFields } from '../../src/reconcile/merge-entities.js';
import { anEntity, someFields } from './a-blueprint.js';

describe('mergeEntities', () => {
  it('lets a later one win on what it names, and only on that', () => {
    const merged = mergeEntities([
      anEntity({
        title: 'first',
        icon: 'Git',
        properties: { url: 'a', state: 'OPEN' },
        relations: { project: 'PAY' },
      }),
      anEntity({ title: 'second', properties: { state: 'MERGED' }, relations: { owner: 'ada' } }),
    ]);
    expect(merged).toEqual(
      anEntity({
        title: 'second',
        icon: 'Git',
        properties: { url: 'a', state: 'MERGED' },
        relations: { project: 'PAY', owner: 'ada' },
      }),
    );
  });

  it('counts a null as named: it clears', () => {
    const merged = mergeEntities([
      anEntity({ title: 'first', team: ['core'], properties: { state: 'OPEN' } }),
      anEntity({ title: null, team: null, properties: { state: null } }),
    ]);
    expect(merged).toEqual(anEntity({ title: null, team: null, properties: { state: null } }));
  });

  it('goes through any number of them in the given order', () => {
    const states = ['one', 'two', 'three'].map((state) => anEntity({ properties: { state } }));
    expect(mergeEntities([anEntity(), ...states]).properties).toEqual({ state: 'three' });
  });

  it('changes none of them', () => {
    const first = anEntity({ properties: { state: 'OPEN' } });
    mergeEntities([first, anEntity({ properties: { state: 'MERGED' } })]);
    expect(first.properties).toEqual({ state: 'OPEN' });
  });
});

describe('mergeFields', () => {
  it('names what any of the feeds fills, once', () => {
    expect(
      mergeFields([
        someFields({ title: true, properties: ['url', 'state'], relations: ['project'] }),
        someFields({ team: true, properties: ['state', 'at'], relations: ['project', 'owner'] }),
      ]),
    ).toEqual({
      title: true,
      icon: false,
      team: true,
      properties: ['url', 'state', 'at'],
      relations: ['project', 'owner'],
    });
  });

  it('is empty for none', () => {
    expect(mergeFields([])).toEqual(someFields());
  });
});
