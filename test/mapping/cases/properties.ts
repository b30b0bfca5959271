import type { JsonObject } from '../../../src/model/json.js';
import { api, fieldFailed, type MappingCase } from './case.js';
import type { ResourceSketch } from '../world.js';

const property = (expression: string | number | boolean): ResourceSketch => ({
  entity: { properties: { p: expression } },
});
const p = (value: JsonObject[string]): readonly JsonObject[] => [{ properties: { p: value } }];

/** What fills a property. */
export const properties: readonly MappingCase[] = [
  {
    name: 'takes a path',
    resource: property('.a.b'),
    value: { ...api, a: { b: 7 } },
    entities: p(7),
  },
  {
    name: 'gives null for a missing path',
    resource: property('.a.b'),
    value: api,
    entities: p(null),
  },
  {
    name: 'keeps false',
    resource: property('.a'),
    value: { ...api, a: false },
    entities: p(false),
  },
  { name: 'keeps zero', resource: property('.a'), value: { ...api, a: 0 }, entities: p(0) },
  {
    name: 'keeps an empty text',
    resource: property('.a'),
    value: { ...api, a: '' },
    entities: p(''),
  },
  {
    name: 'keeps a list',
    resource: property('.a'),
    value: { ...api, a: [1, [null], { b: null }] },
    entities: p([1, [null], { b: null }]),
  },
  {
    name: 'drops nulls from a list',
    resource: property('.a'),
    value: { ...api, a: [1, null, null] },
    entities: p([1]),
    problems: [{ code: 'nulls-dropped', field: 'properties.p', dropped: 2 }],
  },
  {
    name: 'names the path that a list of nulls was to have',
    resource: property('[.a[].user.name]'),
    value: { ...api, a: [{ name: 'Ann' }, { name: 'Cy' }] },
    entities: p([]),
    problems: [
      {
        code: 'nulls-dropped',
        field: 'properties.p',
        dropped: 2,
        missing: 'user',
        instead: '.a[].name',
      },
    ],
  },
  {
    name: 'names the key that was meant in a list of nulls',
    resource: property('.a | map(.nam)'),
    value: { ...api, a: [{ name: 'Ann' }] },
    entities: p([]),
    problems: [
      {
        code: 'nulls-dropped',
        field: 'properties.p',
        dropped: 1,
        missing: 'nam',
        instead: '.a[].name',
      },
    ],
  },
  {
    name: 'names no path where some have it',
    resource: property('[.a[].name]'),
    value: { ...api, a: [{ name: 'Ann' }, {}] },
    entities: p(['Ann']),
    problems: [{ code: 'nulls-dropped', field: 'properties.p', dropped: 1 }],
  },
  {
    name: 'keeps an object',
    resource: property('.a'),
    value: { ...api, a: { e: 'x' } },
    entities: p({ e: 'x' }),
  },
  {
    name: 'takes the first of several outputs',
    resource: property('.a[]'),
    value: { ...api, a: [3, 4] },
    entities: p(3),
  },
  {
    name: 'gives null for no output',
    resource: property('.a[]'),
    value: { ...api, a: [] },
    entities: p(null),
  },
  { name: 'gives null for empty', resource: property('empty'), value: api, entities: p(null) },
  {
    name: 'stops after the first of endless outputs',
    resource: property('repeat(1)'),
    value: api,
    entities: p(1),
  },
  {
    name: 'ignores an error after the first output',
    resource: property('.slug, error("late")'),
    value: api,
    entities: p('api'),
  },
  {
    name: 'gives null and a problem for an error',
    resource: property('error("no such luck")'),
    value: api,
    entities: p(null),
    problems: [fieldFailed('properties.p', 'error("no such luck")', 'no such luck')],
  },
  {
    name: 'tells an error that is an object',
    resource: property('error({code: 7})'),
    value: api,
    entities: p(null),
    problems: [fieldFailed('properties.p', 'error({code: 7})', '{"code":7}')],
  },
  {
    name: 'tells a failed plain path',
    resource: property('.slug.a'),
    value: api,
    entities: p(null),
    // Its words are not the same in every jq.
    problems: [{ code: 'field-failed', field: 'properties.p', expression: '.slug.a' }],
  },
  {
    name: 'cuts a long message',
    resource: property('error("x" * 1000)'),
    value: api,
    entities: p(null),
    problems: [fieldFailed('properties.p', 'error("x" * 1000)', `${'x'.repeat(199)}…`)],
  },
  {
    name: 'lets an expression catch its own errors',
    resource: property('try error("x") catch ("caught " + .)'),
    value: api,
    entities: p('caught x'),
  },
  {
    name: 'takes the first output of an expression that catches errors',
    resource: property('try .slug catch "caught"'),
    value: api,
    entities: p('api'),
  },
  {
    name: 'keeps a failed field from its neighbours',
    resource: { entity: { title: '.slug', properties: { bad: 'error("x")', good: '.slug' } } },
    value: api,
    entities: [{ title: 'api', properties: { bad: null, good: 'api' } }],
    problems: [fieldFailed('properties.bad', 'error("x")', 'x')],
  },
  {
    name: 'keeps a comment to its own expression',
    resource: property('.slug # the slug'),
    value: api,
    entities: p('api'),
  },
  {
    name: 'takes a definition before a value',
    resource: property('def f: . + "!"; .slug | f'),
    value: api,
    entities: p('api!'),
  },
  {
    name: 'takes several lines',
    resource: property('.slug\n| length'),
    value: api,
    entities: p(3),
  },
  {
    name: 'binds a variable',
    resource: property('.slug as $s | $s + $s'),
    value: api,
    entities: p('apiapi'),
  },
  {
    name: 'takes a label and break',
    resource: property('label $x | 1, break $x, 2'),
    value: api,
    entities: p(1),
  },
  {
    name: 'reads single quotes as double ones',
    resource: property(".slug + '-x'"),
    value: api,
    entities: p('api-x'),
  },
  {
    name: 'leaves an apostrophe in double quotes',
    resource: property('.slug + "\'s it \'"'),
    value: api,
    entities: p("api's it '"),
  },
  { name: 'takes a number of YAML', resource: property(12), value: api, entities: p(12) },
  { name: 'takes a boolean of YAML', resource: property(false), value: api, entities: p(false) },
  {
    name: 'keeps unusual letters',
    resource: property('.a'),
    value: { ...api, a: 'ß 😀 \u2028 "\\' },
    entities: p('ß 😀 \u2028 "\\'),
  },
];
