import { describe, expect, it } from '@jest/globals';
import { plainEntity } from './world.js';
import { MAPPINGS, resource, told, withEntity } from './written-mapping.js';

describe('parseMapping', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['is missing']],
    ['null', null, ['must be an object with a list of resources']],
    ['a text', 'x', ['must be an object with a list of resources']],
    ['a list', [], ['must be an object with a list of resources']],
    ['no resources', {}, ['resources is missing']],
    ['an empty list of resources', { resources: [] }, ['resources must not be empty']],
    ['resources by name', { resources: {} }, ['resources must be a list of resources']],
    ['a resource that is a text', { resources: ['x'] }, ['resources[0] must be an object']],
    [
      'a resource with nothing in it',
      { resources: [{}] },
      ['resources[0].kind is missing', 'resources[0].port is missing'],
    ],
    [
      'an unknown kind',
      { resources: [resource({ kind: 'repositry' })] },
      [
        'resources[0].kind is repositry (did you mean repository?), which is none of the kinds repository, pull-request',
      ],
    ],
    [
      'a selector that is a text',
      { resources: [resource({ selector: 'true' })] },
      ['resources[0].selector must be an object'],
    ],
    [
      'a query that is a list',
      { resources: [resource({ selector: { query: [] } })] },
      ['resources[0].selector.query must be a jq expression'],
    ],
    [
      'a selector key of the wrong type',
      { resources: [resource({ selector: { projects: 'PAY' } })] },
      ['resources[0].selector.projects is not valid: expected array, received string'],
    ],
    [
      'a selector key of another kind',
      { resources: [resource({ selector: { state: 'OPEN', project: [] } })] },
      ['resources[0].selector has no key state, project (did you mean projects?)'],
    ],
    [
      'no mappings',
      { resources: [resource({ port: { entity: {} } })] },
      [`${MAPPINGS} is missing`],
    ],
    [
      'mappings that are a text',
      { resources: [resource({ port: { entity: { mappings: 'x' } } })] },
      [`${MAPPINGS} must be an entity mapping or a list of them`],
    ],
    [
      'an empty list of mappings',
      { resources: [resource({ port: { entity: { mappings: [] } } })] },
      [`${MAPPINGS} must not be empty`],
    ],
    [
      'a member of mappings that is wrong',
      { resources: [resource({ port: { entity: { mappings: [plainEntity, { title: 1 }] } } })] },
      [`${MAPPINGS}[1].identifier is missing`, `${MAPPINGS}[1].blueprint is missing`],
    ],
    [
      'an identifier that is empty',
      { resources: [withEntity({ identifier: ' # none' })] },
      [`${MAPPINGS}.identifier is empty`],
    ],
    [
      'an identifier that is null',
      { resources: [withEntity({ identifier: null })] },
      [`${MAPPINGS}.identifier must be a jq expression`],
    ],
    [
      'an identifier that is a search query',
      { resources: [withEntity({ identifier: { combinator: '"and"', rules: [] } })] },
      [`${MAPPINGS}.identifier cannot be a search query yet: give a jq expression`],
    ],
    [
      'a literal blueprint that cannot be',
      { resources: [withEntity({ blueprint: "'my service'" })] },
      [`${MAPPINGS}.blueprint is no identifier that Port takes: it holds a space`],
    ],
    [
      'a literal blueprint that is empty',
      { resources: [withEntity({ blueprint: '""' })] },
      [`${MAPPINGS}.blueprint is no identifier that Port takes: it is empty`],
    ],
    [
      'a property that is an object',
      { resources: [withEntity({ properties: { p: {}, q: '.q' } })] },
      [`${MAPPINGS}.properties.p must be a jq expression`],
    ],
    [
      'properties that are a text',
      { resources: [withEntity({ properties: '.p' })] },
      [`${MAPPINGS}.properties must be an object of names and jq expressions`],
    ],
    [
      'a property with an unusual name',
      { resources: [withEntity({ properties: { 'a b': [] } })] },
      [`${MAPPINGS}.properties["a b"] must be a jq expression`],
    ],
    [
      'a relation that is a list',
      { resources: [withEntity({ relations: { r: ['.a'] } })] },
      [`${MAPPINGS}.relations.r must be a jq expression or a search query`],
    ],
    [
      'a search query without rules',
      { resources: [withEntity({ team: { combinator: '"and"', rules: [] } })] },
      [`${MAPPINGS}.team.rules must not be empty`],
    ],
    [
      'a rule with a typo',
      {
        resources: [
          withEntity({
            relations: {
              r: { combinator: '"or"', rules: [{ property: '"p"', operater: '"="', value: '.v' }] },
            },
          }),
        ],
      },
      [
        `${MAPPINGS}.relations.r.rules[0].operator is missing`,
        `${MAPPINGS}.relations.r.rules[0] has no key operater (did you mean operator?)`,
      ],
    ],
    [
      'a toggle that is a text',
      { enableMergeEntity: 'yes', resources: [resource({})] },
      ['enableMergeEntity must be true or false'],
    ],
    ...[1.5, -0.1, '0.5', NaN].map((threshold): [string, unknown, readonly string[]] => [
      `a threshold of ${threshold}`,
      { entityDeletionThreshold: threshold, resources: [resource({})] },
      ['entityDeletionThreshold must be a number from 0 to 1'],
    ]),
    [
      'many mistakes at once',
      {
        recources: 1,
        entityDeletionThreshold: 2,
        resources: [
          resource({ kind: 'x', prot: 1 }),
          resource({ selector: { projects: 1 } }),
          withEntity({ titel: 1 }),
        ],
      },
      [
        'entityDeletionThreshold must be a number from 0 to 1',
        'resources[0] has no key prot (did you mean port?)',
        'resources[2].port.entity.mappings has no key titel (did you mean title?)',
        'has no key recources (did you mean resources?)',
        'resources[0].kind is x, which is none of the kinds repository, pull-request',
        'resources[1].selector.projects is not valid: expected array, received number',
      ],
    ],
  ])('refuses %s', (_, value, problems) => {
    expect(told(value)).toEqual(problems);
  });
});
