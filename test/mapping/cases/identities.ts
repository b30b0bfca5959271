import { api, type MappingCase } from './case.js';

/** Identifiers and blueprints. */
export const identities: readonly MappingCase[] = [
  {
    name: 'makes text of an identifier that is a number',
    resource: {},
    value: { slug: 42 },
    entities: [{ identifier: '42' }],
  },
  {
    name: 'makes text of an identifier that is a boolean',
    resource: {},
    value: { slug: false },
    entities: [{ identifier: 'false' }],
  },
  {
    name: 'skips an item without an identifier',
    resource: {},
    value: {},
    entities: [],
    problems: [{ code: 'identifier-empty', field: 'identifier' }],
  },
  {
    name: 'skips an item with an empty identifier',
    resource: {},
    value: { slug: '' },
    entities: [],
    problems: [{ code: 'identifier-empty', field: 'identifier' }],
  },
  {
    name: 'does not send an identifier with a space',
    resource: {},
    value: { slug: 'a b' },
    entities: [],
    problems: [{ code: 'identifier-refused', identifier: 'a b', character: 'a space' }],
  },
  {
    name: 'does not send a number that jq has rounded',
    resource: {},
    value: { slug: 2 ** 60 },
    entities: [],
    problems: [
      {
        code: 'identifier-refused',
        identifier: '1152921504606847000',
        character: 'a number too large to be exact',
      },
    ],
  },
  {
    name: 'fails an item whose identifier ends in an error',
    resource: { entity: { identifier: '.slug | tonumber' } },
    value: api,
    status: 'failed',
    entities: [],
    problems: [{ code: 'identity-failed', field: 'identifier', expression: '.slug | tonumber' }],
  },
  {
    name: 'computes a blueprint',
    resource: { entity: { blueprint: '.kind + "s"' } },
    value: { ...api, kind: 'service' },
    entities: [{ blueprint: 'services' }],
  },
  {
    name: 'computes a blueprint from a text with an interpolation',
    resource: { entity: { blueprint: '"\\(.kind)s"' } },
    value: { ...api, kind: 'service' },
    entities: [{ blueprint: 'services' }],
  },
  {
    name: 'skips an item without a blueprint',
    resource: { entity: { blueprint: '.kind' } },
    value: api,
    entities: [],
    problems: [{ code: 'identifier-empty', field: 'blueprint' }],
  },
  {
    name: 'does not send to a blueprint that cannot be',
    resource: { entity: { blueprint: '.kind' } },
    value: { ...api, kind: 'a=b' },
    entities: [],
    problems: [
      { code: 'identifier-refused', field: 'blueprint', identifier: 'a=b', character: '"="' },
    ],
  },
  {
    name: 'fails an item whose blueprint ends in an error',
    resource: { entity: { blueprint: 'error("x")' } },
    value: api,
    status: 'failed',
    entities: [],
    problems: [
      { code: 'identity-failed', field: 'blueprint', expression: 'error("x")', message: 'x' },
    ],
  },
];
