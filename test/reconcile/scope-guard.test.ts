import { describe, expect, it } from '@jest/globals';
import { referenceKey, type EntityReference } from '../../src/model/entity.js';
import type { JsonObject } from '../../src/model/json.js';
import {
  leadingRelations,
  scopeVerdict,
  type ScopeVerdict,
} from '../../src/reconcile/scope-guard.js';
import { aBlueprint } from './a-blueprint.js';

const pullRequest = aBlueprint('pullRequest', {
  relations: { repository: 'service', source: 'service', author: 'user' },
});

const service = (identifier: string): EntityReference => ({ blueprint: 'service', identifier });

/** `PAY/api` is mapped to service `api`, `PAY/web` to `web`. */
const own = new Map([
  ['PAY/api', [service('api')]],
  ['PAY/web', [service('web')]],
]);

/** The mapping fills all relations, unless a test says otherwise. */
const mapped = new Set(['repository', 'source', 'author']);

function sightings(
  seen: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): Map<string, Map<string, string | null>> {
  return new Map(
    Object.entries(seen).map(([relation, repositories]) => [
      relation,
      new Map(Object.entries(repositories)),
    ]),
  );
}

describe('leadingRelations', () => {
  it('drops a relation that an item contradicts: a pull request may come from a fork', () => {
    const seen = sightings({
      repository: { 'PAY/api': 'api', 'PAY/web': 'web' },
      source: { 'PAY/api': 'fork', 'PAY/web': 'web' },
    });
    expect(leadingRelations(pullRequest, seen, own, mapped)).toEqual(['repository']);
  });

  it('drops a relation whose items of one repository differed or had none', () => {
    const seen = sightings({ repository: { 'PAY/api': 'api' }, source: { 'PAY/api': null } });
    expect(leadingRelations(pullRequest, seen, own, mapped)).toEqual(['repository']);
  });

  it('never takes a relation that leads elsewhere', () => {
    const seen = sightings({ author: { 'PAY/api': 'api' } });
    expect(leadingRelations(pullRequest, seen, own, mapped)).not.toContain('author');
  });

  it('accepts any of the entities that a repository is mapped to', () => {
    const several = new Map([['PAY/api', [service('api'), service('PAY-api')]]]);
    const seen = sightings({ repository: { 'PAY/api': 'PAY-api' } });
    expect(leadingRelations(pullRequest, seen, several, mapped)).toContain('repository');
  });

  it('takes a repository without an entity for no contradiction', () => {
    const seen = sightings({ repository: { 'PAY/new': 'new' } });
    const ownOfTwo = new Map([...own, ['PAY/new', []]]);
    expect(leadingRelations(pullRequest, seen, ownOfTwo, mapped)).toContain('repository');
  });

  it('never takes a relation that the mapping does not fill: somebody else did', () => {
    const filled = new Set(['repository', 'author']);
    expect(leadingRelations(pullRequest, sightings({}), own, filled)).toEqual(['repository']);
    expect(leadingRelations(pullRequest, sightings({}), own, new Set())).toEqual([]);
  });

  it('finds none where repositories are not mapped', () => {
    const unmapped = new Map([['PAY/api', []]]);
    expect(leadingRelations(pullRequest, sightings({}), unmapped, mapped)).toEqual([]);
  });
});

describe('scopeVerdict', () => {
  const keys = (...references: readonly EntityReference[]) => new Set(references.map(referenceKey));
  const known = { unread: keys(service('api')), read: keys(service('web'), service('shop')) };

  it.each<[string, JsonObject, readonly string[], ScopeVerdict]>([
    ['leads to an unread repository', { repository: 'api' }, ['repository'], 'not read'],
    ['leads to one that was read', { repository: 'web' }, ['repository'], 'elsewhere'],
    [
      'leads to several that were read',
      { repository: ['web', 'shop'] },
      ['repository'],
      'elsewhere',
    ],
    // It may be the unread one, under the name that it had before.
    ['leads to one that no listing shows', { repository: 'old' }, ['repository'], 'unknown'],
    [
      'leads to one that was read and one that no listing shows',
      { repository: ['web', 'old'] },
      ['repository'],
      'unknown',
    ],
    [
      'leads to one that no listing shows by one of two',
      { repository: 'web', source: 'old' },
      ['repository', 'source'],
      'unknown',
    ],
    ['leads nowhere', { repository: null }, ['repository'], 'unknown'],
    ['lacks the relation', {}, ['repository'], 'unknown'],
    ['has no leading relation', { repository: 'web' }, [], 'unknown'],
    ['has a search query there', { repository: { combinator: 'and' } }, ['repository'], 'unknown'],
    ['leads to both', { repository: ['web', 'api'] }, ['repository'], 'not read'],
    [
      'leads there by one of two',
      { repository: 'web', source: 'api' },
      ['repository', 'source'],
      'not read',
    ],
    ['leads to a user of the same name as an unread one', { author: 'api' }, ['author'], 'unknown'],
    ['leads to a user of the same name as a read one', { author: 'web' }, ['author'], 'unknown'],
  ])('of an entity that %s', (_name, relations, leading, verdict) => {
    expect(scopeVerdict({ relations }, pullRequest, leading, known)).toBe(verdict);
  });

  it('is not read where an unread repository has the entity of a read one', () => {
    const both = { unread: keys(service('api')), read: keys(service('api')) };
    const entity = { relations: { repository: 'api' } };
    expect(scopeVerdict(entity, pullRequest, ['repository'], both)).toBe('not read');
  });

  it('is elsewhere when everything was read', () => {
    const all = { unread: keys(), read: keys(service('api')) };
    const entity = { relations: { repository: 'api' } };
    expect(scopeVerdict(entity, pullRequest, ['repository'], all)).toBe('elsewhere');
  });
});
