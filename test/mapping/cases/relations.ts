import type { JsonObject } from '../../../src/model/json.js';
import { api, fieldFailed, type MappingCase } from './case.js';
import type { ResourceSketch } from '../world.js';

const relation = (expression: string): ResourceSketch => ({
  entity: { relations: { r: expression } },
});
const r = (value: JsonObject[string]): readonly JsonObject[] => [{ relations: { r: value } }];

/** Targets, one and many, and search queries. */
export const relations: readonly MappingCase[] = [
  {
    name: 'relates to one',
    resource: relation('.a'),
    value: { ...api, a: 'PAY' },
    entities: r('PAY'),
  },
  { name: 'keeps a null relation', resource: relation('.a'), value: api, entities: r(null) },
  {
    name: 'makes text of a target that is a number',
    resource: relation('.a'),
    value: { ...api, a: 7 },
    entities: r('7'),
  },
  {
    name: 'relates to many',
    resource: relation('.a'),
    value: { ...api, a: ['x', 2] },
    entities: r(['x', '2']),
  },
  {
    name: 'keeps an empty list',
    resource: relation('.a'),
    value: { ...api, a: [] },
    entities: r([]),
  },
  {
    name: 'drops nulls and tells how many',
    resource: relation('[.a[].mail]'),
    value: { ...api, a: [{ mail: 'x@y' }, {}, { mail: null }] },
    entities: r(['x@y']),
    problems: [{ code: 'nulls-dropped', field: 'relations.r', dropped: 2 }],
  },
  {
    name: 'drops a target that Port would refuse from a list',
    resource: relation('.a'),
    value: { ...api, a: ['x', 'a b', ''] },
    entities: r(['x']),
    problems: [
      { code: 'target-refused', field: 'relations.r', target: 'a b' },
      { code: 'target-refused', field: 'relations.r', target: '' },
    ],
  },
  {
    name: 'leaves a relation empty whose single target Port would refuse',
    resource: relation('.a'),
    value: { ...api, a: '{uuid}' },
    entities: [{ relations: { r: null } }],
    problems: [{ code: 'target-refused', field: 'relations.r', target: '{uuid}' }],
  },
  {
    name: 'clears a relation that failed',
    resource: relation('error("x")'),
    value: api,
    entities: r(null),
    problems: [fieldFailed('relations.r', 'error("x")', 'x')],
  },
  {
    name: 'fills a search query',
    resource: {
      entity: {
        relations: {
          r: {
            combinator: '"and"',
            rules: [
              { property: '"$title"', operator: "'='", value: '.slug' },
              { combinator: '"or"', rules: [{ property: '"n"', operator: '"="', value: 5 }] },
            ],
          },
        },
      },
    },
    value: api,
    entities: r({
      combinator: 'and',
      rules: [
        { property: '$title', operator: '=', value: 'api' },
        { combinator: 'or', rules: [{ property: 'n', operator: '=', value: 5 }] },
      ],
    }),
  },
  {
    name: 'clears a relation when a part of its search query failed',
    resource: {
      entity: {
        relations: {
          r: {
            combinator: '"and"',
            rules: [{ property: '"p"', operator: '"="', value: 'error("x")' }],
          },
        },
      },
    },
    value: api,
    entities: r(null),
    problems: [fieldFailed('relations.r.rules[0].value', 'error("x")', 'x')],
  },
];
