import { describe, expect, it } from '@jest/globals';
import { ForeignEntities } from '../../src/stages/foreign-entities.js';
import type { OwnedEntity } from '../../src/stages/owned-entities.js';

const someone: OwnedEntity = {
  title: 'API',
  updatedAt: 1,
  createdAt: 1,
  fingerprints: ['x'],
  isBare: false,
};

/** Looks up entities where another program made those whose identifier is even. */
function aLookUp({ exist = true, failure = null as Error | null } = {}) {
  const asked: (readonly string[])[] = [];
  const found: [string, OwnedEntity | null][] = [];
  const lost: string[] = [];
  let questions = 0;
  const foreign = new ForeignEntities(
    () => {
      questions += 1;
      return Promise.resolve(exist);
    },
    (identifiers) => {
      asked.push(identifiers);
      if (failure !== null) return Promise.reject(failure);
      const even = identifiers.filter((identifier) => Number(identifier) % 2 === 0);
      return Promise.resolve(new Map(even.map((identifier) => [identifier, someone])));
    },
  );
  const lookUp = (identifier: string): Promise<void> =>
    foreign.lookUp({
      identifier,
      found: (entity) => {
        found.push([identifier, entity]);
        return Promise.resolve();
      },
      lost: () => lost.push(identifier),
    });
  return { foreign, lookUp, asked, found, lost, questions: () => questions };
}

describe('ForeignEntities', () => {
  it('asks nothing where only ours stand, and answers at once', async () => {
    const { lookUp, foreign, asked, found, questions } = aLookUp({ exist: false });
    await lookUp('1');
    await lookUp('2');
    await foreign.finish();
    expect(found).toEqual([
      ['1', null],
      ['2', null],
    ]);
    expect(asked).toEqual([]);
    expect(questions()).toBe(1);
  });

  it('asks not even that when everything is ours', async () => {
    const { foreign, questions, asked } = aLookUp();
    await foreign.finish();
    expect(questions()).toBe(0);
    expect(asked).toEqual([]);
  });

  it('looks up a hundred at a time, the rest at the end, and answers in order', async () => {
    const { lookUp, foreign, asked, found } = aLookUp();
    for (let number = 0; number < 250; number += 1) await lookUp(String(number));
    expect(asked.map(({ length }) => length)).toEqual([100, 100]);
    expect(found).toHaveLength(200);
    await foreign.finish();
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(found).toEqual(
      Array.from({ length: 250 }, (_, number) => [
        String(number),
        number % 2 === 0 ? someone : null,
      ]),
    );
  });

  it('tells all that waited when Port does not answer, each once', async () => {
    const { lookUp, foreign, found, lost } = aLookUp({ failure: new Error('502') });
    for (let number = 0; number < 30; number += 1) await lookUp(String(number));
    await expect(foreign.finish()).rejects.toThrow('502');
    await foreign.finish();
    expect(lost).toEqual(Array.from({ length: 30 }, (_, number) => String(number)));
    for (let number = 30; number < 129; number += 1) await lookUp(String(number));
    await expect(lookUp('129')).rejects.toThrow('502');
    expect(new Set(lost).size).toBe(130);
    expect(lost).toHaveLength(130);
    expect(found).toEqual([]);
  });

  it('tells the one that asked when it cannot be told whether there are any', async () => {
    const lost: string[] = [];
    const foreign = new ForeignEntities(
      () => Promise.reject(new Error('502')),
      () => Promise.resolve(new Map()),
    );
    const asking = foreign.lookUp({
      identifier: 'api',
      found: () => Promise.resolve(),
      lost: () => lost.push('api'),
    });
    await expect(asking).rejects.toThrow('502');
    expect(lost).toEqual(['api']);
  });

  it('answers each once, although several are asked side by side', async () => {
    const { lookUp, foreign, found } = aLookUp();
    await Promise.all(Array.from({ length: 320 }, (_, number) => lookUp(String(number))));
    await foreign.finish();
    await foreign.finish();
    expect(new Set(found.map(([identifier]) => identifier)).size).toBe(320);
    expect(found).toHaveLength(320);
  });
});
