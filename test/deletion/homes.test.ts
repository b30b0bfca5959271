import { describe, expect, it } from '@jest/globals';
import { Homes } from '../../src/deletion/homes.js';
import type { JsonObject } from '../../src/model/json.js';
import type { RawItem } from '../../src/model/page.js';
import type { Address, ScopeEnd } from '../../src/source/source.js';
import { aBlueprint } from '../reconcile/a-blueprint.js';
import {
  aResource,
  aRun,
  complete,
  incomplete,
  repositories,
  repositoryScope,
  type MadeEntity,
} from '../stages/a-run.js';
import { aClaim, someFacts } from './some-facts.js';

const pullRequest = aBlueprint('pullRequest', {
  relations: { repository: 'service', source: 'service', author: 'user' },
});

const api = repositoryScope('PAY/api');
const web = repositoryScope('PAY/web');

/** A repository is mapped to the service of its slug. */
const toService = ({ key }: RawItem): readonly MadeEntity[] => [
  { blueprint: 'service', identifier: key.split('/')[1] ?? '' },
];

function addressOf(key: string): Address {
  const segments = key.split('/');
  return {
    kind: 'repository',
    name: `repository ${key}`,
    key: `repository ${key}`,
    parent: null,
    segments,
  };
}

/** A world of pull requests as this run saw them, and of what is due in it. */
interface Situation {
  readonly ends: readonly ScopeEnd[];
  /** By repository, what the relations of its pull requests say. */
  readonly seen?: readonly (readonly [key: string, relations: JsonObject])[];
  readonly mapRepository?: (item: RawItem) => readonly MadeEntity[];
  readonly mapped?: readonly string[];
  readonly fieldsOfOtherRepositories?: readonly string[];
}

/** What becomes known of claims: `read`, `unread`, `unlisted`, `unknown`. */
async function homesOf(
  situation: Situation,
  ...claims: readonly { readonly relations?: JsonObject; readonly repository?: string }[]
): Promise<readonly string[]> {
  const { ends, seen = [], mapRepository = toService } = situation;
  const { mapped = ['repository', 'source', 'author'], fieldsOfOtherRepositories = [] } = situation;
  const pullRequests = await aRun({
    resource: aResource('pull-request', ['pullRequest'], 1, mapped),
    fieldsOfOtherRepositories,
    ends,
    pages: [
      { scope: api, items: [] },
      ...seen.map(([key], index) => ({
        scope: repositoryScope(key),
        items: [{ key: String(index), link: null, value: {} }],
      })),
    ],
    map: ({ key }) => [
      { blueprint: 'pullRequest', identifier: key, relations: seen[Number(key)]?.[1] ?? {} },
    ],
  });
  const services = await aRun({
    resource: aResource('repository', ['service']),
    map: mapRepository,
  });
  const facts = someFacts([services, pullRequests], { blueprints: [pullRequest] });
  const due = claims.map(({ relations = {}, repository }, index) =>
    aClaim({
      identifier: String(index),
      feeding: [pullRequests],
      relations,
      address:
        repository === undefined
          ? null
          : {
              ...addressOf(`${repository}#1`),
              kind: 'pull-request',
              parent: addressOf(repository),
            },
    }),
  );
  const homes = await Homes.of(due, facts);
  return due.map((claim) => homes.of(claim).type);
}

describe('where an entity came from', () => {
  it('is told by the relation that leads to its repository', async () => {
    const homes = await homesOf(
      { ends: [complete(repositories), incomplete(api), complete(web)] },
      { relations: { repository: 'api' } },
      { relations: { repository: 'web' } },
      { relations: { repository: null } },
    );
    expect(homes).toEqual(['unread', 'read', 'unknown']);
  });

  it('is told by its own link first, also for a repository that no listing shows', async () => {
    const homes = await homesOf(
      { ends: [complete(web)] },
      { relations: { repository: 'web' }, repository: 'PAY/gone' },
    );
    expect(homes).toEqual(['unlisted']);
  });

  it('is not told by a relation that led elsewhere: a fork proves nothing', async () => {
    const homes = await homesOf(
      {
        ends: [incomplete(api), complete(web)],
        seen: [['PAY/web', { repository: 'web', source: 'fork' }]],
      },
      { relations: { source: 'fork' } },
      { relations: { source: 'fork', repository: 'web' } },
      { relations: { source: 'fork', repository: 'api' } },
    );
    expect(homes).toEqual(['unknown', 'read', 'unread']);
  });

  it('is not known by relations where a repository that was not read is not mapped itself', async () => {
    const homes = await homesOf(
      {
        ends: [incomplete(api), complete(web)],
        mapRepository: (item) => (item.key === 'PAY/api' ? [] : toService(item)),
      },
      { relations: { repository: 'web' } },
    );
    expect(homes).toEqual(['unknown']);
  });

  it('is not known where a relation leads to a repository that no listing shows', async () => {
    const homes = await homesOf(
      { ends: [incomplete(api), complete(web)] },
      { relations: { repository: 'api-before' } },
      { relations: { repository: 'web', source: 'api-before' } },
    );
    expect(homes).toEqual(['unknown', 'unknown']);
  });

  it('is not told by a relation that the mapping does not fill', async () => {
    const homes = await homesOf(
      { ends: [incomplete(api), complete(web)], mapped: ['source'] },
      { relations: { repository: 'web' } },
      { relations: { repository: 'api', source: 'web' } },
    );
    expect(homes).toEqual(['unknown', 'read']);
  });

  it('is not told by a field that may name another repository, though no item shows it', async () => {
    const homes = await homesOf(
      { ends: [incomplete(api), complete(web)], fieldsOfOtherRepositories: ['source'] },
      { relations: { source: 'web' } },
      { relations: { source: 'api', repository: 'web' } },
    );
    expect(homes).toEqual(['unknown', 'read']);
  });

  it('takes no repository for read that one of two resources could not read', async () => {
    const homes = await homesOf(
      { ends: [complete(api), incomplete(api), complete(api)] },
      { relations: { repository: 'api' } },
    );
    expect(homes).toEqual(['unread']);
  });

  it('maps no repository once more where links tell', async () => {
    let mapped = 0;
    await homesOf(
      {
        ends: [complete(web)],
        mapRepository: (item) => {
          mapped += 1;
          return toService(item);
        },
      },
      { repository: 'PAY/web' },
    );
    expect(mapped).toBe(0);
  });
});
