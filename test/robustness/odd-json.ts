import fc from 'fast-check';
import type { JsonValue } from '../../src/model/json.js';
import { anyCharacter } from '../world/any-character.js';

/** JSON as text, as some of it is deeper than what JSON.stringify takes. */
export type JsonText = string;

/** How deep some values are: more than any parser of jq takes, and than a call stack holds. */
const DEPTHS = [300, 3_000, 20_000];

const oddTexts = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '/',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\u202e',
  '\u009b31m',
  '##vso[task.complete]',
  '::error::x',
  '\r\n',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '1e999',
  '-',
  '{}',
  '[]',
  '<html>',
  'file://README.md',
  'http://',
  'https://user:secret@example.com',
  '%00',
  '%zz',
  '2018-07-05T19:33:14+0000',
  '🦊'.repeat(700),
  'x'.repeat(70_000),
];

const oddNumbers = ['0', '-0', '-1', '1.5', '9007199254740993', '1e400', '-1e308', '4294967296'];

/** Texts of odd characters, and such as mean something elsewhere. */
export const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.string({ maxLength: 10 }),
);

const deep = fc
  .tuple(fc.constantFrom(...DEPTHS), fc.constantFrom(['[', ']'], ['{"a":', '}']))
  .map(([depth, [open = '', close = '']]) => {
    const middle = open === '[' ? '' : '1';
    return `${open.repeat(depth)}${middle}${close.repeat(depth)}`;
  });

const { any } = fc.letrec<{ any: JsonText }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: oddText.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.constantFrom(...oddNumbers) },
    { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false', '[]', '{}') },
    { weight: 1, arbitrary: deep },
    {
      weight: 2,
      arbitrary: fc.array(tie('any'), { maxLength: 4 }).map((parts) => `[${parts.join(',')}]`),
    },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.tuple(oddText, tie('any')), { maxLength: 4 })
        .map(
          (parts) => `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${part}`).join(',')}}`,
        ),
    },
  ),
}));

/** Any JSON: all types, odd characters, long, deep. */
export const oddJson: fc.Arbitrary<JsonText> = any;

/** One thing that is odd about a JSON value: at which place, and what stands there instead. */
export interface Oddity {
  /** Counts the places of the value, round and round. */
  readonly place: number;
  readonly how: 'replaced' | 'removed' | 'renamed' | 'added';
  readonly by: JsonText;
  readonly name: string;
}

export const oddity: fc.Arbitrary<Oddity> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('replaced', 'replaced', 'replaced', 'removed', 'renamed', 'added'),
  by: oddJson,
  name: oddText,
});

/** The JSON of a value, made odd. */
export function withOddities(value: JsonValue, oddities: readonly Oddity[]): JsonText {
  const places = placesOf(value);
  const chosen = new Map(
    oddities.map((oddity_) => [places[oddity_.place % places.length], oddity_] as const),
  );
  let number = -1;
  const write = (part: JsonValue): JsonText => {
    number += 1;
    const odd = chosen.get(number);
    if (odd?.how === 'replaced') {
      number += placesOf(part).length - 1;
      return odd.by;
    }
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const isList = Array.isArray(part);
    const members: string[] = [];
    for (const [key, member] of Object.entries(part)) {
      const isNext = chosen.get(number + 1);
      if (isNext?.how === 'removed') {
        number += placesOf(member).length;
        continue;
      }
      const name = isNext?.how === 'renamed' ? isNext.name : key;
      members.push(isList ? write(member) : `${JSON.stringify(name)}:${write(member)}`);
    }
    if (odd?.how === 'added') {
      members.push(isList ? odd.by : `${JSON.stringify(odd.name)}:${odd.by}`);
    }
    return isList ? `[${members.join(',')}]` : `{${members.join(',')}}`;
  };
  return write(value);
}

/** The numbers of all places of a value, in the order in which they are written. */
function placesOf(value: JsonValue): readonly number[] {
  let count = 0;
  const walk = (part: JsonValue): void => {
    count += 1;
    if (typeof part === 'object' && part !== null) Object.values(part).forEach(walk);
  };
  walk(value);
  return Array.from({ length: count }, (_, index) => index);
}
