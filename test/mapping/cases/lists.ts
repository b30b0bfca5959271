import { api, type MappingCase } from './case.js';

/** One item that becomes many: `itemsToParse`. */
export const lists: readonly MappingCase[] = [
  {
    name: 'makes many of one',
    resource: {
      itemsToParse: '.deps',
      entity: { identifier: '.slug + "-" + .item.n', properties: { deps: '.deps', all: 'keys' } },
    },
    value: { ...api, deps: [{ n: 'a' }, { n: 'b' }] },
    entities: [
      { identifier: 'api-a', properties: { deps: null, all: ['item', 'slug'] } },
      { identifier: 'api-b', properties: { deps: null, all: ['item', 'slug'] } },
    ],
  },
  {
    name: 'removes only what the path points at',
    resource: {
      itemsToParse: '.content.deps | to_entries',
      itemsToParseName: 'dep',
      entity: { identifier: '.dep.key', properties: { content: '.content', v: '.dep.value' } },
    },
    value: { ...api, content: { deps: { a: 1 }, other: 2 } },
    entities: [{ identifier: 'a', properties: { content: { other: 2 }, v: 1 } }],
  },
  {
    name: 'keeps the list when it is told to',
    resource: {
      itemsToParse: '.deps',
      itemsToParseTopLevelTransform: false,
      entity: { identifier: '.item', properties: { deps: '.deps' } },
    },
    value: { ...api, deps: ['a'] },
    entities: [{ identifier: 'a', properties: { deps: ['a'] } }],
  },
  {
    name: 'selects among the many',
    resource: { query: '.item > 1', itemsToParse: '.deps', entity: { identifier: '.item' } },
    value: { ...api, deps: [1, 2, 3] },
    entities: [{ identifier: '2' }, { identifier: '3' }],
  },
  {
    name: 'leaves an item when the selector leaves all of its many',
    resource: { query: 'false', itemsToParse: '.deps' },
    value: { ...api, deps: [1, 2] },
    status: 'unselected',
    entities: [],
  },
  {
    name: 'makes none of an empty list',
    resource: { itemsToParse: '.deps' },
    value: { ...api, deps: [] },
    entities: [],
  },
  {
    name: 'keeps the others when the selector fails on one of the many',
    resource: {
      query: '.item | ltrimstr("x") | tonumber > 0',
      itemsToParse: '.deps',
      entity: { identifier: '.item' },
    },
    value: { deps: ['1', null, '2'] },
    status: 'failed',
    entities: [{ identifier: '1' }, { identifier: '2' }],
    problems: [{ code: 'selector-failed', expression: '.item | ltrimstr("x") | tonumber > 0' }],
  },
  ...(
    [
      ['.slug', 'gave a text, not a list'],
      ['.missing', 'gave null, not a list'],
      ['empty', 'gave nothing, not a list'],
      ['error("x")', 'x'],
    ] as const
  ).map(([itemsToParse, message]) => ({
    name: `fails an item when itemsToParse is ${itemsToParse}`,
    resource: { itemsToParse },
    value: api,
    status: 'failed' as const,
    entities: [],
    problems: [{ code: 'items-to-parse-failed', expression: itemsToParse, message }],
  })),
];
