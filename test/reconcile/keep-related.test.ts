import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referenceKey } from '../../src/model/entity.js';
import { referencesOf } from '../../src/model/relation.js';
import { keepRelated, type DueEntity } from '../../src/reconcile/keep-related.js';
import { aBlueprint } from './a-blueprint.js';

const blueprints = new Map(
  ['service', 'user'].map((identifier) => [
    identifier,
    aBlueprint(identifier, { relations: { uses: ['service'], owner: 'user' } }),
  ]),
);

function service(identifier: string, ...uses: readonly string[]): DueEntity {
  return { blueprint: 'service', identifier, relations: { uses } };
}

const nobody = (): boolean => false;
const identifiersOf = (entities: readonly DueEntity[]): readonly string[] =>
  entities.map(({ identifier }) => identifier).sort();

describe('keepRelated', () => {
  it('leaves what nothing relates to', () => {
    const due = [service('a'), service('b', 'a')];
    expect(keepRelated(due, [], nobody, blueprints)).toEqual({ due, kept: [] });
  });

  it('keeps what a staying entity relates to, through others as well', () => {
    const due = [service('a', 'b'), service('b', 'c'), service('c'), service('d')];
    const { due: left, kept } = keepRelated(due, [service('stays', 'a')], nobody, blueprints);
    expect(identifiersOf(kept)).toEqual(['a', 'b', 'c']);
    expect(identifiersOf(left)).toEqual(['d']);
  });

  it('keeps what an entity of this run relates to, and what follows from it', () => {
    const due = [service('a', 'b'), service('b'), service('c')];
    const isProduced = ({ identifier }: { identifier: string }): boolean => identifier === 'a';
    expect(identifiersOf(keepRelated(due, [], isProduced, blueprints).kept)).toEqual(['a', 'b']);
  });

  it('comes to an end in a circle', () => {
    const due = [service('a', 'b'), service('b', 'a', 'b')];
    const { kept } = keepRelated(due, [service('stays', 'b')], nobody, blueprints);
    expect(identifiersOf(kept)).toEqual(['a', 'b']);
  });

  it('tells entities of one identifier in two blueprints apart', () => {
    const user: DueEntity = { blueprint: 'user', identifier: 'a', relations: {} };
    const { due } = keepRelated([service('a'), user], [service('s', 'a')], nobody, blueprints);
    expect(due).toEqual([user]);
  });

  it('passes over an entity whose blueprint is not known', () => {
    const stray: DueEntity = { blueprint: 'stray', identifier: 's', relations: { uses: ['a'] } };
    expect(keepRelated([service('a')], [stray], nobody, blueprints).kept).toEqual([]);
  });

  const entity = (prefix: string): fc.Arbitrary<DueEntity> =>
    fc.record({
      blueprint: fc.constantFrom('service', 'user'),
      identifier: fc.integer({ min: 0, max: 7 }).map((number) => `${prefix}${number}`),
      relations: fc.record({
        uses: fc.array(
          fc.integer({ min: 0, max: 7 }).map((number) => `due${number}`),
          { maxLength: 3 },
        ),
        owner: fc.option(fc.integer({ min: 0, max: 7 }).map((number) => `due${number}`)),
      }),
    });
  const world = fc.record({
    due: fc.uniqueArray(entity('due'), { selector: referenceKey }),
    staying: fc.uniqueArray(entity('staying'), { selector: referenceKey }),
    produced: fc.uniqueArray(fc.integer({ min: 0, max: 7 }).map((number) => `due${number}`)),
  });

  it('leaves nothing due that anything which stays relates to', () => {
    fc.assert(
      fc.property(world, ({ due, staying, produced }) => {
        const isReferenced = ({ identifier }: { identifier: string }): boolean =>
          produced.includes(identifier);
        const result = keepRelated(due, staying, isReferenced, blueprints);
        const left = new Set(result.due.map(referenceKey));
        for (const stays of [...staying, ...result.kept]) {
          for (const reference of referencesOf(stays.relations, blueprints.get(stays.blueprint)!)) {
            expect(left.has(referenceKey(reference))).toBe(false);
          }
        }
        expect(result.due.some(isReferenced)).toBe(false);
      }),
    );
  });

  it('keeps nothing else, loses nothing, and has nothing to add the second time', () => {
    fc.assert(
      fc.property(world, ({ due, staying }) => {
        const result = keepRelated(due, staying, nobody, blueprints);
        expect([...result.due, ...result.kept].map(referenceKey).sort()).toEqual(
          due.map(referenceKey).sort(),
        );
        const related = new Set(
          [...staying, ...result.kept].flatMap(({ relations, blueprint }) =>
            [...referencesOf(relations, blueprints.get(blueprint)!)].map(referenceKey),
          ),
        );
        expect(result.kept.every((entity) => related.has(referenceKey(entity)))).toBe(true);
        const again = keepRelated(result.due, [...staying, ...result.kept], nobody, blueprints);
        expect(again).toEqual({ due: result.due, kept: [] });
      }),
    );
  });
});
