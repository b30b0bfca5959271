import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/model/json.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { plainEntity } from './world.js';
import { MAPPINGS, resource, told, withEntity } from './written-mapping.js';

const CLOUD = { side: 'Bitbucket Cloud', names: ['repository', 'folder'] };

describe('parseMapping', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['is empty: a mapping holds a list of resources']],
    ['null', null, ['is empty: a mapping holds a list of resources']],
    ['a text', 'x', ['must be an object with a list of resources']],
    ['a list', [], ['is a list: write resources: above it, and indent it below']],
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
      ['resources[0].kind is repositry, which is no kind: did you mean repository?'],
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
      ['resources[0].selector.projects must be a list, such as [PAY]'],
    ],
    [
      'a selector key of another kind',
      { resources: [resource({ selector: { state: 'OPEN', project: [] } })] },
      [
        'resources[0].selector has an unknown key state (there are query, projects)',
        'resources[0].selector has an unknown key project (did you mean projects?)',
      ],
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
      [`${MAPPINGS}.identifier is empty`],
    ],
    [
      'an identifier that is a list',
      { resources: [withEntity({ identifier: [] })] },
      [`${MAPPINGS}.identifier must be a jq expression or a search query`],
    ],
    [
      'an identifier that is a search query without rules',
      { resources: [withEntity({ identifier: { combinator: '"and"', rules: [] } })] },
      [`${MAPPINGS}.identifier.rules must not be empty`],
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
        `${MAPPINGS}.relations.r.rules[0] has an unknown key operater (did you mean operator?)`,
      ],
    ],
    [
      'a toggle that is a text',
      { enableMergeEntity: 'yes', resources: [resource({})] },
      ['enableMergeEntity must be true or false, and is the text "yes"'],
    ],
    ...['yes', 'off', ''].map((toggle): [string, unknown, readonly string[]] => [
      `a toggle that is the text ${JSON.stringify(toggle)}`,
      { deleteDependentEntities: toggle, resources: [resource({})] },
      [
        toggle === ''
          ? 'deleteDependentEntities must be true or false'
          : `deleteDependentEntities must be true or false, and is the text "${toggle}"`,
      ],
    ]),
    [
      'a number that has lost digits',
      { resources: [withEntity({ title: 2 ** 60 })] },
      [`${MAPPINGS}.title is a number of too many digits; put it in quotes`],
    ],
    [
      'a kind of the other Bitbucket',
      { resources: [resource({ kind: 'folder' })] },
      [
        'resources[0].kind is folder, a kind of Bitbucket Cloud; here the kinds are repository, pull-request',
      ],
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
        'has an unknown key recources (did you mean resources?)',
        'entityDeletionThreshold must be a number from 0 to 1',
        'resources[0].kind is x, which is no kind: the kinds are repository, pull-request',
        'resources[0] has an unknown key prot (did you mean port?)',
        'resources[1].selector.projects must be a list',
        'resources[2].port.entity.mappings has an unknown key titel (did you mean title?)',
      ],
    ],
  ])('refuses %s', (_, value, problems) => {
    expect(told(value, { foreignKinds: CLOUD })).toEqual(problems);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['file', { files: { path: 'docs' } }, ['.files.filenames is missing: it must be a list']],
    ['file', { files: [] }, ['.files must be an object']],
    [
      'file',
      { files: { filenames: ['', 1], skipParsing: 'yes' } },
      [
        '.files.filenames[0] must not be empty',
        '.files.filenames[1] must be text',
        '.files.skipParsing must be true or false',
      ],
    ],
    ['folder', { folders: [] }, ['.folders must not be empty']],
    [
      'folder',
      { folders: [{ path: 'a', repos: [1] }] },
      ['.folders[0].repos[0] must be text or an object'],
    ],
    ['pull-request', { states: 'open' }, ['.states must be a list, such as [OPEN]']],
    ['pull-request', { states: 'all' }, ['.states must be a list, such as [OPEN]']],
    ['pull-request', { states: 'a, b' }, ['.states must be a list, such as [OPEN]']],
    [
      'pull-request',
      { states: ['open'] },
      ['.states[0] must be one of OPEN, MERGED, DECLINED, SUPERSEDED'],
    ],
    [
      'repository',
      { includedFiles: 'README' },
      ['.includedFiles must be a list, such as [README]'],
    ],
    ['repository', { includedFiles: 'a: b' }, ['.includedFiles must be a list']],
    ['branch', { nammes: [] }, [' has an unknown key nammes (did you mean names?)']],
    ['project', { foo: 1 }, [' has an unknown key foo (there are query)']],
  ])('says what is wrong with the selector of a %s: %j', (kind, selector, problems) => {
    expect(told({ resources: [resource({ kind, selector })] }, { kinds: cloudKinds })).toEqual(
      problems.map((problem) => `resources[0].selector${problem}`),
    );
  });
});
