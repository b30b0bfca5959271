import { api, fieldFailed, type MappingCase } from './case.js';

/** Several members of `mappings`. */
export const feeds: readonly MappingCase[] = [
  {
    name: 'feeds several blueprints',
    resource: {
      entity: [{ title: '.slug' }, { blueprint: "'service'", properties: { p: '.slug' } }],
    },
    value: api,
    entities: [{ title: 'api' }, { blueprint: 'service', properties: { p: 'api' } }],
  },
  {
    name: 'keeps the other feeds when one fails',
    resource: {
      entity: [
        { identifier: 'error("x")' },
        { blueprint: '"service"', properties: { p: 'error("y")' } },
      ],
    },
    value: api,
    status: 'failed',
    entities: [{ blueprint: 'service', properties: { p: null } }],
    problems: [
      {
        code: 'identity-failed',
        field: 'mappings[0].identifier',
        expression: 'error("x")',
        message: 'x',
      },
      fieldFailed('mappings[1].properties.p', 'error("y")', 'y'),
    ],
  },
];
