import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BulkBuffer, bulksOf, type BulkLimits } from '../../src/port/bulk.js';
import {
  bulkText,
  type OutgoingEntity,
  writtenEntity,
  type WrittenEntity,
} from '../../src/port/catalog-entity.js';
import { anyCharacter } from '../world/any-character.js';

const entity = (identifier: string, text = ''): WrittenEntity =>
  writtenEntity({ identifier, properties: { text }, relations: {} });
const bytesOf = (bulk: readonly WrittenEntity[]): number => Buffer.byteLength(bulkText(bulk));
const entities = (count: number): WrittenEntity[] =>
  Array.from({ length: count }, (_, index) => entity(`entity-${index}`));
const sizes = (bulks: readonly (readonly unknown[])[]): number[] =>
  bulks.map((bulk) => bulk.length);

describe('bulksOf', () => {
  it.each([
    { count: 0, expected: [] },
    { count: 1, expected: [1] },
    { count: 20, expected: [20] },
    { count: 21, expected: [20, 1] },
    { count: 45, expected: [20, 20, 5] },
  ])('divides $count small entities into $expected', ({ count, expected }) => {
    expect(sizes(bulksOf(entities(count)))).toEqual(expected);
  });

  it('keeps the whole body below 1 MiB', () => {
    const large = Array.from({ length: 5 }, (_, index) =>
      entity(`e${index}`, 'x'.repeat(400 * 1024)),
    );
    expect(sizes(bulksOf(large))).toEqual([2, 2, 1]);
  });

  it('counts bytes, not characters', () => {
    const wide = [entity('a', 'ü'.repeat(300 * 1024)), entity('b', 'ü'.repeat(300 * 1024))];
    expect(sizes(bulksOf(wide))).toEqual([1, 1]);
  });

  it('fills a body to its last byte', () => {
    const pair = [entity('a', 'first'), entity('b', 'second')];
    const bytes = bytesOf(pair);
    const within = (maximumBytes: number): number[] =>
      sizes(bulksOf(pair, { maximumEntities: 20, maximumBytes }));
    expect(within(bytes)).toEqual([2]);
    expect(within(bytes - 1)).toEqual([1, 1]);
  });

  it('sends an entity that is too large for any bulk alone, and the others as ever', () => {
    const huge = entity('huge', 'x'.repeat(2 * 1024 * 1024));
    const bulks = bulksOf([...entities(3), huge, ...entities(2)]);
    expect(sizes(bulks)).toEqual([3, 1, 2]);
    expect(bulks[1]).toEqual([huge]);
  });

  it('gives every entity exactly once, in order, in bulks that keep the limits', () => {
    const someEntity = fc.record({
      identifier: fc.string({ minLength: 1, unit: 'grapheme' }),
      title: fc.option(fc.string({ unit: anyCharacter })),
      properties: fc.dictionary(fc.string(), fc.option(fc.string({ unit: 'grapheme' }))),
      relations: fc.dictionary(fc.string(), fc.array(fc.string())),
    });
    const someLimits = fc.record({
      maximumEntities: fc.integer({ min: 1, max: 8 }),
      maximumBytes: fc.integer({ min: 1, max: 800 }),
    });
    fc.assert(
      fc.property(fc.array(someEntity), someLimits, (some, limits: BulkLimits) => {
        const all = some.map(writtenEntity);
        const bulks = bulksOf(all, limits);
        expect(bulks.flat()).toEqual(all);
        for (const bulk of bulks) {
          expect(bulk.length).toBeGreaterThan(0);
          expect(bulk.length).toBeLessThanOrEqual(limits.maximumEntities);
          const bytes = bytesOf(bulk);
          if (bulk.length > 1) expect(bytes).toBeLessThanOrEqual(limits.maximumBytes);
        }
        // No two neighbours would have fitted into one.
        for (const [index, bulk] of bulks.entries()) {
          const first = bulks[index + 1]?.[0];
          if (first === undefined || bulk.length === limits.maximumEntities) continue;
          const bytes = bytesOf([...bulk, first]);
          expect(bytes).toBeGreaterThan(limits.maximumBytes);
        }
      }),
    );
  });
});

describe('a bulk buffer', () => {
  it('gives a bulk as soon as it is full', () => {
    const buffer = new BulkBuffer({ maximumEntities: 2, maximumBytes: 1_000 });
    const [a, b, c] = [entity('a'), entity('b'), entity('c')];
    expect(buffer.add(a)).toBeNull();
    expect(buffer.add(b)).toEqual([a, b]);
    expect(buffer.add(c)).toBeNull();
    expect(buffer.flush()).toEqual([c]);
    expect(buffer.flush()).toBeNull();
  });

  it('carries what belongs to an entity along, and does not send it', () => {
    const buffer = new BulkBuffer<WrittenEntity & { link: string }>();
    const item = { ...entity('a'), link: 'https://bitbucket.test/a' };
    buffer.add(item);
    expect(buffer.flush()?.[0]).toBe(item);
    expect(JSON.parse(bulkText([item]))).toEqual({
      entities: [{ identifier: 'a', properties: { text: '' }, relations: {} }],
    });
  });
});

describe('an entity on its way', () => {
  it.each<[string, Partial<OutgoingEntity>, object]>([
    ['a title', { title: 'T' }, { title: 'T' }],
    ['no title', { title: null }, {}],
    ['no icon', { icon: null }, {}],
    ['a team', { team: 'ops' }, { team: 'ops' }],
    ['no team', { team: null }, { team: [] }],
    ['an empty title', { title: '' }, { title: '' }],
    ['a cleared property', { properties: { url: null } }, { properties: { url: null } }],
    ['a cleared relation', { relations: { owner: null } }, { relations: { owner: null } }],
    [
      'a search query for an identifier',
      { identifier: { combinator: 'and', rules: [] } },
      { identifier: { combinator: 'and', rules: [] } },
    ],
  ])('is told as the route takes it: %s', (_, fields, expected) => {
    const bare = { identifier: 'a', properties: {}, relations: {} };
    const { text } = writtenEntity({ ...bare, ...fields });
    expect(JSON.parse(text)).toEqual({ ...bare, ...expected });
  });
});
