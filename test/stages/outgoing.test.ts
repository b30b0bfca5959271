import { describe, expect, it } from '@jest/globals';
import { knownFields, outgoingEntity, saysAll } from '../../src/stages/outgoing.js';
import { aBlueprint, anEntity, someFields } from '../reconcile/a-blueprint.js';

const blueprint = aBlueprint('service', {
  properties: { url: null, readme: 'markdown' },
  relations: { project: 'project', owners: ['user'] },
});

describe('knownFields', () => {
  it('parts what the blueprint has from what it lacks', () => {
    const fields = someFields({
      title: true,
      properties: ['url', 'stars'],
      relations: ['project', 'team'],
    });
    expect(knownFields(fields, blueprint)).toEqual({
      known: someFields({ title: true, properties: ['url'], relations: ['project'] }),
      lacking: ['properties.stars', 'relations.team'],
      computed: [],
    });
  });

  it('tells a property from a relation of the same name', () => {
    const fields = someFields({ properties: ['project'], relations: ['url'] });
    expect(knownFields(fields, blueprint).lacking).toEqual(['properties.project', 'relations.url']);
  });
});

describe('saysAll', () => {
  const fields = someFields({ properties: ['url', 'readme'], relations: ['project'] });

  it.each<[string, ReturnType<typeof anEntity>, boolean]>([
    [
      'every field has a value',
      anEntity({ properties: { url: 'x', readme: '' }, relations: { project: 'P' } }),
      true,
    ],
    [
      'fields are null: that clears them',
      anEntity({ properties: { url: null, readme: null }, relations: { project: null } }),
      true,
    ],
    [
      'a property could not be read',
      anEntity({ properties: { url: 'x' }, relations: { project: 'P' } }),
      false,
    ],
    ['a relation could not be read', anEntity({ properties: { url: 'x', readme: '' } }), false],
  ])('when %s', (_name, entity, expected) => {
    expect(saysAll(entity, fields)).toBe(expected);
  });

  it.each(['title', 'icon', 'team'] as const)('looks at the %s where it is mapped', (name) => {
    expect(saysAll(anEntity({ [name]: 'x' }), someFields({ [name]: true }))).toBe(true);
    expect(saysAll(anEntity({ [name]: null }), someFields({ [name]: true }))).toBe(true);
    expect(saysAll(anEntity(), someFields({ [name]: true }))).toBe(false);
    expect(saysAll(anEntity(), someFields())).toBe(true);
  });
});

describe('outgoingEntity', () => {
  it('sends what the blueprint has and leaves out the rest', () => {
    const entity = anEntity({
      title: 'API',
      icon: 'Git',
      team: ['core'],
      properties: { url: 'x', stars: 3 },
      relations: { project: 'PAY', team: 'core' },
    });
    expect(outgoingEntity(entity, blueprint)).toEqual({
      identifier: 'api',
      title: 'API',
      icon: 'Git',
      team: ['core'],
      properties: { url: 'x' },
      relations: { project: 'PAY' },
    });
  });

  it('leaves out what the mapping does not name, and sends what it clears', () => {
    const entity = anEntity({
      title: null,
      properties: { url: null },
      relations: { project: null, owners: null },
    });
    expect(outgoingEntity(entity, blueprint)).toEqual({
      identifier: 'api',
      title: null,
      properties: { url: null },
      relations: { project: null, owners: [] },
    });
  });
});
