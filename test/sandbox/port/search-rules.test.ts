import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/model/json.js';
import { SEARCH, aCatalog, identifiersOf, rule } from './a-catalog.js';
import { aPort } from './a-port.js';

describe('a blueprint search finds by rules', () => {
  it.each<[JsonObject, number[]]>([
    [{ property: 'state', operator: '=', value: 'OPEN' }, [1, 3]],
    [{ property: 'state', operator: '!=', value: 'OPEN' }, [2, 4]],
    [{ property: 'draft', operator: '=', value: null }, [1, 2, 3, 4]],
    [{ property: 'size', operator: '=', value: 2 }, [2]],
    [{ property: '$title', operator: 'contains', value: 'ge 3' }, [3]],
    [{ property: '$title', operator: 'doesNotContains', value: 'ge 3' }, [1, 2, 4]],
    [{ property: 'labels', operator: 'contains', value: 'docs' }, [2, 4]],
    [{ property: 'labels', operator: 'containsAny', value: ['docs', 'x'] }, [2, 4]],
    [{ property: '$identifier', operator: 'beginsWith', value: 'api-2' }, [2]],
    [{ property: '$identifier', operator: 'doesNotBeginsWith', value: 'api-2' }, [1, 3, 4]],
    [{ property: '$identifier', operator: 'endsWith', value: '-4' }, [4]],
    [{ property: '$identifier', operator: 'doesNotEndsWith', value: '-4' }, [1, 2, 3]],
    [{ property: '$identifier', operator: 'in', value: ['api-1', 'api-4'] }, [1, 4]],
    [{ property: '$identifier', operator: 'notIn', value: ['api-1', 'api-4'] }, [2, 3]],
    [{ property: '$team', operator: 'in', value: ['edge'] }, [2, 4]],
    [{ property: '$blueprint', operator: '=', value: 'pullRequest' }, [1, 2, 3, 4]],
    [{ property: '$blueprint', operator: '=', value: 'user' }, []],
    [{ property: '$createdBy', operator: '=', value: 'a person' }, [1, 3]],
    [{ property: '$updatedBy', operator: '=', value: 'the exporter' }, [2, 4]],
    [{ property: '$datasource', operator: 'contains', value: '/my-integration/exporter' }, [2, 4]],
    [
      { property: '$datasource', operator: 'contains', value: 'port-ocean/bitbucket-server/' },
      [1, 2, 3, 4],
    ],
    [{ property: 'draft', operator: 'isEmpty' }, [1, 2, 3, 4]],
    [{ property: 'state', operator: 'isNotEmpty' }, [1, 2, 3, 4]],
    [{ relation: 'reviewers', operator: 'isEmpty' }, [2, 4]],
    [{ relation: 'repository', operator: '=', value: 'api' }, [1, 2, 3, 4]],
    [{ relation: 'reviewers', operator: 'contains', value: 'ada' }, [1, 3]],
    [
      { relation: 'repository', targetProperty: '$title', operator: '=', value: 'API' },
      [1, 2, 3, 4],
    ],
    [{ property: 'size', operator: '>', value: 3 }, [4]],
    [{ property: 'size', operator: '>=', value: 3 }, [3, 4]],
    [{ property: 'size', operator: '<', value: 2 }, [1]],
    [{ property: 'size', operator: '<=', value: 2 }, [1, 2]],
    [{ property: 'draft', operator: '<=', value: 2 }, []],
    [{ property: 'createdOn', operator: '>', value: '2025-05-03T12:00:00Z' }, [4]],
    [{ property: 'createdOn', operator: '<=', value: '2025-05-03T14:00:00+02:00' }, [1, 2, 3]],
    [
      {
        property: 'createdOn',
        operator: 'between',
        value: { from: '2025-05-02T00:00:00Z', to: '2025-05-03T12:00:00Z' },
      },
      [2, 3],
    ],
    [
      {
        property: 'createdOn',
        operator: 'notBetween',
        value: { from: '2025-05-02T00:00:00Z', to: '2025-05-03T12:00:00Z' },
      },
      [1, 4],
    ],
    [{ property: '$updatedAt', operator: '=', value: { preset: 'today' } }, [1, 2, 3, 4]],
    [{ property: '$updatedAt', operator: 'between', value: { preset: 'yesterday' } }, []],
    [{ property: '$createdAt', operator: 'between', value: { preset: 'lastWeek' } }, [1, 2, 3, 4]],
    [{ property: 'createdOn', operator: 'between', value: { preset: 'lastMonth' } }, []],
    [
      { property: 'createdOn', operator: 'between', value: { preset: 'last12Months' } },
      [1, 2, 3, 4],
    ],
    [{ property: 'repositoryLink', operator: 'contains', value: 'git.example' }, [1, 2, 3, 4]],
    [{ operator: 'relatedTo', blueprint: 'user', value: 'ada', direction: 'downstream' }, [1, 3]],
    [{ operator: 'relatedTo', blueprint: 'user', value: 'ada', direction: 'upstream' }, []],
    [{ operator: 'relatedTo', blueprint: 'user', value: ['ada'] }, [1, 3]],
    [{ operator: 'relatedTo', blueprint: 'user', value: 'ada', required: true }, []],
    [
      { operator: 'relatedTo', blueprint: 'repository', value: 'api', required: true },
      [1, 2, 3, 4],
    ],
    [{ combinator: 'or', rules: [] }, []],
    [{ combinator: 'and', rules: [] }, [1, 2, 3, 4]],
  ])('%j', async (asked, expected) => {
    const { call } = await aCatalog(4);
    const { status, body } = await call(SEARCH, { body: { query: rule(asked) } });
    expect(status).toBe(200);
    expect(identifiersOf(body)).toEqual(expected.map((number) => `api-${number}`));
  });

  it('joined by and, or, and nested', async () => {
    const { call } = await aCatalog(4);
    const query = {
      combinator: 'or',
      rules: [
        { property: 'size', operator: '=', value: 4 },
        rule(
          { property: 'state', operator: '=', value: 'OPEN' },
          { property: 'size', operator: '>', value: 1 },
        ),
      ],
    };
    const { body } = await call(SEARCH, { body: { query } });
    expect(identifiersOf(body)).toEqual(['api-3', 'api-4']);
  });

  it.each<[JsonObject, number]>([
    [rule({ property: 'state', operator: 'like', value: 'O' }), 1],
    [rule({ property: 'state', operator: '=' }), 1],
    [rule({ property: 'size', operator: '>', value: 'three' }), 1],
    [rule({ property: 'size', operator: 'between', value: { preset: 'lastYear' } }), 1],
    [rule({ property: 'size', operator: 'between', value: { preset: 'lastDay' } }), 1],
    [rule({ property: 'size', operator: 'in', value: [1, 2] }), 1],
    [{ combinator: 'xor', rules: [] }, 1],
    [{ rules: [] }, 1],
    [{ combinator: 'and', rules: [], sort: 'size' }, 1],
    // The shape is right: only the field does not exist.
    [rule({ property: '$datasources', operator: '=', value: 'x' }), 0],
  ])('but not by %j', async (query, violations) => {
    const { call, takeViolations } = await aPort();
    expect(await call(SEARCH, { body: { query } })).toMatchObject({
      status: 422,
      body: { error: 'invalid_request' },
    });
    expect(takeViolations()).toHaveLength(violations);
  });
});
