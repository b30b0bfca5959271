import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../src/model/json.js';
import { referencesOf, targetsOf } from '../../src/model/blueprint.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';

describe('targetsOf', () => {
  it.each<[string, JsonValue | undefined, readonly string[]]>([
    ['one identifier', 'api', ['api']],
    ['a list', ['api', 'web'], ['api', 'web']],
    ['a list with what is no identifier', ['api', null, 7, { combinator: 'and' }], ['api']],
    ['null', null, []],
    ['nothing', undefined, []],
    ['a search query', { combinator: 'and', rules: [] }, []],
  ])('reads %s', (_name, value, targets) => {
    expect(targetsOf(value)).toEqual(targets);
  });
});

describe('referencesOf', () => {
  const blueprint = aBlueprint('pullRequest', {
    relations: { repository: 'service', reviewers: ['user'] },
  });

  it('names the targets with the blueprint that the relation leads to', () => {
    const relations = { reviewers: ['ada', 'grace'], repository: 'api' };
    expect([...referencesOf(relations, blueprint)]).toEqual([
      { blueprint: 'service', identifier: 'api' },
      { blueprint: 'user', identifier: 'ada' },
      { blueprint: 'user', identifier: 'grace' },
    ]);
  });

  it('passes over relations that the blueprint does not know', () => {
    expect([...referencesOf({ owner: 'ada' }, blueprint)]).toEqual([]);
  });
});
