import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseMapping, type ParseOptions } from '../../src/mapping/parse-mapping.js';
import type { JsonObject } from '../../src/model/json.js';
import { cloudKinds } from '../../src/source/cloud/kinds/index.js';
import { MAPPINGS, problemsOf, resource, told, withEntity } from './written-mapping.js';
import { options, plainEntity } from './world.js';

describe('parseMapping', () => {
  it('fills in what is not written', () => {
    const { mapping, problems } = parseMapping({ resources: [resource({})] }, options);
    expect(problems).toEqual([]);
    expect(mapping).toEqual({
      origin: 'mapping.yml',
      createMissingRelatedEntities: true,
      deleteDependentEntities: true,
      enableMergeEntity: true,
      entityDeletionThreshold: 0.9,
      unknownKeys: [],
      resources: [
        {
          reference: { index: 0, kind: 'repository' },
          kind: 'repository',
          selector: { query: 'true' },
          enableDelete: true,
          itemsToParseName: 'item',
          itemsToParseTopLevelTransform: true,
          feeds: [
            {
              resource: { index: 0, kind: 'repository' },
              index: 0,
              identifier: '.slug',
              blueprint: { type: 'literal', identifier: 'repository' },
              properties: {},
              relations: {},
              fields: { title: false, icon: false, team: false, properties: [], relations: [] },
            },
          ],
        },
      ],
    });
  });

  it('takes nulls for what is not written', () => {
    const nulls = {
      createMissingRelatedEntities: null,
      deleteDependentEntities: null,
      enableMergeEntity: null,
      entityDeletionThreshold: null,
    };
    const written = withEntity({ title: null, properties: null, relations: { r: null } });
    const { mapping } = parseMapping(
      { ...nulls, resources: [{ ...written, selector: { query: null } }] },
      options,
    );
    const bare = parseMapping({ resources: [resource({})] }, options).mapping;
    expect(mapping).toEqual(bare);
  });

  it('takes what is written', () => {
    const { mapping } = parseMapping(
      {
        createMissingRelatedEntities: false,
        deleteDependentEntities: false,
        enableMergeEntity: false,
        entityDeletionThreshold: 0,
        resources: [
          {
            kind: 'pull-request',
            selector: { query: false, state: 'MERGED' },
            port: {
              itemsToParse: '.a',
              itemsToParseName: 'one',
              itemsToParseTopLevelTransform: false,
              entity: {
                mappings: [
                  plainEntity,
                  {
                    identifier: 7,
                    blueprint: '.kind',
                    title: true,
                    icon: '.i',
                    team: {
                      combinator: '"and"',
                      rules: [{ property: '"p"', operator: '"="', value: 3 }],
                    },
                    properties: { p: 1, q: '' },
                    relations: { r: '.r' },
                  },
                ],
              },
            },
          },
        ],
      },
      options,
    );
    expect(mapping).toMatchObject({
      createMissingRelatedEntities: false,
      deleteDependentEntities: false,
      enableMergeEntity: false,
      entityDeletionThreshold: 0,
    });
    const [read] = mapping.resources;
    expect(read).toMatchObject({
      selector: { query: 'false', state: 'MERGED' },
      itemsToParse: '.a',
      itemsToParseName: 'one',
      itemsToParseTopLevelTransform: false,
    });
    expect(read?.feeds[1]).toEqual({
      resource: { index: 0, kind: 'pull-request' },
      index: 1,
      identifier: '7',
      blueprint: { type: 'computed', expression: '.kind' },
      title: 'true',
      icon: '.i',
      team: { combinator: '"and"', rules: [{ property: '"p"', operator: '"="', value: '3' }] },
      properties: { p: '1' },
      relations: { r: '.r' },
      fields: { title: true, icon: true, team: true, properties: ['p'], relations: ['r'] },
    });
  });

  it('names the origin in each problem', () => {
    expect(problemsOf({}, { origin: 'Port' })).toEqual([
      { code: 'mapping-invalid', origin: 'Port', path: 'resources', reason: 'is missing' },
    ]);
  });

  it('tells unknown keys as warnings where that is asked for, and goes on without them', () => {
    const written = {
      newFeature: 1,
      resources: [
        {
          ...withEntity({ titel: '.x' }),
          selector: { query: '.a', project: ['PAY'] },
        },
      ],
    };
    const { mapping, problems } = parseMapping(written, { ...options, unknownKeys: 'warning' });
    expect(problems).toEqual([
      expect.objectContaining({
        path: MAPPINGS,
        reason: 'has an unknown key titel (did you mean title?)',
      }),
      expect.objectContaining({
        path: '',
        reason: expect.stringContaining('has an unknown key newFeature (there are createMissing'),
        // Nobody wrote a text, so its lines have no numbers.
        excerpt: { line: null, column: null, text: 'newFeature: 1', caret: 0 },
      }),
      expect.objectContaining({
        path: 'resources[0].selector',
        reason: 'has an unknown key project (did you mean projects?)',
      }),
    ]);
    expect(mapping.unknownKeys).toEqual([
      { path: `${MAPPINGS}.titel`, resource: 0 },
      { path: 'newFeature', resource: null },
      { path: 'resources[0].selector.project', resource: 0 },
    ]);
    expect(mapping.resources[0]?.selector).toEqual({ query: '.a' });
    expect(mapping.resources[0]?.feeds[0]?.fields.title).toBe(false);
    expect(written.resources[0]).toHaveProperty('selector.project');
  });

  it.each<{ kind: string; selector: JsonObject; key: string; told: string; left: JsonObject }>([
    {
      kind: 'file',
      selector: { files: { path: 'docs/', filenames: ['a.md'], repo: ['api'] } },
      key: 'files.repo',
      told: 'has an unknown key repo (did you mean repos?)',
      left: { files: { path: 'docs/', filenames: ['a.md'] } },
    },
    {
      kind: 'folder',
      selector: { folders: [{ path: '*', branch: 'main', repos: ['api'] }] },
      key: 'folders[0].branch',
      told: 'has an unknown key branch (there are path, repos)',
      left: { folders: [{ path: '*', repos: ['api'] }] },
    },
    {
      kind: 'folder',
      selector: { folders: [{ path: '*', repos: ['api', { name: 'web', brunch: 'main' }] }] },
      key: 'folders[0].repos[1].brunch',
      told: 'has an unknown key brunch (did you mean branch?)',
      left: { folders: [{ path: '*', repos: ['api', { name: 'web' }] }] },
    },
  ])('passes over the unknown key $key alone', ({ kind, selector, key, told: reason, left }) => {
    const written = { resources: [resource({ kind, selector })] };
    const known: ParseOptions = { ...options, kinds: cloudKinds, unknownKeys: 'warning' };
    const { mapping, problems } = parseMapping(written, known);
    expect(problems).toEqual([expect.objectContaining({ code: 'mapping-key-unknown', reason })]);
    expect(mapping.unknownKeys).toEqual([{ path: `resources[0].selector.${key}`, resource: 0 }]);
    expect(mapping.resources[0]?.selector).toEqual({ query: 'true', ...left });
  });

  it('refuses other mistakes where unknown keys are warnings', () => {
    const value = { newFeature: 1, resources: [resource({ kind: 'x', port: 1 })] };
    expect(told(value, { unknownKeys: 'warning' })).toEqual([
      'resources[0].kind is x, which is no kind: the kinds are repository, pull-request',
      'resources[0].port must be an object',
    ]);
  });

  it.each([
    { written: undefined, expected: true },
    { written: null, expected: true },
    { written: true, expected: true },
    { written: false, expected: false },
  ])('takes $written for enableDelete as $expected', ({ written, expected }) => {
    const value = { resources: [resource(written === undefined ? {} : { enableDelete: written })] };
    expect(parseMapping(value, options).mapping.resources[0]?.enableDelete).toBe(expected);
  });

  it('makes a feed for each blueprint that a selector lists, and none of them by a search', () => {
    const files = { filenames: ['port.yml'] };
    const bounded = (difference: JsonObject) => ({
      resources: [
        {
          ...withEntity({ blueprint: '.content.blueprint', ...difference }),
          kind: 'file',
          selector: { files, blueprints: ['a', 'b', 'a'] },
        },
      ],
    });
    const kinds = { ...options, kinds: cloudKinds };
    const { mapping } = parseMapping(bounded({}), kinds);
    const among = { expression: '.content.blueprint', listed: ['a', 'b'] };
    expect(mapping.resources[0]?.feeds.map(({ index, blueprint }) => [index, blueprint])).toEqual([
      [0, { type: 'literal', identifier: 'a', among }],
      [0, { type: 'literal', identifier: 'b', among }],
    ]);
    const rules = [{ property: '"x"', operator: '"="', value: '.content.x' }];
    const search = bounded({ identifier: { combinator: '"and"', rules } });
    expect(told(search, kinds)).toEqual([
      'resources[0].port.entity.mappings.identifier must be a jq expression beside selector.blueprints, not a search query',
    ]);
  });

  it('takes the keys that a kind may change itself', () => {
    const kinds = [
      { name: 'repository', selector: z.object({ n: z.string().transform(Number).optional() }) },
    ];
    const value = { resources: [resource({ selector: { n: '7' } })] };
    const { mapping } = parseMapping(value, { ...options, kinds });
    expect(mapping.resources[0]?.selector).toEqual({ query: 'true', n: 7 });
  });
});
