import { describe, expect, it } from '@jest/globals';
import { standIns } from '../../src/mapping/stand-ins.js';

const A = '.__includedFiles["A"]';
const B = '.__includedFiles["B"]';
const C = '.__includedFiles["C"]';

describe('standIns', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['the second of two', [`${A} // ${B}`], { B: 'A' }],
    ['each after the first', [`${A}//${B} // ${C}`], { B: 'A', C: 'B' }],
    ['what is used on', [`(${A} // ${B}) | length`, `${A} // ${B} | length`], { B: 'A' }],
    ['what comes after another thing', [`.x // ${A} // ${B}`], { B: 'A' }],
    ['the first is used elsewhere too', [`${A} // ${B}`, A], { B: 'A' }],
    ['nothing where the second is used by itself', [`${A} // ${B}`, B], {}],
    ['nothing where it stands in for two', [`${A} // ${B}`, `${C} // ${B}`], {}],
    ['nothing where the first decides something else', [`null == ${A} // ${B}`], {}],
    ['nothing where something else of the first counts', [`(${A} | length) // ${B}`], {}],
    ['nothing where all files are looked at', [`${A} // ${B}`, '.__includedFiles | keys'], {}],
    ['nothing where a path is made by an expression', [`${A} // ${B}`, '.__includedFiles[.x]'], {}],
    ['nothing without files', ['.x // .y'], {}],
  ])('finds %s', (_, expressions, found) => {
    expect(Object.fromEntries(standIns(expressions))).toEqual(found);
  });
});
