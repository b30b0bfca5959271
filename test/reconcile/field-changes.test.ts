import { describe, expect, it } from '@jest/globals';
import { fieldChanges } from '../../src/reconcile/comparable.js';
import { aBlueprint, anEntity, someFields } from './a-blueprint.js';

const blueprint = aBlueprint('service', {
  properties: { state: null, since: 'date-time', constructor: null },
  relations: { project: 'project', owners: ['user'] },
});

const all = someFields({
  title: true,
  team: true,
  properties: ['state', 'since', 'constructor'],
  relations: ['project', 'owners'],
});

describe('fieldChanges', () => {
  it('names each field that differs, with both values', () => {
    const old = anEntity({
      title: 'Old',
      properties: { state: 'a' },
      relations: { owners: ['x'] },
    });
    const sent = anEntity({
      title: 'New',
      team: ['core'],
      properties: { state: null },
      relations: { project: 'PAY', owners: ['x', 'y'] },
    });
    expect(fieldChanges(old, sent, all, blueprint)).toEqual([
      { field: 'title', old: 'Old', new: 'New' },
      { field: 'team', old: null, new: ['core'] },
      { field: 'properties.state', old: 'a', new: null },
      { field: 'relations.project', old: null, new: 'PAY' },
      { field: 'relations.owners', old: ['x'], new: ['x', 'y'] },
    ]);
  });

  it('finds no change where Port would see none', () => {
    const old = anEntity({
      title: 'Same',
      properties: { since: '2026-01-01T00:00:00.000Z' },
      relations: { owners: ['x', 'y'] },
    });
    const sent = anEntity({
      title: null,
      properties: { state: null, since: '2026-01-01T01:00:00+01:00' },
      relations: { owners: ['y', 'x'] },
    });
    expect(fieldChanges(old, sent, all, blueprint)).toEqual([]);
  });

  it('empties what an upsert that replaces does not name', () => {
    const old = anEntity({ properties: { state: 'a' } });
    expect(fieldChanges(old, anEntity(), all, blueprint)).toEqual([
      { field: 'properties.state', old: 'a', new: null },
    ]);
  });
});
