import { api, type MappingCase } from './case.js';

/** Which items are for the catalog. */
export const selectors: readonly MappingCase[] = [
  {
    name: 'takes what the selector takes',
    resource: { query: '.slug == "api"' },
    value: api,
    entities: [{}],
  },
  {
    name: 'takes the first answer of a selector that catches errors',
    resource: { query: 'try (.slug == "api") catch false' },
    value: api,
    entities: [{}],
  },
  { name: 'takes a boolean for a selector', resource: { query: true }, value: api, entities: [{}] },
  {
    name: 'leaves what the selector leaves',
    resource: { query: '.slug != "api"' },
    value: api,
    status: 'unselected',
    entities: [],
  },
  {
    name: 'leaves all when the selector is false',
    resource: { query: false },
    value: api,
    status: 'unselected',
    entities: [],
  },
  {
    name: 'evaluates no field of what the selector leaves',
    resource: { query: 'false', entity: { identifier: 'error("x")' } },
    value: api,
    status: 'unselected',
    entities: [],
  },
  ...(
    [
      ['.slug', 'gave a text, not true or false'],
      ['.missing', 'gave null, not true or false'],
      ['empty', 'gave nothing, not true or false'],
      ['error("x")', 'x'],
    ] as const
  ).map(([query, message]) => ({
    name: `fails an item when the selector is ${query}`,
    resource: { query },
    value: api,
    status: 'failed' as const,
    entities: [],
    problems: [{ code: 'selector-failed', expression: query, message }],
  })),
];
