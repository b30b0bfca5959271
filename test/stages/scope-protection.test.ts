import { describe, expect, it } from '@jest/globals';
import type { RawItem } from '../../src/model/page.js';
import type { DueEntity } from '../../src/reconcile/keep-related.js';
import type { ScopeEnd } from '../../src/source/source.js';
import { repositoryOf, ScopeProtection } from '../../src/stages/scope-protection.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';
import {
  aRepository,
  aResource,
  aRun,
  complete,
  incomplete,
  repositories,
  repositoryScope,
  type MadeEntity,
} from './a-run.js';

const pullRequest = aBlueprint('pullRequest', {
  relations: { repository: 'service', source: 'service', author: 'user' },
});

const api = repositoryScope('PAY/api');
const web = repositoryScope('PAY/web');

/** A repository is mapped to the service of its slug. */
const toService = ({ key }: RawItem): readonly MadeEntity[] => [
  { blueprint: 'service', identifier: key.split('/')[1] ?? '' },
];

function due(identifier: string, relations: DueEntity['relations']): DueEntity {
  return { blueprint: 'pullRequest', identifier, relations };
}

/** Pull requests as this run saw them: by repository, what their relations say. */
async function protection(
  ends: readonly ScopeEnd[],
  {
    seen = [],
    mapRepository = toService,
    mapped = ['repository', 'source', 'author'],
    fieldsOfOtherRepositories = [],
  }: {
    readonly seen?: readonly (readonly [key: string, relations: DueEntity['relations']])[];
    readonly mapRepository?: (item: RawItem) => readonly MadeEntity[];
    readonly mapped?: readonly string[];
    readonly fieldsOfOtherRepositories?: readonly string[];
  } = {},
): Promise<ScopeProtection> {
  const pullRequests = await aRun({
    resource: aResource('pull-request', ['pullRequest'], 1, mapped),
    fieldsOfOtherRepositories,
    ends,
    pages: seen.map(([key], index) => ({
      scope: repositoryScope(key),
      items: [{ key: String(index), link: null, value: {} }],
    })),
    map: ({ key }) => [
      { blueprint: 'pullRequest', identifier: key, relations: seen[Number(key)]?.[1] ?? {} },
    ],
  });
  const services = await aRun({
    resource: aResource('repository', ['service']),
    map: mapRepository,
  });
  return ScopeProtection.of(pullRequest, [pullRequests], [services, pullRequests]);
}

describe('ScopeProtection', () => {
  it('protects the entities of a repository that was not read, and no others', async () => {
    const one = await protection([complete(repositories), incomplete(api), complete(web)]);
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { repository: 'api' }))).toBe('repository not read');
    expect(judge(due('2', { repository: 'web' }))).toBeNull();
    expect(judge(due('3', { repository: null }))).toBe('repository unknown');
  });

  it('protects nothing when everything was read', async () => {
    const one = await protection([complete(repositories), complete(api, 2)]);
    expect(one.judge([])(due('1', {}))).toBeNull();
  });

  it('does not believe a relation that led elsewhere: a fork proves nothing', async () => {
    const one = await protection([incomplete(api), complete(web)], {
      seen: [['PAY/web', { repository: 'web', source: 'fork' }]],
    });
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { source: 'fork' }))).toBe('repository unknown');
    expect(judge(due('2', { source: 'fork', repository: 'web' }))).toBeNull();
    expect(judge(due('3', { source: 'fork', repository: 'api' }))).toBe('repository not read');
  });

  it('keeps the whole blueprint where the repository itself is not mapped', async () => {
    const one = await protection([incomplete(api), complete(web)], {
      mapRepository: (item) => (item.key === 'PAY/api' ? [] : toService(item)),
    });
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { repository: 'web' }))).toBe('repository unknown');
  });

  it('keeps the whole blueprint for a repository that nobody has seen before', async () => {
    const one = await protection([complete(web, 2)]);
    const judge = one.judge([aRepository('PAY/new')]);
    expect(judge(due('1', { repository: 'web' }))).toBe('repository unknown');
  });

  it('keeps what leads to a repository that no listing shows: it may have another name now', async () => {
    const one = await protection([incomplete(api), complete(web)]);
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { repository: 'api-before' }))).toBe('repository unknown');
    expect(judge(due('2', { repository: 'web', source: 'api-before' }))).toBe('repository unknown');
  });

  it('does not believe a relation that the mapping does not fill', async () => {
    const one = await protection([incomplete(api), complete(web)], { mapped: ['source'] });
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { repository: 'web' }))).toBe('repository unknown');
    expect(judge(due('2', { repository: 'api', source: 'web' }))).toBeNull();
  });

  it('does not believe a field that may name another repository, though no item shows it', async () => {
    const one = await protection([incomplete(api), complete(web)], {
      fieldsOfOtherRepositories: ['source'],
    });
    const judge = one.judge([aRepository('PAY/api')]);
    expect(judge(due('1', { source: 'web' }))).toBe('repository unknown');
    expect(judge(due('2', { source: 'api', repository: 'web' }))).toBeNull();
  });

  it('reads a listing again for what leads to a repository that no listing shows', async () => {
    const one = await protection([complete(api, 2), complete(web, 2)]);
    const ofBefore = [due('1', { repository: 'api-before' })];
    expect(one.mayRestOn(api, ofBefore)).toBe(true);
    expect(one.mayRestOn(web, ofBefore)).toBe(true);
  });

  it('reads a listing again only for what may rest on it', async () => {
    const one = await protection([complete(repositories, 2), complete(api, 2), complete(web, 2)]);
    const ofApi = [due('1', { repository: 'api' })];
    expect(one.mayRestOn(repositories, ofApi)).toBe(true);
    expect(one.mayRestOn(api, ofApi)).toBe(true);
    expect(one.mayRestOn(web, ofApi)).toBe(false);
    expect(one.mayRestOn(web, [due('2', {})])).toBe(true);
  });

  it('reads any listing again where nothing leads to its repository', async () => {
    const one = await protection([complete(api, 2), complete(web, 2)], { mapRepository: () => [] });
    expect(one.mayRestOn(web, [due('1', { repository: 'api' })])).toBe(true);
  });

  it('does not map repositories once more when no listing below them matters', async () => {
    let mapped = 0;
    await protection([complete(repositories, 5), complete(api), complete(web)], {
      mapRepository: (item) => {
        mapped += 1;
        return toService(item);
      },
    });
    expect(mapped).toBe(0);
  });
});

describe('repositoryOf', () => {
  it('is none for a root listing', () => {
    expect(repositoryOf(repositories)).toEqual([]);
    expect(repositoryOf(api)).toEqual([aRepository('PAY/api')]);
  });
});
