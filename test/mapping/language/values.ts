import type { JsonObject, JsonValue } from '../../../src/model/json.js';
import type { ExpressionCase } from './case.js';

/** Parsed, as an answer of Bitbucket is. */
const item = (json: string): JsonObject => JSON.parse(json) as JsonObject;
const long = 'k'.repeat(100_000);

/** A value that stays what it is, or what it becomes on its way through. */
const kept = (json: string, value: JsonValue): ExpressionCase => ({
  expression: '.v',
  raw: item(`{"v":${json}}`),
  value,
});

/** Values at the edges of JSON. */
export const valueCases: readonly ExpressionCase[] = [
  kept('9007199254740991', 9007199254740991),
  kept('-9007199254740991', -9007199254740991),
  kept('1.7976931348623157e308', 1.7976931348623157e308),
  kept('5e-324', 5e-324),
  // Beyond a double there is no number: JSON.parse gives Infinity, for which JSON has no word.
  kept('1e1000', null),
  kept('-0', 0),
  kept('0.1', 0.1),
  // JSON.parse has rounded it before jq sees it.
  kept('9007199254740993', 9007199254740992),
  kept('"\\u0000a\\u0000"', '\u0000a\u0000'),
  kept('"\\u2028\\u2029\\u007f\\u0085"', '\u2028\u2029\u007f\u0085'),
  kept('"\\ud83e\\udd8a"', '🦊'),
  // Half of a pair is no character; every jq puts the replacement character in its place.
  kept('"a\\ud800b"', 'a\ufffdb'),
  kept('"\\udc00\\ud800"', '\ufffd\ufffd'),
  // Text about such a half is no half.
  kept('"\\\\ud800 \\\\\\\\ud800"', String.raw`\ud800 \\ud800`),
  kept('{"":{"":1}}', { '': { '': 1 } }),
  // The last of equal keys wins.
  kept('{"a":1,"b":2,"a":3}', { a: 3, b: 2 }),
  kept(`{"${long}":1}`, { [long]: 1 }),
  kept('{"\\u0000":1,"\\ud800":2}', { '\u0000': 1, '\ufffd': 2 }),
  kept('{"__proto__":{"a":1},"constructor":2}', item('{"__proto__":{"a":1},"constructor":2}')),
  kept(`"${long}"`, long),
  { expression: '.v | length', raw: item('{"v":"\\u0000\\ud83e\\udd8a"}'), value: 2 },
  { expression: '.v | explode', raw: item('{"v":"\\u0000é"}'), value: [0, 233] },
  { expression: '.v | keys', raw: item('{"v":{"":1,"\\u2028":2}}'), value: ['', '\u2028'] },
  { expression: '.v | tojson', raw: item('{"v":["\\u0000",null]}'), value: '["\\u0000",null]' },
  { expression: '.v - 1', raw: item('{"v":9007199254740991}'), value: 9007199254740990 },
];
