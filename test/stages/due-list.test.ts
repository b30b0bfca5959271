import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/problems/problem.js';
import type { DueEntity } from '../../src/reconcile/keep-related.js';
import { DueList } from '../../src/stages/due-list.js';
import { KeptEntities } from '../../src/stages/kept-entities.js';
import type { ResourceRun } from '../../src/stages/resource-run.js';
import { ScopeProtection } from '../../src/stages/scope-protection.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';
import {
  aRepository,
  aResource,
  aRun,
  complete,
  incomplete,
  repositories,
  repositoryScope,
} from './a-run.js';

const blueprint = aBlueprint('pullRequest', { relations: { repository: 'service' } });

function due(identifier: string, repository: string): DueEntity {
  return { blueprint: 'pullRequest', identifier, relations: { repository } };
}

let run: ResourceRun;
let other: ResourceRun;
let kept: KeptEntities;
let list: DueList;

beforeEach(async () => {
  run = await aRun({
    resource: aResource('pull-request', ['pullRequest'], 0, ['repository']),
    ends: [incomplete(repositoryScope('PAY/api')), complete(repositoryScope('PAY/web'), 2)],
  });
  other = await aRun({
    resource: aResource('repository', ['service']),
    map: ({ key }) => [{ blueprint: 'service', identifier: key.slice(4) }],
  });
  const protection = await ScopeProtection.of(blueprint, [run], [run, other]);
  kept = new KeptEntities();
  const all = [due('1', 'api'), due('2', 'web'), due('3', 'web')];
  list = new DueList('pullRequest', 20, ['4'], all, [run], protection, kept);
});

const identifiers = (entities: readonly DueEntity[]): readonly string[] =>
  entities.map(({ identifier }) => identifier);

function told(): readonly Problem[] {
  const problems: Problem[] = [];
  kept.report((problem) => problems.push(problem));
  return problems;
}

describe('DueList', () => {
  it('takes off what there is a reason to keep, and remembers both', () => {
    list.keep(({ identifier }) => (identifier === '2' ? 'seen again' : null));
    expect(identifiers(list.due)).toEqual(['1', '3']);
    expect(identifiers(list.staying)).toEqual(['2']);
    expect(told()).toEqual([
      { code: 'deletions-withheld', blueprint: 'pullRequest', count: 1, reason: 'seen again' },
    ]);
  });

  it('tells the first reason only', () => {
    list.keep(() => 'item failed');
    list.keep(() => 'narrowed run');
    expect(identifiers(list.staying)).toEqual(['1', '2', '3']);
    expect(told()).toMatchObject([{ count: 3, reason: 'item failed' }]);
  });

  it('keeps what belongs to a repository that was not read', () => {
    list.keepOfRepositories([aRepository('PAY/api')]);
    expect(identifiers(list.due)).toEqual(['2', '3']);
    expect(told()).toMatchObject([{ count: 1, reason: 'repository not read' }]);
  });

  it('rests on listings of the runs that feed it, as long as something is due', () => {
    const web = repositoryScope('PAY/web');
    expect(list.restsOn(run, web)).toBe(true);
    expect(list.restsOn(run, repositories)).toBe(true);
    expect(list.restsOn(other, repositories)).toBe(false);
    list.keep(({ identifier }) => (identifier === '1' ? null : 'seen again'));
    expect(list.restsOn(run, web)).toBe(false);
    list.keep(() => 'seen again');
    expect(list.restsOn(run, repositories)).toBe(false);
  });

  it('gives the threshold what is left of what was owned', () => {
    list.keep(({ identifier }) => (identifier === '3' ? 'seen again' : null));
    expect(list.deletions()).toEqual({
      blueprint: 'pullRequest',
      owned: 20,
      due: [due('1', 'api'), due('2', 'web')],
      appeared: ['4'],
      isFed: true,
    });
  });

  it('tells the threshold when nothing feeds the blueprint any more', async () => {
    const protection = await ScopeProtection.of(blueprint, [], [run, other]);
    const orphans = new DueList('pullRequest', 3, [], [due('1', 'api')], [], protection, kept);
    expect(orphans.deletions()).toEqual({
      blueprint: 'pullRequest',
      owned: 3,
      due: [due('1', 'api')],
      appeared: [],
      isFed: false,
    });
  });
});
