import { describe, expect, it } from '@jest/globals';
import {
  narrowedBlueprints,
  narrowedResources,
  type Narrowing,
} from '../../src/stages/choose-mapping.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';
import { aMapping } from './a-run.js';

const mapping = aMapping([
  ['project', 'project'],
  ['repository', 'service'],
  ['pull-request', 'pullRequest', 'review'],
  ['user', 'user'],
]);
const blueprints = new Map(
  [
    aBlueprint('project'),
    aBlueprint('service', { relations: { project: 'project' } }),
    aBlueprint('pullRequest', { relations: { repository: 'service', author: 'user' } }),
    aBlueprint('review', { relations: { pullRequest: 'pullRequest' } }),
    aBlueprint('user'),
  ].map((blueprint) => [blueprint.identifier, blueprint]),
);

function narrowing(kinds: readonly string[] | null, ...selected: readonly string[]): Narrowing {
  return { kinds, selectedKinds: new Set(selected) };
}

describe('narrowedResources', () => {
  it.each<[string, readonly string[] | null, readonly string[]]>([
    ['all', null, ['project', 'repository', 'pull-request', 'user']],
    ['those that are named', ['user', 'project'], ['project', 'user']],
    ['none', [], []],
  ])('runs %s', (_name, kinds, expected) => {
    const resources = narrowedResources(mapping, narrowing(kinds));
    expect(resources.map(({ kind }) => kind)).toEqual(expected);
  });
});

describe('narrowedBlueprints', () => {
  it.each<[string, Narrowing, readonly string[]]>([
    ['no narrowing', narrowing(null), []],
    ['all kinds named', narrowing(['project', 'repository', 'pull-request', 'user']), []],
    ['a state of pull requests', narrowing(null, 'pull-request'), ['pullRequest', 'review']],
    ['users left out', narrowing(['project', 'repository', 'pull-request']), ['user']],
    // What a left-out pull request relates to cannot be told, so its targets stay as well.
    [
      'pull requests left out',
      narrowing(['project', 'repository', 'user']),
      ['pullRequest', 'review', 'service', 'user'],
    ],
    [
      'a kind both left out and selected',
      narrowing(['project', 'repository', 'pull-request'], 'user'),
      ['user'],
    ],
  ])('of %s touches what it feeds, and no more', (_name, narrowed, expected) => {
    expect([...narrowedBlueprints(mapping, narrowed, blueprints)].sort()).toEqual(
      [...expected].sort(),
    );
  });

  it.each<[string, Narrowing, boolean]>([
    ['left out', narrowing(['project']), true],
    ['read in part', narrowing(null, 'repository'), true],
    ['read', narrowing(['repository']), false],
  ])('touches every blueprint when a resource is %s that computes its own', (_n, narrowed, all) => {
    const computing = aMapping([
      ['project', 'project'],
      ['repository', ['.type']],
      ['user', 'user'],
    ]);
    const expected = all ? [...blueprints.keys()] : ['project', 'user'];
    expect([...narrowedBlueprints(computing, narrowed, blueprints)].sort()).toEqual(
      [...expected].sort(),
    );
  });

  it('bears a blueprint that Port does not have', () => {
    expect([...narrowedBlueprints(mapping, narrowing([]), new Map())].sort()).toEqual([
      'project',
      'pullRequest',
      'review',
      'service',
      'user',
    ]);
  });
});
